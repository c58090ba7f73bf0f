package cnnlib

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// scramble and golden weights: the same formulas as testdata/golden.py.
func scramble(i, salt uint64) uint64 {
	v := (i*2654435761 + salt*40503) & 0xFFFFFFFF
	return ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF
}

// setGoldenWeights gives m the weights of golden.py: PyTorch's order is
// [out, in, height, width] and [out, in], ours has out last.
func setGoldenWeights(t *testing.T, m *Model) {
	t.Helper()
	for i, layer := range m.Root().Parts {
		for j, w := range layer.Info.Weights {
			bound := float32(1 / math.Sqrt(float64(w.FanIn)))
			theirs := make([]float32, geometry.Volume(w.Shape))
			for k := range theirs {
				theirs[k] = (float32(scramble(uint64(k), uint64(2*i+j))>>8)*0x1p-23 - 1) * bound
			}
			path := fmt.Sprintf("/net/%d/%s", i, w.Name)
			value := tensors.FromFlatDataAndDimensions(fromPyTorch(theirs, w.Shape), w.Shape...)
			if err := m.Store().GetVariable(path).SetValue(value); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// fromPyTorch reorders [out, in, spatial...] to [spatial..., in, out].
func fromPyTorch(theirs []float32, shape []int) []float32 {
	ours := make([]float32, len(theirs))
	out, in := shape[len(shape)-1], 1
	if len(shape) > 1 {
		in = shape[len(shape)-2]
	}
	area := len(theirs) / out / in
	for o := range out {
		for c := range in {
			for p := range area {
				ours[(p*in+c)*out+o] = theirs[(o*in+c)*area+p]
			}
		}
	}
	return ours
}

type goldenCase struct {
	Logits   [][]float64
	Loss     float64
	Gradient []float64 `json:"first_kernel_gradient"`
}

// near compares with an error relative to the largest of the wanted values.
func near(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	scale, worst := 0.0, 0.0
	for i, w := range want {
		scale = max(scale, math.Abs(w))
		worst = max(worst, math.Abs(float64(got[i])-w))
	}
	if !(worst <= tolerance*scale) {
		t.Errorf("%s: relative error %.2g, want at most %.2g", what, worst/scale, tolerance)
	}
}

func TestSameWeightsGivePyTorchsNumbers(t *testing.T) {
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct{ LeNet, LessonNet goldenCase }
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		net  Sequential
		want goldenCase
	}{"LeNet": {LeNet(), golden.LeNet}, "LessonNet": {LessonNet(), golden.LessonNet}} {
		t.Run(name, func(t *testing.T) {
			labtest.EachBackend(t, func(t *testing.T, b compute.Backend) { checkGolden(t, b, c.net, c.want) })
		})
	}
}

func checkGolden(t *testing.T, b compute.Backend, net Sequential, want goldenCase) {
	m, err := New(b, net, CIFARInput, Options{
		Mean: []float32{0.4914, 0.48216, 0.44653}, Std: []float32{0.24703, 0.24349, 0.26159}})
	if err != nil {
		t.Fatal(err)
	}
	setGoldenWeights(t, m)
	pixels := make([]uint8, 4*3072)
	for i := range pixels {
		pixels[i] = uint8(scramble(uint64(i), 99) >> 24)
	}
	logits, err := m.Predict(pixels, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i := range logits {
		near(t, fmt.Sprintf("logits of image %d", i), logits[i], want.Logits[i], 1e-5)
	}
	loss, gradient, err := model.MustNewExec(m.Backend(), m.Store(), func(scope *model.Scope, pixels, labels *graph.Node) (loss, gradient *graph.Node) {
		logits := m.Logits(pixels)
		loss = graph.Neg(graph.ReduceAllMean(graph.ReduceSum(
			graph.Mul(graph.LogSoftmax(logits), graph.OneHot(labels, 10, dtypes.Float32)), -1)))
		kernel := scope.Store().GetVariable("/net/0/weight").NodeValue(loss.Graph())
		return loss, graph.Gradient(loss, kernel)[0]
	}).Call2(tensors.FromFlatDataAndDimensions(pixels, 4, 32, 32, 3), []int32{3, 0, 9, 5})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "loss", []float32{tensors.ToScalar[float32](loss)}, []float64{want.Loss}, 1e-5)
	theirs := make([]float32, len(want.Gradient))
	for i, v := range want.Gradient {
		theirs[i] = float32(v)
	}
	wanted := make([]float64, len(theirs))
	for i, v := range fromPyTorch(theirs, gradient.Shape().Dimensions) {
		wanted[i] = float64(v)
	}
	near(t, "gradient of the first kernel", tensors.MustCopyFlatData[float32](gradient), wanted, 1e-4)
}
