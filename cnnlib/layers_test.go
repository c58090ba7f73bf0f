package cnnlib

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/kernels"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
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

func TestEveryPlanGivesTheSame(t *testing.T) { labtest.EachBackend(t, everyPlan) }

func everyPlan(t *testing.T, b compute.Backend) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, l := range []anyConv{
		{Conv{Out: 6, Kernel: 3, Padding: 1, Groups: 2}, []int{6, 7, 4}}, {Conv{Out: 3, Kernel: 3, Padding: 1, Stride: 2}, []int{6, 7, 4}},
		{Conv{Out: 6, Kernel: 3, Padding: 1, Groups: 3}, []int{6, 7, 3}}, {TransposedConv{Out: 3, Kernel: 4, Stride: 2, Padding: 1}, []int{4, 5, 2}},
	} {
		_, info, err := l.layer.arithmetic(l.in)
		if err != nil {
			t.Fatal(err)
		}
		forward, input, kernel, err := Formulations(b, l.layer, l.in)
		if err != nil {
			t.Fatal(err)
		}
		plans := []Plan{{}}
		for _, f := range forward {
			plans = append(plans, Plan{Forward: f})
		}
		for _, f := range input {
			plans = append(plans, Plan{Input: f})
		}
		for _, f := range kernel {
			plans = append(plans, Plan{Kernel: f})
		}
		x, k, v := randoms(rng, append([]int{2}, l.in...)...), randoms(rng, info.Weights[0].Shape...), randoms(rng, append([]int{2}, info.Output...)...)
		var want [][]float64
		for _, p := range plans {
			planned := l
			switch c := l.layer.(type) {
			case Conv:
				c.Plan = p
				planned.layer = c
			case TransposedConv:
				c.Plan = p
				planned.layer = c
			}
			if _, err := planned.layer.Check(l.in); err != nil {
				t.Fatal(err)
			}
			for i, r := range graph.MustExecOnceN(b, func(x, k, v *graph.Node) []*graph.Node {
				y := planned.apply(x, k)
				return append([]*graph.Node{y}, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), x, k)...)
			}, x, k, v) {
				got := numbers(r)
				if p == (Plan{}) {
					want = append(want, got)
				}
				for j := range want[i] {
					if math.Abs(got[j]-want[i][j]) > 2e-5*(1+math.Abs(want[i][j])) {
						t.Fatalf("%s, plan %s, result %d: value %d is %g, want %g", l.layer.Name(), p, i, j, got[j], want[i][j])
					}
				}
			}
		}
	}
	net := Sequential{Conv{Out: 4, Kernel: 3, Plan: Plan{Kernel: "im2col"}}, ReLU{}, SeparableConv{Out: 4, Kernel: 3}, TransposedConv{Out: 3, Kernel: 3}}
	in := []int{9, 9, 2}
	depthwise := "elementwise"
	if b.Name() == "xla" && kernels.Active() {
		depthwise = "direct"
	}
	plans, err := net.Plans(b, in, 4)
	if err != nil || len(plans) != 4 || !strings.Contains(plans[0], "kernel gradient im2col") || !strings.Contains(plans[1], "layer 2.depthwise, DepthwiseConv 3x3: forward "+depthwise) {
		t.Errorf("plans %q, %v", plans, err)
	}
	sum, err := net.SummaryOn(b, in, 4)
	if err != nil || !strings.HasSuffix(sum.Rows[0].Plan, "/im2col") || sum.Rows[1].Plan != "" || sum.Rows[2].Plan != "" || !strings.HasPrefix(sum.Rows[3].Plan, depthwise+"/") {
		t.Fatalf("%v, %v", sum, err)
	}
	for _, text := range []string{sum.String(), sum.HTML()} {
		if !strings.Contains(text, sum.Rows[3].Plan) || !strings.Contains(text, "plan: forward/input/kernel") {
			t.Errorf("no plans in %s", text)
		}
	}
	wantError(t, checked(Sequential{Conv{Out: 1, Kernel: 3, Plan: Plan{Input: "magic"}}}, CIFARInput), `input gradient: there is no formulation "magic"`)
	wantError(t, checked(Sequential{TransposedConv{Out: 1, Kernel: 3, Plan: Plan{Forward: "planes"}}}, CIFARInput), `forward: there is no formulation "planes"; there are native, direct, phases`)
	if p, err := ParsePlan("native//parts"); err != nil || p != (Plan{Forward: "native", Kernel: "parts"}) {
		t.Errorf("parsed %+v, %v", p, err)
	}
	_, err = ParsePlan("a/b/c/d")
	wantError(t, err, "want FORWARD/INPUT/KERNEL")
	_, _, _, err = Formulations(labtest.Go(t), ReLU{}, in)
	wantError(t, err, "ReLU is not one convolution")
}

