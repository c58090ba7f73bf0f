package cnnlib

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// someLayers is the network layers in their different ways to compute, and some
// that are like them.
var someLayers = []struct {
	l  Layer
	in []int
}{
	{AdaptiveAvgPool{Size: 3}, []int{5, 6, 2}}, {AdaptiveMaxPool{Sizes: []int{2, 4}}, []int{4, 3, 2}}, {AdaptiveAvgPool{Size: 2}, []int{4, 6, 2}},
	{ReLU6{}, []int{3, 2, 2}}, {HardSigmoid{}, []int{3, 2, 2}}, {HardSwish{}, []int{3, 2, 2}}, {PReLU{}, []int{3, 2, 2}}, {PReLU{PerChannel: true}, []int{5}},
	{SoftmaxLayer{}, []int{2, 2, 3}}, {LogSoftmaxLayer{}, []int{4}}, {GroupNorm{Groups: 2}, []int{2, 3, 4}}, {InstanceNorm{Affine: true}, []int{2, 3, 2}},
	{LayerNorm{}, []int{2, 2, 5}}, {LocalResponseNorm{Size: 4}, []int{2, 1, 7}}, {Upsample{Factor: 2}, []int{3, 2, 2}},
	{Upsample{Factor: 3, Linear: true}, []int{3, 2, 2}}, {Upsample{Factor: 2, Linear: true}, []int{3, 4, 1}}, {Upsample{Size: 5, Linear: true, AlignCorners: true}, []int{3, 4, 2}},
	{Upsample{Factor: 1.5}, []int{3, 4, 2}}, {Upsample{Factor: 0.6, Linear: true}, []int{5, 4, 1}}, {Pad{Sides: [][2]int{{1, 2}, {0, 1}}}, []int{2, 3, 2}},
	{Pad{Size: 2, Mode: PadReflect}, []int{3, 4, 1}}, {Pad{Size: 2, Mode: PadReplicate}, []int{2, 3, 1}}, {ChannelSlice{From: 1, To: 3}, []int{2, 2, 4}},
	{MaxPool{Size: 2}, []int{4, 4, 2}}, {AvgPool{Size: 3, Stride: 2, Padding: 1}, []int{5, 4, 2}}, {ELU{}, []int{3, 2, 2}}, {GlobalMaxPool{}, []int{2, 3, 2}},
}

// TestReachAndSpanAreWhereGradientsGo: an output number changes with the input
// numbers that Reach and the receptive field name, and with no other.
func TestReachAndSpanAreWhereGradientsGo(t *testing.T) {
	b := labtest.Go(t)
	for _, c := range someLayers {
		info, err := c.l.Check(c.in)
		if err != nil {
			t.Fatalf("%s: %v", c.l.Name(), err)
		}
		reach, err := Sequential{c.l}.Reach(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.l.Name(), err)
			continue
		}
		changes := derivatives(t, b, c.l, info, c.in)
		channels, outs := c.in[len(c.in)-1], info.Output[len(info.Output)-1]
		found := GroupReach(channels, outs, 1)
		for o := range found {
			clear(found[o])
		}
		for o, row := range changes {
			at := unravel(o, info.Output)
			var from, to []int
			if len(info.Output) == len(c.in) && len(c.in) > 1 {
				if from, to, err = (Sequential{c.l}).Sees(c.in, "0", at[:len(at)-1]...); err != nil {
					t.Errorf("%s: %v", c.l.Name(), err)
					break
				}
			}
			for i, d := range row {
				if d == 0 {
					continue
				}
				place := unravel(i, c.in)
				found[at[len(at)-1]][place[len(place)-1]] = true
				for axis := range from {
					if place[axis] < from[axis] || place[axis] > to[axis] {
						t.Fatalf("%s: output %v changes with input %v, it is said to see %v to %v", c.l.Name(), at, place, from, to)
					}
				}
			}
		}
		for o := range found {
			if !slices.Equal(found[o], reach[o]) {
				t.Errorf("%s: output channel %d changes with %v, its reach is %v", c.l.Name(), o, found[o], reach[o])
			}
		}
	}
}

func unravel(i int, dims []int) []int {
	at := make([]int, len(dims))
	for axis := len(dims) - 1; axis >= 0; axis-- {
		at[axis], i = i%dims[axis], i/dims[axis]
	}
	return at
}

