package cnnlib

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"pgregory.net/rapid"
)

// block is a network with a residual, a dense block, squeeze-and-excitation, a
// way down and up again, and names of its own.
func block() Sequential {
	conv := func(out int) Conv { return Conv{Out: out, Kernel: 3, Same: true} }
	return Sequential{
		Named("stem", conv(4)),
		Residual(conv(4), BatchNorm{}, ReLU{}),
		Branches{Layers: []Layer{nil, Sequential{conv(2), ReLU{}}}},
		Branches{Layers: []Layer{nil, Named("se", Sequential{GlobalAvgPool{}, Dense{Out: 6}, Sigmoid{}})}, Join: Product},
		Named("", Sequential{Named("body", Branches{Layers: []Layer{
			nil, Sequential{MaxPool{Size: 2}, conv(3), TransposedConv{Out: 3, Kernel: 2, Stride: 2}},
		}})}),
		GlobalAvgPool{}, Dense{Out: 5},
	}
}

func TestBranchesFromOneValue(t *testing.T) {
	net, in := block(), []int{8, 8, 3}
	root, err := Resolve(net, in)
	if err != nil {
		t.Fatal(err)
	}
	var places, names []string
	for _, p := range root.Steps() {
		places = append(places, fmt.Sprintf("%s %s", p.Path, p.Title()))
		if len(p.Parts) == 0 && len(p.Info.Weights) > 0 {
			names = append(names, p.Name)
		}
	}
	want := []string{"0 Conv 4@3x3", "1.1.0 Conv 4@3x3", "1.1.1 BatchNorm", "1.1.2 ReLU", "1 Sum", "2.1.0 Conv 2@3x3", "2.1.1 ReLU", "2 Concat",
		"3.1.0 GlobalAvgPool", "3.1.1 Dense 6", "3.1.2 Sigmoid", "3 Product", "4.0.1.0 MaxPool 2x2", "4.0.1.1 Conv 3@3x3", "4.0.1.2 TransposedConv 3@2x2 s2", "4.0 Concat",
		"5 GlobalAvgPool", "6 Dense 5"}
	if !slices.Equal(places, want) {
		t.Errorf("steps\n%s, want\n%s", strings.Join(places, "\n"), strings.Join(want, "\n"))
	}
	if want := []string{"stem", "1.1.0", "1.1.1", "2.1.0", "3.se.1", "body.1.1", "body.1.2", "6"}; !slices.Equal(names, want) {
		t.Errorf("names %q, want %q", names, want)
	}
	sum, err := net.Summary(in)
	if err != nil {
		t.Fatal(err)
	}
	params := map[Path]int64{"1": 156, "1.1": 156, "1.1.0": 148, "4": 6*9*3*3/3 + 3 + 3*3*4 + 3, "6": 9*5 + 5}
	for _, row := range sum.Rows {
		if want, ok := params[row.Path]; ok && row.Params != want {
			t.Errorf("%s has %d params, want %d", row.Path, row.Params, want)
		}
	}
	if text := sum.String(); !strings.Contains(text, "\n  1.1.0  ") && !strings.Contains(text, "\n    1.1.0") {
		t.Errorf("parts are not indented:\n%s", text)
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		m, err := New(b, net, in, Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		pixels := noise(8 * 8 * 3)
		logits, err := m.Predict(pixels, 1)
		if err != nil {
			t.Fatal(err)
		}
		all, err := m.Activations(pixels)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range root.Steps() {
			if got := all[i].Shape().Dimensions[1:]; !slices.Equal(got, p.Info.Output) {
				t.Errorf("%s %s gives %v, Check says %v", p.Path, p.Title(), got, p.Info.Output)
			}
			values, shape, err := m.Output(pixels, 1, p.Path)
			if err != nil || !slices.Equal(shape, p.Info.Output) || !close32(values[0], tensors.MustCopyFlatData[float32](all[i])) {
				t.Errorf("output of %s: shape %v, %v", p.Path, shape, err)
			}
		}
		if !close32(logits[0], tensors.MustCopyFlatData[float32](all[len(all)-1])) {
			t.Error("the last step is not the network")
		}
		if cam, h, w, err := m.GradCAM(pixels, "4.0.1.1", 2); err != nil || h != 4 || w != 4 || len(cam) != 16 {
			t.Errorf("Grad-CAM in a branch: %dx%d, %v", h, w, err)
		}
		if _, share, err := m.Blind(pixels, 1); err != nil || share != 0 {
			t.Errorf("blind share %g, %v", share, err)
		}
		if _, err := Compare(t.Context(), m, m, pixels); err != nil {
			t.Error(err)
		}
	})
}

