package weights

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// onnxCase is a network that is written, run by onnxruntime and read again.
type onnxCase struct {
	net cnnlib.Sequential
	in  []int
}

func window(kernel, stride, before, after, dilation int) cnnlib.Window {
	return cnnlib.Window{Kernel: kernel, Stride: stride, PadBefore: before, PadAfter: after, Dilation: dilation}
}

// onnxCases has every layer that has an ONNX form, in networks.
func onnxCases() map[string]onnxCase {
	flat := cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 7}}
	ends := func(layers ...cnnlib.Layer) cnnlib.Sequential { return append(layers, flat...) }
	return map[string]onnxCase{
		"3.1": {nets.LeNet(), nets.CIFARInput()},
		"3.2": {nets.LessonNet(), nets.CIFARInput()},
		"mobile": {cnnlib.Sequential{
			cnnlib.Conv{Out: 8, Kernel: 3, Stride: 2, Same: true, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{},
			cnnlib.SeparableConv{Out: 12, Kernel: 3, Padding: 1}, cnnlib.BatchNorm{Epsilon: 1e-3, Momentum: 0.01}, cnnlib.SiLU{},
			cnnlib.DepthwiseConv{Kernel: 3, Stride: 2, Multiplier: 2}, cnnlib.GELU{}, cnnlib.Dropout{Rate: 0.3},
			cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10}}, []int{24, 20, 3}},
		"fast": {cnnlib.Sequential{ // the layers of recipe fast
			cnnlib.Conv{Out: 24, Kernel: 2, NoBias: true}, cnnlib.GELU{},
			cnnlib.Conv{Out: 16, Kernel: 3, Padding: 1, NoBias: true}, cnnlib.MaxPool{Size: 2}, cnnlib.BatchNorm{Epsilon: 1e-12, Momentum: 0.4}, cnnlib.GELU{},
			cnnlib.Conv{Out: 16, Kernel: 3, Padding: 1, NoBias: true}, cnnlib.BatchNorm{Epsilon: 1e-12, Momentum: 0.4}, cnnlib.GELU{},
			cnnlib.MaxPool{Size: 3}, cnnlib.Flatten{}, cnnlib.Dense{Out: 10, NoBias: true}, cnnlib.Scale{By: 1.0 / 9}}, []int{16, 16, 3}},
		"shuffle": {ends(cnnlib.Conv{Out: 12, Kernel: 1}, cnnlib.ShuffledConv{Out: 12, Kernel: 3, Groups: 3, Padding: 1}, cnnlib.LeakyReLU{},
			cnnlib.ChannelShuffle{Groups: 4}, cnnlib.Conv{Out: 8, Kernel: 3, Groups: 4, Dilation: 2}, cnnlib.ELU{Alpha: 0.7}), []int{12, 12, 3}},
		"separable": {ends(cnnlib.SpatialConv{Out: 5, Kernel: 3}, cnnlib.Tanh{}, cnnlib.FlattenedConv{Out: 6, Kernel: 3, Padding: 1}, cnnlib.Sigmoid{}), []int{11, 9, 3}},
		"transposed": {ends(cnnlib.Conv{Out: 6, Kernel: 3, Stride: 2}, cnnlib.TransposedConv{Out: 4, Kernel: 3, Stride: 2, Padding: 1, OutputPadding: 1, Groups: 2},
			cnnlib.ReLU{}, cnnlib.TransposedConv{Out: 3, Axes: []cnnlib.Window{window(2, 3, 1, 0, 2), window(3, 1, 0, 1, 1)}, NoBias: true}), []int{9, 9, 3}},
		"pools": {ends(cnnlib.MaxPool{Size: 3, Stride: 2, Padding: 1, Ceil: true}, cnnlib.AvgPool{Size: 3, Stride: 2, Padding: 1, ExcludePad: true},
			cnnlib.AvgPool{Size: 2, Stride: 1, Padding: 1}, cnnlib.MaxPool{Axes: []cnnlib.Window{window(2, 1, 0, 1, 2), window(3, 2, 1, 0, 1)}},
			cnnlib.AvgPool{Size: 2, Stride: 1, Dilation: 2}, cnnlib.LeakyReLU{Slope: 0.2}), []int{29, 26, 3}},
		"global": {cnnlib.Sequential{cnnlib.Conv{Out: 9, Kernel: 3, Axes: nil}, cnnlib.GlobalMaxPool{}, cnnlib.BatchNorm{}, cnnlib.Dense{Out: 4, NoBias: true}, cnnlib.Scale{By: 1.0 / 9}}, []int{8, 8, 1}},
		"1d":     {ends(cnnlib.Conv{Out: 5, Kernel: 5, Dilation: 2, Padding: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.TransposedConv{Out: 3, Kernel: 2, Stride: 2}), []int{31, 2}},
		"3d":     {ends(cnnlib.Conv{Out: 4, Kernel: 2, Stride: 2, Padding: 1}, cnnlib.AvgPool{Size: 2, Stride: 1}, cnnlib.BatchNorm{}), []int{7, 6, 5, 2}},
	}
}

