package cnnlib

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"pgregory.net/rapid"
)

// What is tested here is numbers, and there are hundreds of small graphs: XLA
// need not optimise them, which takes most of the time.
func TestMain(m *testing.M) {
	if os.Getenv("XLA_FLAGS") == "" {
		os.Setenv("XLA_FLAGS", "--xla_backend_optimization_level=0")
	}
	os.Exit(m.Run())
}

// anyConv is a convolution, plain or transposed, with an input that it takes.
type anyConv struct {
	layer convolution
	in    []int
}

var anyConvs = rapid.Custom(func(t *rapid.T) anyConv {
	groups := rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(t, "groups")
	in := []int{}
	var axes []Window
	for range rapid.IntRange(1, 3).Draw(t, "axes") {
		axes = append(axes, Window{
			Kernel: rapid.IntRange(1, 4).Draw(t, "kernel"), Stride: rapid.IntRange(1, 3).Draw(t, "stride"),
			Dilation: rapid.IntRange(1, 3).Draw(t, "dilation"), PadBefore: rapid.IntRange(0, 3).Draw(t, "before"),
			PadAfter: rapid.IntRange(0, 3).Draw(t, "after")})
		in = append(in, rapid.IntRange(1, 7).Draw(t, "size"))
	}
	in = append(in, groups*rapid.IntRange(1, 2).Draw(t, "in"))
	out := groups * rapid.IntRange(1, 3).Draw(t, "out")
	if rapid.Bool().Draw(t, "transposed") {
		var more []int
		for _, w := range axes {
			more = append(more, rapid.IntRange(0, max(w.Stride, w.Dilation)-1).Draw(t, "output padding"))
		}
		return anyConv{TransposedConv{Out: out, Groups: groups, Axes: axes, OutputPaddings: more, NoBias: true}, in}
	}
	return anyConv{Conv{Out: out, Groups: groups, Axes: axes, NoBias: true}, in}
})

func (c anyConv) apply(x, kernel *graph.Node) *graph.Node {
	if t, ok := c.layer.(TransposedConv); ok {
		return ConvolveTransposed(x, kernel, t)
	}
	return Convolve(x, kernel, c.layer.(Conv))
}

func randoms(rng *rand.Rand, dims ...int) *tensors.Tensor {
	v := make([]float32, geometry.Volume(dims))
	for i := range v {
		v[i] = 2*rng.Float32() - 1
	}
	return tensors.FromFlatDataAndDimensions(v, dims...)
}

func numbers(t *tensors.Tensor) []float64 {
	var v []float64
	for _, f := range tensors.MustCopyFlatData[float32](t) {
		v = append(v, float64(f))
	}
	return v
}

func dot(a, b []float64) (sum, size float64) {
	for i := range a {
		sum += a[i] * b[i]
		size += math.Abs(a[i] * b[i])
	}
	return sum, size
}

// checkConv compares layer, matrix, transpose and gradients of one case.
func checkConv(t rapid.TB, b compute.Backend, c anyConv) {
	a, info, err := c.layer.arithmetic(c.in)
	if err != nil {
		return // what cannot be is tested elsewhere
	}
	rng := rand.New(rand.NewPCG(3, 4))
	x, kernel, v := randoms(rng, append([]int{1}, c.in...)...), randoms(rng, info.Weights[0].Shape...), randoms(rng, append([]int{1}, info.Output...)...)
	results := graph.MustExecOnceN(b, func(x, kernel, v *graph.Node) []*graph.Node {
		y := c.apply(x, kernel)
		return append([]*graph.Node{y}, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), x, kernel)...)
	}, x, kernel, v)
	y, dx, dk := numbers(results[0]), numbers(results[1]), numbers(results[2])
	m, err := a.Matrix(c.in[:len(c.in)-1], numbers(kernel))
	if err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	same := func(what string, got, want []float64) {
		t.Helper()
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-5*(1+math.Abs(want[i])) {
				t.Fatalf("%+v: %s %d is %g, want %g", c, what, i, got[i], want[i])
			}
		}
	}
	want, err := m.Mul(numbers(x))
	if err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	same("output", y, want)
	want, _ = m.Transpose().Mul(numbers(v))
	same("input gradient", dx, want)
	want = make([]float64, len(dk))
	xs, vs := numbers(x), numbers(v)
	for _, e := range m.Entries {
		want[e.Tap] += xs[e.Col] * vs[e.Row]
	}
	same("kernel gradient", dk, want)
	// <Cx, v> = <x, Cᵀv> = <kernel, gradient>, as y is linear in both.
	yv, size := dot(y, vs)
	for what, pair := range map[string][2][]float64{"<x, Cᵀv>": {xs, dx}, "<kernel, gradient>": {numbers(kernel), dk}} {
		if got, _ := dot(pair[0], pair[1]); math.Abs(got-yv) > 1e-5*(size+1) {
			t.Fatalf("%+v: <Cx, v> is %g, %s is %g", c, yv, what, got)
		}
	}
}