func close32(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-5*(1+math.Abs(float64(b[i]))) {
			return false
		}
	}
	return true
}

func TestWrongBranches(t *testing.T) {
	same := func(out, stride int) Conv { return Conv{Out: out, Kernel: 3, Stride: stride, Same: true} }
	for want, net := range map[string]Sequential{
		"layer 0.1.1 (Conv 5@3x3 g5): 4 input channels cannot be split into 5 groups":           {Residual(same(4, 1), Conv{Out: 5, Kernel: 3, Groups: 5})},
		"layer 1 (Sum): branch 0 gives [8 8 3], branch 1 [8 8 4]: Sum needs equal sizes":        {ReLU{}, Residual(same(4, 1))},
		"layer 0 (Concat): branch 0 gives [8 8 3], branch 1 [4 4 3]: Concat joins channels":     {Branches{Layers: []Layer{nil, same(3, 2)}}},
		"layer 0 (Concat): there are no branches":                                               {Branches{}},
		"layer 0 (Join 7): there is no join 7":                                                  {Branches{Layers: []Layer{nil}, Join: 7}},
		"layer 0.1 (Sequential): there are no layers in it":                                     {Residual()},
		"layer 1.0.2 (nil): it is nil":                                                          {ReLU{}, Sequential{Sequential{ReLU{}, ReLU{}, nil}}},
		"along the height branch 0 has a stride of 1, branch 1 one of 2":                        {Branches{Layers: []Layer{Conv{Out: 1, Kernel: 5}, Conv{Out: 1, Kernel: 2, Stride: 2}}, Join: Sum}},
		"layer 0 (twice): two weights are called same/weight":                                   {twice{}},
		"layer 0 (twice): a part is called \"a.b\": the path of a part has no dots and slashes": {twice{"a.b"}},
	} {
		wantError(t, checked(net, []int{8, 8, 3}), want)
	}
}

// TestBranchThroughOneUnit: what is pooled to one unit and enlarged again lies
// where the other branches lie (DeepLab's image-level features).
func TestBranchThroughOneUnit(t *testing.T) {
	for _, side := range []int{3, 6, 7} {
		net := Sequential{Branches{Layers: []Layer{Conv{Out: 2, Kernel: 1}, Sequential{AdaptiveAvgPool{Size: 1}, Upsample{Size: side}}}}}
		info, err := net.Check([]int{side, side, 3})
		if err != nil || !slices.Equal(info.Output, []int{side, side, 5}) {
			t.Errorf("%d pixels: %v, %v", side, info.Output, err)
		}
		if fields, err := net.ReceptiveField([]int{side, side, 3}, ""); err != nil || fields[0].Size < side {
			t.Errorf("%d pixels: %+v, %v", side, fields, err)
		}
	}
}

// twice is a layer whose parts have the same path.
type twice struct{ path string }

func (twice) Name() string { return "twice" }
func (l twice) Parts([]int) (Parts, error) {
	path := l.path
	if path == "" {
		path = "same"
	}
	c := Conv{Out: 3, Kernel: 1}
	return Parts{Layers: []Part{{path, "a", c}, {path, "b", c}}}, nil
}
func (l twice) Check(in []int) (Info, error)                        { return CheckParts(l, in) }
func (l twice) Build(scope *model.Scope, x *graph.Node) *graph.Node { return BuildParts(l, scope, x) }

