package convviz

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

// TestGrowthThroughBranches compares the note under the drawing, and what a
// unit is said to see on an image, with plain arithmetic for random networks.
func TestGrowthThroughBranches(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(217, 218))
	inside := 0
	for drawn := 0; drawn < drawings; {
		in, e := told{h: 6 + rng.IntN(20), w: 6 + rng.IntN(20), c: 1 + rng.IntN(8), jump: 1}, expected{}
		net, o := randomUnit(rng, in, 1+rng.IntN(8), 1+rng.IntN(2), &e)
		block, o := randomBlock(rng, o, 2, &e)
		net = append(net, block)
		net, shape := append(net, cnnlib.ReLU{}), []int{in.h, in.w, in.c}
		if o.all {
			continue
		}
		drawn++
		unit := (o.h - 1) / 2
		first, last := unit*o.jump+o.first, unit*o.jump+o.last
		p, err := ReceptiveField(net, shape)
		texts := printed(t, p, err)
		note := fmt.Sprintf(" sees %d pixels, rows %d to %d", last-first+1, first, last)
		if i := slices.IndexFunc(texts, func(s string) bool { return strings.HasSuffix(s, note) }); i < 0 || !strings.HasPrefix(texts[i], fmt.Sprintf("unit %d of ", unit)) {
			t.Fatalf("%#v on %v: no %q in %q", net, shape, note, texts)
		}
		line, plane := fmt.Sprintf("%d of %d", last-first+1, in.h), fmt.Sprintf("%dx%d of %dx%d", last-first+1, o.last-o.first+1, in.h, in.w)
		if !slices.Contains(texts, line) && !slices.Contains(texts, plane) {
			t.Fatalf("%#v on %v: neither %q nor %q in %q", net, shape, line, plane, texts)
		}
		column := rng.IntN(o.w)
		left, right := column*o.jump+o.first, column*o.jump+o.last
		if first >= 0 && last < in.h && left >= 0 && right < in.w { // no padding in between
			p, err = ReceptiveFieldOn(net, shape, image.NewGray(image.Rect(0, 0, in.w, in.h)), "", unit, column)
			wantTexts(t, net, printed(t, p, err), fmt.Sprintf("rows %d to %d, columns %d to %d", first, last, left, right))
			inside++
		}
	}
	if inside < drawings/10 {
		t.Errorf("%d fields were inside the image", inside)
	}
}

func TestFieldsOfBranches(t *testing.T) {
	in := []int{16, 16, 4}
	inBoth(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			net cnnlib.Sequential
			say []string
		}{
			"excited": {branching(), []string{"Conv 16@3x3", sayf("unit %d of %s sees %d pixels, rows %d to %d", 7, "2 Sum", 7, 4, 10)}}, // up to the Product, which sees all
			"unet":    {unet(), []string{"MaxPool 2x2", "Conv 32@3x3", sayf("unit %d of %s sees %d pixels, rows %d to %d", 7, "Conv 2@1x1", 30, -7, 22)}},
			"cells":   {cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.AdaptiveAvgPool{Size: 4}}, []string{sayf("%s of %s", "4x4", "14x14")}},
		} {
			p, err := ReceptiveField(c.net, in)
			all := picturetest.Check(t, p, err)
			look(t, "field-"+name, p)
			wantTexts(t, name, picturetest.Texts(all), c.say...)
		}
		for path, title := range map[cnnlib.Path]string{"0": "Conv 16@3x3", "1": "Conv 16@3x3", "2.1.1": "Conv 16@3x3", "2.1": "Sequential", "2": "Sum", "3": "Sum"} {
			p, err := ReceptiveFieldOn(branching(), in, image.NewGray(image.Rect(0, 0, 16, 16)), path, 2, 3)
			wantTexts(t, path, printed(t, p, err), sayf("What unit %d, %d of %s sees", 2, 3, title))
		}
	})
	if _, err := ReceptiveField(append(blocks(20), cnnlib.Conv{Out: 1, Kernel: 3}), in); err == nil || !strings.Contains(err.Error(), "too many to draw: draw fewer") {
		t.Errorf("41 layers: %v", err)
	}
	se := branching()[4]
	if _, err := ReceptiveField(cnnlib.Sequential{se}, []int{8, 8, 16}); err == nil || !strings.Contains(err.Error(), "no layer with a window whose units see less than the whole input") {
		t.Errorf("squeeze-and-excitation alone: %v", err)
	}
	if _, err := ReceptiveFieldOn(branching(), in, image.NewGray(image.Rect(0, 0, 16, 16)), "6.1", 0, 0); err == nil || !strings.Contains(err.Error(), "see the whole input") {
		t.Errorf("a unit that sees all: %v", err)
	}
}