// branchedCases are networks that branch, and pools that ONNX rounds in
// another way.
func branchedCases() map[string]onnxCase {
	conv := func(out, kernel, stride int) cnnlib.Layer {
		return cnnlib.Conv{Out: out, Kernel: kernel, Stride: stride, Padding: kernel / 2, NoBias: true}
	}
	squeeze := cnnlib.Branches{Join: cnnlib.Product, Layers: []cnnlib.Layer{nil,
		cnnlib.Sequential{cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 2}, cnnlib.ReLU{}, cnnlib.Dense{Out: 6}, cnnlib.Sigmoid{}}}}
	return map[string]onnxCase{
		"residual": {cnnlib.Sequential{
			cnnlib.Named("stem", conv(6, 3, 1)), cnnlib.ReLU{},
			cnnlib.Residual(conv(6, 3, 1), cnnlib.BatchNorm{}, cnnlib.ReLU{}, conv(6, 3, 1)), cnnlib.ReLU{}, squeeze,
			cnnlib.Named("down", cnnlib.Branches{Join: cnnlib.Sum, Layers: []cnnlib.Layer{
				cnnlib.Named("", cnnlib.Sequential{cnnlib.Named("conv", conv(8, 3, 2)), cnnlib.Named("norm", cnnlib.BatchNorm{})}),
				cnnlib.Named("shortcut", conv(8, 1, 2))}}),
			cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 5}}, []int{9, 8, 3}},
		"inception": {cnnlib.Sequential{
			cnnlib.Branches{Layers: []cnnlib.Layer{conv(3, 1, 1), cnnlib.Sequential{conv(2, 1, 1), cnnlib.ReLU{}, conv(4, 3, 1)},
				cnnlib.Sequential{cnnlib.MaxPool{Size: 3, Stride: 1, Padding: 1}, conv(2, 1, 1)}, nil}},
			cnnlib.Branches{Layers: []cnnlib.Layer{nil, cnnlib.Sequential{conv(5, 3, 2), cnnlib.ReLU{}, cnnlib.TransposedConv{Out: 4, Kernel: 2, Stride: 2}}}},
			cnnlib.Branches{Join: cnnlib.Sum, Layers: []cnnlib.Layer{conv(4, 1, 1), conv(4, 3, 1), cnnlib.Branches{Layers: []cnnlib.Layer{conv(1, 1, 1), conv(3, 1, 1)}}}},
		}, []int{8, 6, 2}},
		"ceil": {cnnlib.Sequential{
			cnnlib.MaxPool{Size: 2, Padding: 1, Ceil: true}, cnnlib.AvgPool{Size: 2, Padding: 1, Ceil: true},
			cnnlib.AvgPool{Axes: []cnnlib.Window{window(2, 2, 1, 1, 1), window(3, 2, 0, 1, 1)}, Ceil: true},
			cnnlib.MaxPool{Axes: []cnnlib.Window{window(2, 2, 1, 1, 1), window(3, 3, 0, 0, 1)}, Ceil: true},
			cnnlib.AvgPool{Axes: []cnnlib.Window{window(2, 2, 1, 1, 1), window(3, 2, 0, 1, 1)}, Ceil: true, ExcludePad: true},
			cnnlib.Flatten{}, cnnlib.Dense{Out: 3}}, []int{33, 56, 1}},
	}
}

func allONNXCases() map[string]onnxCase {
	all := onnxCases()
	maps.Copy(all, branchedCases())
	maps.Copy(all, networkLayerCases())
	return all
}