// derivatives gives, for each output number of one example, those with respect
// to each input number: example o of a batch has the adjoint 1 at output o.
func derivatives(t *testing.T, b compute.Backend, l Layer, info Info, in []int) [][]float32 {
	t.Helper()
	inputs, outputs := geometry.Volume(in), geometry.Volume(info.Output)
	x := numbersOf(randoms(rand.New(rand.NewPCG(5, 6)), in...))
	one := make([]float32, outputs*outputs)
	for o := range outputs {
		one[o*outputs+o] = 1
	}
	store := model.NewStore()
	addWeights(store.Scope("/layer"), info)
	got, err := model.CallOnce(b, store, func(_ *model.Scope, x, v *graph.Node) *graph.Node {
		return graph.Gradient(graph.ReduceAllSum(graph.Mul(l.Build(store.Scope("/layer"), x), v)), x)[0]
	}, tensors.FromFlatDataAndDimensions(slices.Repeat(x, outputs), append([]int{outputs}, in...)...),
		tensors.FromFlatDataAndDimensions(one, append([]int{outputs}, info.Output...)...))
	if err != nil {
		t.Fatalf("%s: %v", l.Name(), err)
	}
	return slices.Collect(slices.Chunk(numbersOf(got), inputs))
}

func numbersOf(t *tensors.Tensor) []float32 { return tensors.MustCopyFlatData[float32](t) }

// addWeights gives a layer without parts first values, in scope.
func addWeights(scope *model.Scope, info Info) {
	for i, w := range info.Weights {
		scope.VariableWithValue(w.Name, tensors.FromFlatDataAndDimensions(w.first(1, 0, i), w.Shape...)).SetTrainable(!w.State)
	}
}

// TestLayersTakeBFloat16: they keep the type, come near to float32's results,
// and have gradients.
func TestLayersTakeBFloat16(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		rng := rand.New(rand.NewPCG(7, 8))
		store := model.NewStore()
		scopes, infos, inputs := make([]*model.Scope, len(someLayers)), make([]Info, len(someLayers)), make([]any, len(someLayers))
		for i, c := range someLayers {
			infos[i], _ = c.l.Check(c.in)
			scopes[i] = store.Scope(fmt.Sprintf("/layer%d", i))
			addWeights(scopes[i], infos[i])
			inputs[i] = randoms(rng, append([]int{1}, c.in...)...)
		}
		got, err := model.CallOnceN(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
			var all []*graph.Node
			for i, c := range someLayers {
				all = append(all, c.l.Build(scopes[i], in[i]))
				for _, w := range infos[i].Weights { // as in Model.Logits
					v := scopes[i].GetVariable(w.Name)
					v.SetNodeValue(graph.ConvertDType(v.NodeValue(in[i].Graph()), dtypes.BFloat16))
				}
				x := graph.ConvertDType(in[i], dtypes.BFloat16)
				short := c.l.Build(scopes[i], x)
				if short.DType() != dtypes.BFloat16 {
					t.Errorf("%s makes %s of bfloat16", c.l.Name(), short.DType())
				}
				for _, w := range infos[i].Weights {
					v := scopes[i].GetVariable(w.Name)
					v.SetNodeValue(graph.ConvertDType(v.NodeValue(in[i].Graph()), dtypes.Float32))
				}
				short = graph.ConvertDType(short, dtypes.Float32)
				all = append(all, short, graph.ConvertDType(graph.Gradient(graph.ReduceAllSum(short), x)[0], dtypes.Float32))
			}
			return all
		}, inputs...)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range someLayers {
			y, short := numbersOf(got[3*i]), numbersOf(got[3*i+1])
			for k := range y {
				if !(math.Abs(float64(y[k]-short[k])) <= 0.03*(1+math.Abs(float64(y[k])))) {
					t.Errorf("%s: value %d is %g in bfloat16, %g in float32", c.l.Name(), k, short[k], y[k])
					break
				}
			}
		}
	})
}

