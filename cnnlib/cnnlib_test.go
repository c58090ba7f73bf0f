package cnnlib

import (
	"math"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func TestSummaryHasTheLessonsNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		net          Sequential
		params, macs int64
		fields       []int // after conv, pool, conv, pool
	}{
		"3.1": {LeNet(), 81302, 371856, []int{3, 4, 8, 10}},
		"3.2": {LessonNet(), 11585546, 18552192, []int{3, 4, 8, 10}},
	} {
		s, err := c.net.Summary(CIFARInput)
		if err != nil {
			t.Fatal(err)
		}
		if s.Params != c.params || s.MACs != c.macs {
			t.Errorf("%s: %d params, %d MACs, want %d, %d", name, s.Params, s.MACs, c.params, c.macs)
		}
		var fields []int
		for _, r := range s.Rows {
			if strings.HasPrefix(r.Layer, "Conv") || strings.HasPrefix(r.Layer, "MaxPool") {
				fields = append(fields, r.ReceptiveField)
			}
		}
		for i, want := range c.fields {
			if fields[i] != want {
				t.Errorf("%s: receptive fields %v, want %v", name, fields, c.fields)
				break
			}
		}
	}
	s, err := LessonNet().Summary(CIFARInput)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"11,585,546 params", "176.8 MiB", "Conv 128@3x3", "13x13x128"} {
		if !strings.Contains(s.String(), want) || !strings.Contains(s.HTML(), want) {
			t.Errorf("summary lacks %q:\n%s", want, s)
		}
	}
}

func TestWrongNetworksAreNamedBeforeBuilding(t *testing.T) {
	for want, net := range map[string]Sequential{
		"no layers":                {},
		"layer 0 (Conv 4@40x40":    {Conv{Out: 4, Kernel: 40}},
		"put a Flatten":            {Dense{Out: 3}},
		"at least 1 output":        {Conv{Kernel: 3}},
		"stride must":              {Conv{Out: 1, Kernel: 3, Stride: -1}},
		"not be negative":          {Conv{Out: 1, Kernel: 3, Padding: -1}},
		"rate must":                {Dropout{Rate: math.NaN()}},
		"needs images":             {Flatten{}, MaxPool{Size: 2}},
		"layer 1 (nil): it is nil": {ReLU{}, nil},
		"96 input channels cannot be split into 5 groups": {Conv{Out: 96, Kernel: 1}, Conv{Out: 5, Kernel: 3, Groups: 5}},
	} {
		wantError(t, checked(net, CIFARInput), want)
	}
	wantError(t, checked(Sequential{Conv{Out: 1, Kernel: 3}}, nil), "needs images")
}

