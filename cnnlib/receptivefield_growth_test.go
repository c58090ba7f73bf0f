package cnnlib

import (
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// silent is a layer that tells neither a window nor a span.
type silent struct{}

func (silent) Name() string                                    { return "Silent" }
func (silent) Check(in []int) (Info, error)                    { return Info{Output: in}, nil }
func (silent) Build(_ *model.Scope, x *graph.Node) *graph.Node { return x }

// TestReceptiveFields: size, jump and start of the field behind layers in series and in
// parallel, along the height of 32x32 pixels.
func TestReceptiveFields(t *testing.T) {
	conv := func(kernel, stride, padding int) Conv {
		return Conv{Out: 2, Kernel: kernel, Stride: stride, Padding: padding}
	}
	for name, c := range map[string]struct {
		net  Sequential
		want ReceptiveField
	}{
		"three of 3x3":           {Sequential{conv(3, 1, 0), conv(3, 1, 0), conv(3, 1, 0)}, ReceptiveField{7, 1, 0}},
		"two with stride 2":      {Sequential{conv(3, 2, 0), conv(3, 2, 0)}, ReceptiveField{7, 4, 0}},
		"with padding":           {Sequential{conv(3, 1, 1), ReLU{}, conv(5, 1, 2)}, ReceptiveField{7, 1, -3}},
		"a convolution, a pool":  {Sequential{conv(3, 1, 0), MaxPool{Size: 2}}, ReceptiveField{4, 2, 0}},
		"the hull of branches":   {Sequential{Branches{Layers: []Layer{conv(3, 1, 1), conv(5, 1, 2)}}}, ReceptiveField{5, 1, -2}},
		"half a pixel per unit":  {Sequential{Upsample{Factor: 2}}, ReceptiveField{1, 0.5, 0}},
		"uneven cells, the most": {Sequential{AdaptiveAvgPool{Size: 6}}, ReceptiveField{6, 32.0 / 6, 0}}, // 0 to 5, 5 to 10, 10 to 15 …
	} {
		got, err := c.net.ReceptiveField([]int{32, 32, 3}, "")
		if err != nil || len(got) != 2 || got[0] != c.want || got[1] != c.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
	}
	_, err := Sequential{conv(3, 1, 0), silent{}}.ReceptiveField([]int{32, 32, 3}, "1")
	wantError(t, err, "layer 1 (Silent): it does not tell what its units see")
	_, err = Sequential{GlobalAvgPool{}}.ReceptiveField([]int{32, 32, 3}, "")
	wantError(t, err, "its units see the whole input")
}

// TestReceptiveFieldIsWhatUnitsSee: no unit sees more than the field says, and one sees
// as much.
func TestReceptiveFieldIsWhatUnitsSee(t *testing.T) {
	in := []int{23, 23, 1}
	for _, net := range []Sequential{
		{Conv{Out: 1, Kernel: 3, Stride: 2}, TransposedConv{Out: 1, Kernel: 3, Stride: 2}}, {Pad{Size: 2, Mode: PadReflect}, Conv{Out: 1, Kernel: 5}},
		{AdaptiveMaxPool{Size: 7}, Conv{Out: 1, Kernel: 2}}, {Residual(Conv{Out: 1, Kernel: 3, Same: true}, ReLU{}, Conv{Out: 1, Kernel: 3, Same: true})},
	} {
		info, err := net.Check(in)
		if err != nil {
			t.Fatal(err)
		}
		field, err := net.ReceptiveField(in, "")
		if err != nil {
			t.Fatal(err)
		}
		var sizes []int
		for unit := range info.Output[0] {
			from, to, err := net.Sees(in, "", unit, unit)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, to[0]-from[0]+1)
		}
		if most := slices.Max(sizes); most != field[0].Size {
			t.Errorf("%v: units see %d pixels at most, the field says %d", net, most, field[0].Size)
		}
	}
}