// TestNaNStaysNaN: no activation hides one.
func TestNaNStaysNaN(t *testing.T) {
	all := []Layer{ReLU{}, ReLU6{}, LeakyReLU{}, PReLU{}, ELU{}, GELU{}, SiLU{}, Sigmoid{}, Tanh{}, HardSigmoid{}, HardSwish{}, Scale{By: 2}, Dropout{}}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		store := model.NewStore()
		store.Scope("/layer").VariableWithValue("weight", []float32{0.25})
		nan := float32(math.NaN())
		got, err := model.CallOnceN(b, store, func(_ *model.Scope, x *graph.Node) []*graph.Node {
			var ys []*graph.Node
			for _, l := range all {
				ys = append(ys, l.Build(store.Scope("/layer"), x))
			}
			return ys
		}, [][]float32{{-1, nan, 7, nan, nan, 2, 3, 4, -5, nan}})
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range all {
			for k, v := range numbersOf(got[i]) {
				if (v != v) != (k == 1 || k == 3 || k == 4 || k == 9) {
					t.Errorf("%s: value %d is %g", l.Name(), k, v)
				}
			}
		}
	})
}

func TestNetworkLayersRefuse(t *testing.T) {
	images, nan := []int{4, 5, 6}, math.NaN()
	for want, c := range map[string]struct {
		l  Layer
		in []int
	}{
		"height: the output's size must be at least 1, got 0": {AdaptiveAvgPool{}, images},
		"set either Size or Sizes, not both":                  {AdaptiveMaxPool{Size: 2, Sizes: []int{1, 1}}, images},
		"there are 3 Sizes, the input has 2 spatial axes":     {AdaptiveMaxPool{Sizes: []int{1, 2, 3}}, images},
		"width: the output's size must be at least 1, got -4": {AdaptiveAvgPool{Sizes: []int{1, -4}}, images},
		"is too large": {AdaptiveAvgPool{Size: math.MaxInt32}, images},
		"needs images": {InstanceNorm{}, []int{6}},
		"6 channels cannot be split into 4 groups":                    {GroupNorm{Groups: 4}, images},
		"6 channels cannot be split into 0 groups":                    {GroupNorm{}, images},
		"epsilon must be above 0, got -1":                             {GroupNorm{Groups: 1, Epsilon: -1}, images},
		"epsilon must be above 0, got NaN":                            {LayerNorm{Epsilon: nan}, images},
		"epsilon must be above 0, got +Inf":                           {InstanceNorm{Epsilon: math.Inf(1)}, images},
		"size must be at least 1 channel, got 0":                      {LocalResponseNorm{}, images},
		"alpha must be a finite number above 0, got -1":               {LocalResponseNorm{Size: 5, Alpha: -1}, images},
		"beta must be a finite number above 0, got NaN":               {LocalResponseNorm{Size: 5, Beta: nan}, images},
		"k must be a finite number above 0, got -2":                   {LocalResponseNorm{Size: 5, K: -2}, images},
		"set one of Factor, Factors, Size and Sizes, got 0 of them":   {Upsample{}, images},
		"set one of Factor, Factors, Size and Sizes, got 2 of them":   {Upsample{Factor: 2, Sizes: []int{1, 1}}, images},
		"AlignCorners is for Linear only":                             {Upsample{Factor: 2, AlignCorners: true}, images},
		"there are 1 Factors, the input has 2 spatial axes":           {Upsample{Factors: []float64{2}}, images},
		"height: a factor of -2 makes -8 pixels of 4":                 {Upsample{Factor: -2}, images},
		"height: a factor of 0.2 makes 0.8 pixels of 4":               {Upsample{Factor: 0.2}, images},
		"height: a factor of NaN makes NaN pixels of 4":               {Upsample{Factor: nan}, images},
		"height: a factor of +Inf makes +Inf pixels of 4":             {Upsample{Factor: math.Inf(1)}, images},
		"width: the output's size must be at least 1, got -1":         {Upsample{Sizes: []int{1, -1}}, images},
		"height: padding must not be negative, got -1 before and -1":  {Pad{Size: -1}, images},
		"width: padding 0 before and 4294967296 after is too large":   {Pad{Sides: [][2]int{{0, 0}, {0, 1 << 32}}}, images},
		"height: 4 pixels have no reflection of 4 before and 4 after": {Pad{Size: 4, Mode: PadReflect}, images},
		"there is no padding mode 3":                                  {Pad{Mode: 3}, images},
		"a value, 2, is for PadConstant only":                         {Pad{Size: 1, Mode: PadReplicate, Value: 2}, images},
		"there are Sides for 1 spatial axes, the input has 2":         {Pad{Sides: [][2]int{{1, 1}}}, images},
		"set either Size or Sides, not both":                          {Pad{Size: 1, Sides: [][2]int{{1, 1}, {1, 1}}}, images},
		"there are no channels 2 to 6 among 6":                        {ChannelSlice{From: 2, To: 7}, images},
		"there are no channels 6 to 5 among 6":                        {ChannelSlice{From: 6}, images},
		"there are no channels -1 to 1 among 6":                       {ChannelSlice{From: -1, To: 2}, images},
	} {
		_, err := Sequential{c.l}.Check(c.in)
		wantError(t, err, want)
	}
}