// randomModel has weights that all matter, batch statistics too, the same on
// every backend.
func randomModel(t testing.TB, b compute.Backend, c onnxCase) *cnnlib.Model {
	t.Helper()
	channels := c.in[len(c.in)-1]
	mean, std := make([]float32, channels), make([]float32, channels)
	for i := range mean {
		mean[i], std[i] = 0.4+0.05*float32(i), 0.25-0.01*float32(i)
	}
	m, err := cnnlib.New(b, c.net, c.in, cnnlib.Options{Seed: 9, Mean: mean, Std: std})
	if err != nil {
		t.Fatal(err)
	}
	all := slots(m)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range all {
		if len(s.shape) > 1 || !strings.Contains(s.path, "running") && !strings.HasSuffix(s.path, "bias") {
			continue
		}
		values := make([]float32, s.shape[0])
		for i := range values {
			if values[i] = rng.Float32() - 0.5; strings.HasSuffix(s.path, "running_var") {
				values[i] += 0.75
			}
		}
		if err := m.Store().GetVariable(s.path).SetValue(tensors.FromFlatDataAndDimensions(values, s.shape...)); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// pixelsFor is n images that golden.py makes too.
func pixelsFor(in []int, n int) []uint8 {
	pixels := make([]uint8, n*geometry.Volume(in))
	for i := range pixels {
		pixels[i] = uint8(i * 37 % 251)
	}
	return pixels
}

// goldenONNX is what testdata/run_onnx.py had from onnxruntime.
type goldenONNX struct {
	Versions map[string]string
	Written  map[string]struct { // networks written here
		SHA256 string
		Logits [][]float64
	}
	Made map[string]struct { // files that run_onnx.py made: input NCHW, output
		Shape  []int
		Output [][]float64
	}
}

func readGoldenONNX(t testing.TB) (g goldenONNX) {
	t.Helper()
	raw, err := os.ReadFile("testdata/onnx.json")
	if err == nil {
		err = json.Unmarshal(raw, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// relative is the largest difference of got and want, relative to the largest
// number of want.
func relative(got [][]float32, want [][]float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	most, off := 0.0, 0.0
	for i := range want {
		if len(got[i]) != len(want[i]) {
			return math.Inf(1)
		}
		for j, w := range want[i] {
			most, off = max(most, math.Abs(w)), max(off, math.Abs(float64(got[i][j])-w))
		}
	}
	return off / most
}

// TestONNXInOnnxruntime: the file that is written is the one that onnxruntime
// ran, and its logits are those of the model here.
func TestONNXInOnnxruntime(t *testing.T) {
	dir := os.Getenv("CONVLAB_ONNX_OUT") // see testdata/run_onnx.py
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for name, c := range allONNXCases() {
			m := randomModel(t, b, c)
			file := filepath.Join(t.TempDir(), name+".onnx")
			if dir != "" {
				file = filepath.Join(dir, name+".onnx")
			}
			if err := Export(m, file); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if dir != "" {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := readGoldenONNX(t).Written[name]
			if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != want.SHA256 {
				t.Errorf("%s: the file is not the one that onnxruntime ran: run testdata/run_onnx.py", name)
			}
			logits, err := m.Predict(pixelsFor(c.in, 2), 2)
			if err != nil {
				t.Fatal(err)
			}
			off := relative(logits, want.Logits)
			t.Logf("%s: logits within %.1e", name, off)
			if !(off <= 1e-5) {
				t.Errorf("%s: logits differ from onnxruntime's by %.1e relative", name, off)
			}
		}
	})
}

// TestONNXRoundTrip: written and read, a network has the same bits and gives
// the same logits; written again, it is the same file.
func TestONNXRoundTrip(t *testing.T) {
	b := labtest.Go(t)
	for name, c := range allONNXCases() {
		m := randomModel(t, b, c)
		file := filepath.Join(t.TempDir(), "a.onnx")
		if err := Export(m, file); err != nil {
			t.Fatal(err)
		}
		net, err := ReadONNX(file)
		if name == "resized" { // some of it is gathered pixel by pixel
			if err == nil || !strings.Contains(err.Error(), "(Gather): cnnlib has no layer") {
				t.Errorf("%s: error %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := net.Model(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := state(t, m)
		got := state(t, again)
		for i := range got {
			got[i].Name = want[i].Name
		}
		sameState(t, name, got, want)
		if name != "3.2" { // seconds on pure Go
			pixels := pixelsFor(c.in, 1)
			a, err := m.Predict(pixels, 1)
			if err != nil {
				t.Fatal(err)
			}
			b, err := again.Predict(pixels, 1)
			if err != nil || !slices.Equal(a[0], b[0]) {
				t.Errorf("%s: logits %v, were %v (error %v)", name, b, a, err)
			}
		}
		copied, err := cnnlib.New(b, c.net, c.in, cnnlib.Options{Mean: net.Mean, Std: net.Std})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Import(copied, file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		sameState(t, name+" imported", state(t, copied), want)
	}
}
