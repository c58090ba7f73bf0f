package convviz

import (
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

// TestNetworksAreFolded draws networks that do not fit as they are.
func TestNetworksAreFolded(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	conv := func(out int) cnnlib.Layer { return cnnlib.Conv{Out: out, Kernel: 3, Same: true} }
	var alike, different, chain cnnlib.Sequential
	for i := range 40 {
		alike = append(alike, cnnlib.Sequential{conv(4), cnnlib.ReLU{}, conv(2)})
		different = append(different, conv(4+i))
		chain = append(chain, cnnlib.Sequential{conv(4), conv(4 + i), conv(3), conv(2), conv(1)})
	}
	deep := cnnlib.Sequential{conv(4)}
	for range 60 {
		deep = cnnlib.Sequential{conv(4), cnnlib.Branches{Layers: []cnnlib.Layer{nil, deep, conv(4)}, Join: cnnlib.Sum}}
	}
	wide := cnnlib.Sequential{conv(4), cnnlib.Branches{Layers: different}, conv(2)}
	in := []int{8, 8, 4}
	for name, c := range map[string]struct {
		net  cnnlib.Sequential
		says []string
	}{
		"blocks in series":   {blocks(40), []string{"1 to 39", "built like 0, 39 times"}},
		"blocks in branches": {cnnlib.Sequential{cnnlib.Branches{Layers: alike}}, []string{"0.1 to 0.39", "built like 0.0, 39 times", "8x8x80"}},
		"many branches":      {wide, []string{"1", "40 layers", "8x8x940"}},
		"deep":               {deep, []string{"114 layers"}},
		"a long chain":       {chain, []string{"built like 0, 39 times", "64,988 params, 4,073,472 MACs"}},
	} {
		p, err := Network(c.net, in)
		all := picturetest.Check(t, p, err)
		picturetest.Apart(t, all)
		wantTexts(t, name, picturetest.Texts(all), c.says...)
		if onCards, total := params(t, all); onCards != total || total == 0 {
			t.Errorf("%s: %d params on cards, %d in all", name, onCards, total)
		}
	}
	p, err := Inside(blocks(40), in, "7.0")
	wantTexts(t, "7.0", printed(t, p, err), "7.0 Sum", "8x8x4", "sees 33x33", "304 params, 18,432 MACs")
	p, err = Inside(cnnlib.Sequential{cnnlib.SeparableConv{Out: 2, Kernel: 3}}, in, "0")
	wantTexts(t, "a layer of parts", printed(t, p, err), "0 SeparableConv 2@3x3", "DepthwiseConv 3x3", "Conv 2@1x1")
	for path, want := range map[cnnlib.Path]string{
		"1":   "too many for one picture: draw the layers one by one with Inside",
		"0":   "layer 0 (Conv 4@3x3) is not made of other layers",
		"1.9": "layer 1.9 (Conv 13@3x3) is not made of other layers",
		"7":   "the network has no layer \"7\"",
	} {
		if _, err := Inside(wide, in, path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("inside %s: %v, want an error with %q", path, err, want)
		}
	}
}