func TestNetworkLayersAreNamed(t *testing.T) {
	for want, c := range map[string]struct {
		l    Layer
		axes int
	}{
		"AdaptiveAvgPool 7x7": {AdaptiveAvgPool{Size: 7}, 2}, "AdaptiveMaxPool 7": {AdaptiveMaxPool{Size: 7}, 1}, "AdaptiveAvgPool 2x3": {AdaptiveAvgPool{Sizes: []int{2, 3}}, 2},
		"GroupNorm g8": {GroupNorm{Groups: 8}, 2}, "PReLU per channel": {PReLU{PerChannel: true}, 2}, "LocalResponseNorm 5": {LocalResponseNorm{Size: 5}, 2},
		"Upsample x2 bilinear": {Upsample{Factor: 2, Linear: true}, 2}, "Upsample x1.5 trilinear": {Upsample{Factor: 1.5, Linear: true}, 3},
		"Upsample to 7 linear": {Upsample{Size: 7, Linear: true}, 1}, "Upsample to 7x9": {Upsample{Sizes: []int{7, 9}}, 2}, "Upsample x2,x3": {Upsample{Factors: []float64{2, 3}}, 2},
		"Upsample x2 bilinear corners": {Upsample{Factor: 2, Linear: true, AlignCorners: true}, 2},
		"Pad 1":                        {Pad{Size: 1}, 2}, "Pad 1 reflect": {Pad{Size: 1, Mode: PadReflect}, 2}, "Pad 1+0x2+1 replicate": {Pad{Sides: [][2]int{{1, 0}, {2, 1}}, Mode: PadReplicate}, 2},
		"Pad 1 with -3": {Pad{Size: 1, Value: -3}, 2}, "ChannelSlice 2:": {ChannelSlice{From: 2}, 2}, "ChannelSlice 0:3": {ChannelSlice{To: 3}, 2},
		"Softmax": {SoftmaxLayer{}, 0}, "LogSoftmax": {LogSoftmaxLayer{}, 0},
	} {
		if got := nameOf(c.l, make([]int, c.axes+1)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestResizedBranchesJoin: a U-Net need not know whether its pools drop a row.
func TestResizedBranchesJoin(t *testing.T) {
	down := Sequential{MaxPool{Size: 2}, Conv{Out: 2, Kernel: 3, Same: true}}
	for size, kind := range map[int]Layer{15: Upsample{Size: 15}, 7: Upsample{Size: 7, Linear: true}, 16: Upsample{Factor: 2}} {
		net := Sequential{Branches{Layers: []Layer{nil, append(down[:2:2], kind)}}, Conv{Out: 1, Kernel: 3, Same: true}}
		info, err := net.Check([]int{size, size, 2})
		if err != nil || !slices.Equal(info.Output, []int{size, size, 1}) {
			t.Errorf("%d pixels: %v, %v", size, info.Output, err)
		}
	}
	_, err := (Sequential{Branches{Layers: []Layer{AdaptiveAvgPool{Size: 7}, Conv{Out: 1, Kernel: 1}}}}).Check([]int{15, 15, 1})
	wantError(t, err, "branch 0 gives [7 7 1]")
	_, err = (Sequential{Branches{Layers: []Layer{AdaptiveAvgPool{Size: 7}, Conv{Out: 1, Kernel: 9}}}}).Check([]int{15, 15, 1})
	wantError(t, err, "branch 0 has a stride of 2.142857142857143, branch 1 one of 1")
}