func TestConvolutionsEqualTheirMatrices(t *testing.T) {
	t.Run("go", func(t *testing.T) {
		b := labtest.Go(t)
		rapid.Check(t, func(t *rapid.T) { checkConv(t, b, anyConvs.Draw(t, "case")) })
	})
	t.Run("xla", func(t *testing.T) {
		b := labtest.XLA(t)
		for i := range 40 {
			checkConv(t, b, anyConvs.Example(i))
		}
	})
}

// Gradients against differences, for layers that are not linear or have parts.
func TestGradientsEqualDifferences(t *testing.T) { labtest.EachBackend(t, gradientsEqualDifferences) }

func gradientsEqualDifferences(t *testing.T, b compute.Backend) {
	in := []int{5, 6, 4}
	for _, l := range []Layer{
		Conv{Out: 3, Kernel: 3, Stride: 2, Dilation: 2, Padding: 2}, TransposedConv{Out: 3, Kernel: 3, Stride: 2, Padding: 1, OutputPadding: 1},
		DepthwiseConv{Kernel: 3, Same: true, Multiplier: 2}, SeparableConv{Out: 6, Kernel: 3}, SpatialConv{Out: 3, Kernel: 3},
		FlattenedConv{Out: 3, Kernel: 3}, ShuffledConv{Out: 6, Kernel: 3, Groups: 2}, MaxPool{Size: 3, Stride: 1, Padding: 1},
		AvgPool{Size: 3, Stride: 2, Padding: 1, Ceil: true, ExcludePad: true}, GlobalAvgPool{}, GlobalMaxPool{}, BatchNorm{},
		LeakyReLU{Slope: 0.2}, ELU{}, GELU{}, SiLU{}, Tanh{}, Sigmoid{},
	} {
		info, err := l.Check(in)
		if err != nil {
			t.Fatal(err)
		}
		store := model.NewStore()
		scope := store.Scope("/layer")
		rng := rand.New(rand.NewPCG(5, 6))
		for _, w := range info.Weights {
			at, name := variableScope(scope, w.Name)
			value := randoms(rng, w.Shape...)
			if w.State {
				value = tensors.FromFlatDataAndDimensions(slices.Repeat([]float32{1}, w.Shape[0]), w.Shape...)
			}
			at.VariableWithValue(name, value).SetTrainable(!w.State)
		}
		// One shift of everything at once, along a random direction, too small
		// for another value to become the largest.
		spaced := make([]float32, 2*geometry.Volume(in))
		for i, rank := range rng.Perm(len(spaced)) {
			spaced[i] = float32(2*rank+1)/float32(len(spaced)) - 1 // never 0, the kink of the activations
		}
		x, direction, v := tensors.FromFlatDataAndDimensions(spaced, append([]int{2}, in...)...), randoms(rng, append([]int{2}, in...)...), randoms(rng, append([]int{2}, info.Output...)...)
		const h = 1e-3
		got, err := model.CallOnceN(b, store, func(_ *model.Scope, x, direction, v *graph.Node) []*graph.Node {
			f := func(x *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.Mul(l.Build(scope, x), v)) }
			step := graph.MulScalar(direction, h)
			slope := graph.ReduceAllSum(graph.Mul(graph.Gradient(f(x), x)[0], direction))
			return []*graph.Node{slope, graph.DivScalar(graph.Sub(f(graph.Add(x, step)), f(graph.Sub(x, step))), 2*h)}
		}, x, direction, v)
		if err != nil {
			t.Fatalf("%s: %v", l.Name(), err)
		}
		slope, difference := float64(tensors.ToScalar[float32](got[0])), float64(tensors.ToScalar[float32](got[1]))
		if math.Abs(slope-difference) > 0.02*(1+math.Abs(difference)) {
			t.Errorf("%s: gradient %g, difference %g", l.Name(), slope, difference)
		}
	}
}