// checked is the error of Check.
func checked(l Layer, in []int) error {
	_, err := l.Check(in)
	return err
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

// The definition, in plain loops, of a 2D convolution in HWC / HWIO.
func plainConv(x []float32, h, w, in int, kernel, bias []float32, k, out, stride, pad, dilation int) []float64 {
	oh := (h+2*pad-dilation*(k-1)-1)/stride + 1
	ow := (w+2*pad-dilation*(k-1)-1)/stride + 1
	y := make([]float64, oh*ow*out)
	for r := range oh {
		for c := range ow {
			for o := range out {
				sum := float64(bias[o])
				for i := range k {
					for j := range k {
						row, col := r*stride-pad+i*dilation, c*stride-pad+j*dilation
						if row < 0 || row >= h || col < 0 || col >= w {
							continue
						}
						for ch := range in {
							sum += float64(x[(row*w+col)*in+ch]) * float64(kernel[((i*k+j)*in+ch)*out+o])
						}
					}
				}
				y[(r*ow+c)*out+o] = sum
			}
		}
	}
	return y
}

func flat(t *testing.T, m *Model, path string) []float32 {
	t.Helper()
	v, err := tensors.CopyFlatData[float32](m.Store().GetVariable(path).MustValue())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestConvEqualsTheDefinition(t *testing.T) { labtest.EachBackend(t, convEqualsTheDefinition) }

func convEqualsTheDefinition(t *testing.T, b compute.Backend) {
	in := []int{7, 9, 2}
	pixels := make([]uint8, 7*9*2)
	x := make([]float32, len(pixels))
	for i := range pixels {
		pixels[i] = uint8(i * 37)
		x[i] = float32(pixels[i]) / 255
	}
	for _, c := range []Conv{
		{Out: 3, Kernel: 3}, {Out: 3, Kernel: 3, Stride: 2, Padding: 1}, {Out: 3, Kernel: 2, Stride: 3, Padding: 2},
		{Out: 3, Kernel: 3, Dilation: 2, Padding: 2}, {Out: 3, Kernel: 1},
	} {
		m, err := New(b, Sequential{c}, in, Options{Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		out, err := m.predict.Call1(tensors.FromFlatDataAndDimensions(pixels, 1, 7, 9, 2))
		if err != nil {
			t.Fatal(err)
		}
		got := tensors.MustCopyFlatData[float32](out)
		want := plainConv(x, 7, 9, 2, flat(t, m, "/net/0/weight"), flat(t, m, "/net/0/bias"), c.Kernel, c.Out,
			orOne(c.Stride), c.Padding, orOne(c.Dilation))
		if len(got) != len(want) {
			t.Fatalf("%+v: %d values, want %d", c, len(got), len(want))
		}
		for i := range want {
			if math.Abs(float64(got[i])-want[i]) > 1e-5 {
				t.Fatalf("%+v: value %d is %g, want %g", c, i, got[i], want[i])
			}
		}
	}
}

func TestMaxPoolGradientGoesToOneElement(t *testing.T) {
	labtest.EachBackend(t, maxPoolGradientGoesToOneElement)
}

func maxPoolGradientGoesToOneElement(t *testing.T, b compute.Backend) {
	grad := model.MustCallOnce(b, model.NewStore(), func(scope *model.Scope, x *graph.Node) *graph.Node {
		return graph.Gradient(graph.ReduceAllSum(MaxPool{Size: 2}.Build(nil, x)), x)[0]
	}, tensors.FromFlatDataAndDimensions([]float32{5, 5, 1, 2, 5, 5, 3, 2}, 1, 2, 4, 1))
	got := tensors.MustCopyFlatData[float32](grad)
	for i, want := range []float32{1, 0, 0, 0, 0, 0, 1, 0} { // a tie goes to the first, as in PyTorch
		if got[i] != want {
			t.Fatalf("gradient %v", got)
		}
	}
}

func TestFlattenIsInPyTorchsOrder(t *testing.T) { labtest.EachBackend(t, flattenIsInPyTorchsOrder) }

func flattenIsInPyTorchsOrder(t *testing.T, b compute.Backend) {
	y := model.MustCallOnce(b, model.NewStore(), func(scope *model.Scope, x *graph.Node) *graph.Node {
		return Flatten{}.Build(nil, x)
	}, tensors.FromFlatDataAndDimensions([]float32{0, 1, 2, 3, 4, 5, 6, 7}, 1, 2, 2, 2))
	got := tensors.MustCopyFlatData[float32](y)
	for i, want := range []float32{0, 2, 4, 6, 1, 3, 5, 7} {
		if got[i] != want {
			t.Fatalf("flattened to %v", got)
		}
	}
}

func TestInitialWeights(t *testing.T) { labtest.EachBackend(t, initialWeights) }

func initialWeights(t *testing.T, b compute.Backend) {
	m, err := New(b, LeNet(), CIFARInput, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	w := flat(t, m, "/net/7/weight") // 576 → 120
	bound, sum2 := 1/math.Sqrt(576), 0.0
	for _, v := range w {
		if math.Abs(float64(v)) > bound {
			t.Fatalf("%g is outside ±%g", v, bound)
		}
		sum2 += float64(v) * float64(v)
	}
	if std := math.Sqrt(sum2 / float64(len(w))); math.Abs(std*math.Sqrt(3)/bound-1) > 0.01 {
		t.Errorf("standard deviation %g, want %g", std, bound/math.Sqrt(3))
	}
	again, err := New(b, LeNet(), CIFARInput, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if flat(t, again, "/net/7/weight")[5] != w[5] {
		t.Error("the same seed gave other weights")
	}
	logits, err := m.Predict(make([]uint8, 2*3072), 2)
	if err != nil || len(logits) != 2 || len(logits[0]) != 10 {
		t.Fatalf("logits %v, %v", logits, err)
	}
	total := float32(0)
	for _, p := range Softmax(logits[0]) {
		total += p
	}
	if math.Abs(float64(total)-1) > 1e-6 {
		t.Errorf("probabilities sum to %g", total)
	}
	if _, err := m.Predict(make([]uint8, 10), 1); err == nil {
		t.Error("10 bytes were taken for an image")
	}
}