// anyNet draws a network of layers in series and in parallel whose weights can
// all be positive, so that what is seen has a gradient.
func anyNet(t *rapid.T, depth int) Layer {
	switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
	case kind >= 4 && depth > 0:
		var layers []Layer
		for range rapid.IntRange(1, 3).Draw(t, "layers") {
			layers = append(layers, anyNet(t, depth-1))
		}
		if kind == 4 {
			return Sequential(layers)
		}
		if rapid.Bool().Draw(t, "shortcut") {
			layers = append(layers, nil)
		}
		return Branches{Layers: layers, Join: Join(rapid.IntRange(0, 2).Draw(t, "join"))}
	case kind == 1:
		return AvgPool{Size: rapid.IntRange(1, 3).Draw(t, "size"), Stride: rapid.IntRange(1, 2).Draw(t, "stride")}
	case kind == 2:
		return TransposedConv{Out: 2, Kernel: rapid.IntRange(2, 3).Draw(t, "kernel"), Stride: rapid.IntRange(1, 2).Draw(t, "stride"), NoBias: true}
	case kind == 3:
		return Conv{Out: 2, Kernel: rapid.IntRange(1, 4).Draw(t, "kernel"), Same: true, Groups: rapid.IntRange(1, 2).Draw(t, "groups"), NoBias: true}
	}
	k := rapid.IntRange(1, 3).Draw(t, "kernel")
	return Conv{Out: 2, Kernel: k, Stride: rapid.IntRange(1, 2).Draw(t, "stride"), Padding: rapid.IntRange(0, k-1).Draw(t, "padding"), NoBias: true}
}

// TestAnyNetIsWhatItTells builds random networks and compares shape, receptive
// field and reach with the graph and its gradient.
func TestAnyNetIsWhatItTells(t *testing.T) {
	b := labtest.Go(t)
	rapid.Check(t, func(t *rapid.T) {
		in := []int{rapid.IntRange(4, 9).Draw(t, "height"), rapid.IntRange(4, 9).Draw(t, "width"), 2}
		net := Sequential{anyNet(t, 3), anyNet(t, 2)}
		info, err := net.Check(in)
		if err != nil || geometry.Volume(info.Output) > 600 || len(info.Weights) > 20 {
			t.Skip(err)
		}
		m, err := New(b, net, in, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		for _, w := range info.Weights {
			if err := m.SetWeight("", w.Name, slices.Repeat([]float32{0.5}, geometry.Volume(w.Shape))); err != nil {
				t.Fatal(err)
			}
		}
		pixels := slices.Repeat([]uint8{200}, geometry.Volume(in))
		values, shape, err := m.Output(pixels, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(shape, info.Output) || int64(len(values[0])) != int64(geometry.Volume(info.Output)) {
			t.Fatalf("%#v gives %d numbers, Check says %v", net, len(values[0]), info.Output)
		}
		unit := []int{rapid.IntRange(0, shape[0]-1).Draw(t, "row"), rapid.IntRange(0, shape[1]-1).Draw(t, "column")}
		from, to, err := net.Sees(in, "", unit...)
		if err != nil {
			t.Fatal(err)
		}
		fields, err := net.ReceptiveField(in, "")
		if err != nil {
			t.Fatal(err)
		}
		seen, err := m.InputGradient(pixels, 1, "", unit...)
		if err != nil {
			t.Fatal(err)
		}
		first, last := []int{in[0], in[1]}, []int{-1, -1}
		for i, v := range seen[0] {
			if v != 0 {
				for axis, at := range []int{i / 2 / in[1], i / 2 % in[1]} {
					first[axis], last[axis] = min(first[axis], at), max(last[axis], at)
				}
			}
		}
		for axis := range 2 {
			if last[axis] >= 0 && (first[axis] != from[axis] || last[axis] != to[axis]) {
				t.Fatalf("%#v on %v: unit %v sees %v to %v, its gradient is on %v to %v", net, in, unit, from, to, first, last)
			}
			if size := to[axis] - from[axis] + 1; size > fields[axis].Size {
				t.Fatalf("%#v on %v: unit %v sees %d pixels, the field has %+v", net, in, unit, size, fields[axis])
			}
		}
		reach, err := net.Reach(in)
		if err != nil {
			t.Fatal(err)
		}
		channel := rapid.IntRange(0, shape[2]-1).Draw(t, "channel")
		one, err := m.InputGradient(pixels, 1, "", unit[0], unit[1], channel)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range one[0] {
			if v != 0 && !reach[channel][i%2] {
				t.Fatalf("%#v: channel %d hears input channel %d, Reach says no", net, channel, i%2)
			}
		}
	})
}