func TestFlattenedEqualsTheRankOneKernel(t *testing.T) {
	b := labtest.Go(t)
	rng := rand.New(rand.NewPCG(9, 10))
	x, c, col, row := randoms(rng, 1, 6, 6, 5), randoms(rng, 1, 1, 5, 1), randoms(rng, 3, 1, 1, 1), randoms(rng, 1, 3, 1, 1)
	got := graph.MustExecOnceN(b, func(x, c, col, row *graph.Node) []*graph.Node {
		one := Conv{}
		flattened := Convolve(Convolve(Convolve(x, c, one), col, one), row, one)
		return []*graph.Node{flattened, Convolve(x, graph.Mul(graph.BroadcastToDims(graph.Mul(graph.BroadcastToDims(col, 3, 3, 1, 1), graph.BroadcastToDims(row, 3, 3, 1, 1)), 3, 3, 5, 1), graph.BroadcastToDims(c, 3, 3, 5, 1)), one)}
	}, x, c, col, row)
	a, w := numbers(got[0]), numbers(got[1])
	for i := range w {
		if math.Abs(a[i]-w[i]) > 1e-5 {
			t.Fatalf("value %d: flattened %g, 3D kernel %g", i, a[i], w[i])
		}
	}
}

func TestReachIsWhereGradientsGo(t *testing.T) { labtest.EachBackend(t, reachIsWhereGradientsGo) }

func reachIsWhereGradientsGo(t *testing.T, b compute.Backend) {
	group := Conv{Out: 6, Kernel: 3, Same: true, Groups: 3}
	for _, net := range []Sequential{{group}, {group, group}, {group, ChannelShuffle{Groups: 3}, group}, {DepthwiseConv{Kernel: 3, Multiplier: 2}}, {SeparableConv{Out: 4, Kernel: 3}}} {
		in := []int{5, 5, 6}
		m, err := New(b, net, in, Options{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		reach, err := net.Reach(in)
		if err != nil {
			t.Fatal(err)
		}
		for out := range reach {
			g, err := m.InputGradient(noise(150), 1, "", 1, 1, out)
			if err != nil {
				t.Fatal(err)
			}
			for c := range 6 {
				hears := false
				for p := range 25 {
					hears = hears || g[0][p*6+c] != 0
				}
				if hears != reach[out][c] {
					t.Errorf("%v: output %d, input %d: gradient %v, reach %v", net, out, c, hears, reach[out][c])
				}
			}
		}
	}
}

func TestBatchNormMovesWhileAModelTrains(t *testing.T) { labtest.EachBackend(t, batchNormMoves) }

func batchNormMoves(t *testing.T, b compute.Backend) {
	m, err := New(b, Sequential{BatchNorm{}, Flatten{}, Dense{Out: 2}}, []int{2, 2, 1}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(b, m.Store(), func(scope *model.Scope, pixels *graph.Node) *graph.Node {
		scope.Store().SetTraining(pixels.Graph(), true)
		return graph.ReduceAllSum(m.Logits(pixels))
	})
	pixels := tensors.FromFlatDataAndDimensions([]uint8{0, 255, 0, 255}, 1, 2, 2, 1)
	for step, want := range [][2]float64{{0.05, 0.9 + 0.1/3}, {0.095, 0.81 + 0.19/3}} { // mean 1/2, unbiased variance 1/3
		exec.MustCall(pixels)
		mean, _, _ := m.Weight("0", "running_mean")
		variance, _, _ := m.Weight("0", "running_var")
		if math.Abs(float64(mean[0])-want[0]) > 1e-6 || math.Abs(float64(variance[0])-want[1]) > 1e-6 {
			t.Errorf("after step %d: running mean %g, variance %g, want %g", step+1, mean[0], variance[0], want)
		}
	}
	if _, err := m.Predict([]uint8{0, 255, 0, 255}, 1); err != nil {
		t.Fatal(err)
	}
	mean, _, _ := m.Weight("0", "running_mean")
	if math.Abs(float64(mean[0])-0.095) > 1e-6 {
		t.Error("predicting moved the running mean")
	}
	if s, err := m.Net().Summary(m.Input()); err != nil || s.Rows[0].Params != 2 {
		t.Errorf("%v params, %v: the running values are not trained", s.Rows[0].Params, err)
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

func TestNamesTellTheAxes(t *testing.T) {
	for want, c := range map[string]struct {
		l  Layer
		in []int
	}{
		"Conv 4@3":             {Conv{Out: 4, Kernel: 3}, []int{9, 1}},
		"Conv 4@3x3x3 s2 d2":   {Conv{Out: 4, Kernel: 3, Stride: 2, Dilation: 2}, []int{9, 9, 9, 1}},
		"Conv 4@3x1":           {Conv{Out: 4, Axes: []Window{{Kernel: 3}, {Kernel: 1}}}, CIFARInput},
		"MaxPool 3x3 s2":       {MaxPool{Size: 3, Stride: 2}, CIFARInput},
		"TransposedConv 4@2x2": {TransposedConv{Out: 4, Kernel: 2}, CIFARInput},
	} {
		s, err := Sequential{c.l}.Summary(c.in)
		if err != nil || s.Rows[0].Layer != want {
			t.Errorf("%v, %v, want %q", s.Rows[0].Layer, err, want)
		}
	}
}
