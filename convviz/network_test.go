package convviz

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestNetwork(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, net := range map[string]cnnlib.Sequential{"3.1": nets.LeNet(), "3.2": nets.LessonNet()} {
			p, err := Network(net, nets.CIFARInput())
			all := picturetest.Check(t, p, err)
			look(t, "network"+name[2:], p)
			texts := strings.Join(picturetest.Texts(all), "\n")
			sum, err := net.Summary(nets.CIFARInput())
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range sum.Rows {
				if !strings.Contains(texts, row.Layer) {
					t.Errorf("%s: no layer %s in %s", name, row.Layer, texts)
				}
			}
			for _, want := range map[string][]string{"3.1": {"81,302", "371,856", "30x30x6", "13x13x16", "576"},
				"3.2": {"11,585,546", "18,552,192", "4608", "36,992"}}[name] {
				if !strings.Contains(texts, want) {
					t.Errorf("%s: no %s in %s", name, want, texts)
				}
			}
		}
		p, err := Network(nets.LeNet(), nets.CIFARInput())
		picturetest.Check(t, p, err)
		picturetest.Golden(t, "network-"+Language(), p.PNG)
	})
	if _, err := Network(nil, nets.CIFARInput()); err == nil {
		t.Error("a drawing of no network")
	}
	if _, err := Network(nets.LeNet(), []int{4, 4, 3}); err == nil {
		t.Error("a drawing of a network that its input does not fit")
	}
}

// hexOf is a colour as an SVG has it.
func hexOf(c draw.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// TestSheetsAndLanes counts what stands for channels in random chains: a sheet
// each up to eight, red, green and blue of a photo, two stacks for two groups.
func TestSheetsAndLanes(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(407, 408))
	for range drawings {
		channels, groups := 1+rng.IntN(8), 1+rng.IntN(4)
		net := cnnlib.Sequential{cnnlib.Conv{Out: groups * (1 + rng.IntN(3)), Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
			cnnlib.Conv{Out: groups * channels, Kernel: 1, Groups: groups}}
		p, err := Network(net, []int{16, 16, 3})
		all := picturetest.Check(t, p, err)
		fills := map[string]int{}
		for _, e := range picturetest.Of(all, "rect") {
			fills[e.Attr["fill"]]++
		}
		first := net[0].(cnnlib.Conv).Out / groups
		for i := range groups {
			hue := draw.Color(draw.Blue)
			if groups > 1 {
				hue = draw.LaneHue(i)
			}
			want := 2*first + channels // the first layer, its pool, the second
			if got := fills[hexOf(draw.Tint(hue, 0.22))]; got != want {
				t.Fatalf("%d groups of %d and %d channels: %d sheets in lane %d, want %d", groups, first, channels, got, i, want)
			}
		}
		for i, c := range draw.RGB {
			if fills[hexOf(draw.Tint(c, 0.22))] != 1 {
				t.Fatalf("the photo's plane %d is there %d times", i, fills[hexOf(draw.Tint(c, 0.22))])
			}
		}
	}
}
