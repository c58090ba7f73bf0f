package convviz

import (
	"math"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/convviz/internal/picturetest"
)

func TestReceptiveFieldOfTheLesson(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			net  cnnlib.Sequential
			side int
		}{"three": {threeConvs, 7}, "lenet": {nets.LeNet(), 10},
			"strided": {cnnlib.Sequential{cnnlib.Conv{Out: 1, Kernel: 3, Stride: 2}, cnnlib.Conv{Out: 1, Kernel: 3, Stride: 2}, cnnlib.Conv{Out: 1, Kernel: 3, Stride: 2}}, 15}} {
			p, err := ReceptiveField(c.net, nets.CIFARInput())
			all := picturetest.Check(t, p, err)
			look(t, "field-"+name, p)
			if texts := picturetest.Texts(all); !slices.Contains(texts, sayf("%s of %s", dims([]int{c.side, c.side}), "32x32")) {
				t.Errorf("%s: %v", name, texts)
			}
		}
		p, err := ReceptiveFieldOn(nets.LeNet(), nets.CIFARInput(), picture(5), "5", 2, 3)
		all := picturetest.Check(t, p, err)
		look(t, "fieldon", p)
		if texts := picturetest.Texts(all); !slices.Contains(texts, sayf("rows %d to %d, columns %d to %d", 8, 17, 12, 21)) {
			t.Errorf("%v", texts)
		}
		effect := make([]float64, 32*32) // 3 + 2 of 8 are more than half
		effect[8*32+12], effect[9*32+13], effect[17*32+21], effect[12*32+12] = 3, 2, 2, 1
		p, err = EffectiveOn(nets.LeNet(), nets.CIFARInput(), picture(5), effect, "5", 2, 3)
		all = picturetest.Check(t, p, err)
		look(t, "effectiveon", p)
		if texts := picturetest.Texts(all); !slices.Contains(texts, sayf("half of the effect is that of %d pixels", 2)) {
			t.Errorf("%v", texts)
		}
		boxes := 0
		for _, e := range picturetest.Of(all, "rect") {
			if e.Attr["stroke"] == "#d55e00" && e.Float(t, "width") == 120 && e.Float(t, "height") == 120 {
				boxes++
			}
		}
		if boxes != 2 {
			t.Errorf("%d boxes of 10x10 pixels, 2 expected", boxes)
		}
		sum, err := nets.LeNet().Summary(nets.CIFARInput())
		if err != nil {
			t.Fatal(err)
		}
		p, err = Costs(sum, make([]float64, len(sum.Rows)))
		picturetest.Check(t, p, err)
		look(t, "costs", p)
		// Three uniform 3x3 kernels: [1 3 6 7 6 3 1] by itself.
		line := []float64{1, 3, 6, 7, 6, 3, 1}
		var influence []float64
		for _, a := range line {
			for _, b := range line {
				influence = append(influence, a*b)
			}
		}
		p, err = Influence(influence, 7, 7)
		all = picturetest.Check(t, p, err)
		look(t, "influence", p)
		if texts := picturetest.Texts(all); !slices.Contains(texts, sayf("%dx%d pixels; most %.2f %%, first corner %.2f %%", 7, 7, 6.72, 0.14)) {
			t.Errorf("%v", texts)
		}
	})
	for i, bad := range []cnnlib.Sequential{nil, {cnnlib.ReLU{}}, {cnnlib.Flatten{}}} {
		if _, err := ReceptiveField(bad, nets.CIFARInput()); err == nil {
			t.Errorf("field %d was drawn", i)
		}
	}
	for i, bad := range [][]float64{nil, {0}, {math.NaN()}, {-1}, {math.Inf(1)}, {1, 2}} {
		if _, err := Influence(bad, 1, 1); err == nil {
			t.Errorf("influence %d was drawn", i)
		}
	}
	if _, err := ReceptiveFieldOn(nets.LeNet(), nets.CIFARInput(), picture(1), "0", 30, 0); err == nil {
		t.Error("a unit outside the layer")
	}
	for i, bad := range [][]float64{nil, {1}, make([]float64, 1024)} {
		if _, err := EffectiveOn(nets.LeNet(), nets.CIFARInput(), picture(1), bad, "0", 0, 0); err == nil {
			t.Errorf("effect %d was drawn", i)
		}
	}
	if _, err := ReceptiveFieldOn(nets.LeNet(), nets.CIFARInput(), nil, "0", 0, 0); err == nil {
		t.Error("no image")
	}
}