func TestWrongArguments(t *testing.T) {
	three := []int{8, 8, 8}
	for want, c := range map[string]struct {
		l  Layer
		in []int
	}{
		"layer 0 (Conv 4@9x9): height: window spans 9 pixels, but the padded input has only 8": {Conv{Out: 4, Kernel: 9}, three},
		"8 input channels cannot be split into 3 groups":                                       {Conv{Out: 3, Kernel: 1, Groups: 3}, three},
		"9 output channels cannot be split into 2 groups":                                      {Conv{Out: 9, Kernel: 1, Groups: 2}, three},
		"at least 1 group, got -1":                                                             {Conv{Out: 9, Kernel: 1, Groups: -1}, three},
		"stride must be at least 1, got -2":                                                    {Conv{Out: 9, Kernel: 1, Stride: -2}, three},
		"dilation must be at least 1, got -1":                                                  {Conv{Out: 9, Kernel: 1, Dilation: -1}, three},
		"got -1 before and -1 after":                                                           {Conv{Out: 9, Kernel: 1, Padding: -1}, three},
		"kernel size must be at least 1, got 0":                                                {Conv{Out: 9}, three},
		"2 spatial axes, the input has 3":                                                      {Conv{Out: 9, Axes: make([]Window, 2)}, []int{4, 4, 4, 2}},
		"either Axes or the sizes":                                                             {Conv{Out: 9, Kernel: 3, Axes: []Window{{Kernel: 1}, {Kernel: 1}}}, three},
		"either Same or a padding":                                                             {Conv{Out: 9, Kernel: 3, Same: true, Padding: 1}, three},
		"too large":                                                                            {Conv{Out: 9, Kernel: 3, Dilation: math.MaxInt / 2}, three},
		"a tensor of shape":                                                                    {Conv{Out: math.MaxInt32, Kernel: 3, Padding: math.MaxInt32}, three},
		"needs images":                                                                         {Conv{Out: 1, Kernel: 1}, []int{2, 2, 2, 2, 2}},
		"output padding must be from 0 to below":                                               {TransposedConv{Out: 1, Kernel: 3, Stride: 2, OutputPadding: 2}, three},
		"leaves -1 of the 1 stamped pixels":                                                    {TransposedConv{Out: 1, Kernel: 1, Padding: 1}, []int{1, 1, 1}},
		"multiplier must be at least 1, got -1":                                                {DepthwiseConv{Kernel: 1, Multiplier: -1}, three},
		"layer 0.depthwise (DepthwiseConv 9x9): height":                                        {SeparableConv{Out: 1, Kernel: 9}, three},
		"layer 0.axis1 (Conv 1@1x3): width: window spans 3":                                    {SpatialConv{Out: 1, Kernel: 3}, []int{8, 2, 1}},
		"8 channels cannot be split into 3 groups":                                             {ChannelShuffle{Groups: 3}, three},
		"must be less than the window's span 2":                                                {MaxPool{Size: 2, Padding: 2}, three},
		"layer 0 (AvgPool 0x0): height: kernel size must be":                                   {AvgPool{}, three},
		"window 0 of 1 reads padding only":                                                     {AvgPool{ExcludePad: true, Axes: []Window{{Kernel: 2, Dilation: 3, PadBefore: 2, PadAfter: 1}}}, []int{1, 1}},
		"epsilon must be above 0":                                                              {BatchNorm{Epsilon: math.NaN()}, three},
		"momentum must be":                                                                     {BatchNorm{Momentum: 2}, three},
		"slope must be a finite number":                                                        {LeakyReLU{Slope: math.Inf(1)}, three},
	} {
		wantError(t, checked(Sequential{c.l}, c.in), want)
	}
	b := labtest.Go(t)
	wrong := func(want string, x, k *tensors.Tensor, f func(x, k *graph.Node) *graph.Node) {
		t.Helper()
		_, err := graph.CallOnce(b, f, x, k)
		wantError(t, err, want)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	conv := func(x, k *graph.Node) *graph.Node { return Convolve(x, k, Conv{}) }
	wrong("same number of axes", randoms(rng, 1, 5, 5, 1), randoms(rng, 3, 1, 1), conv)
	wrong("needs a kernel of shape [3 3 2 1], got [3 3 1 1]", randoms(rng, 1, 5, 5, 2), randoms(rng, 3, 3, 1, 1), conv)
	wrong("window spans 3 pixels", randoms(rng, 1, 2, 5, 1), randoms(rng, 3, 3, 1, 1), conv)
	wrong("cannot be split into 3 groups", randoms(rng, 1, 2, 5, 4), randoms(rng, 3, 3, 1, 1), func(x, _ *graph.Node) *graph.Node { return Shuffle(x, 3) })
}

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
