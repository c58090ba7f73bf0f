package weights

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// pixelsOf is two images as cases.py and golden.py have them.
func pixelsOf(in []int) []uint8 {
	pixels := make([]uint8, 2*geometry.Volume(in))
	for i := range pixels {
		pixels[i] = uint8(i * 37)
	}
	return pixels
}

func close5(t *testing.T, name string, got [][]float32, want [][]float64) {
	t.Helper()
	for i, row := range want {
		for c, w := range row {
			if g := float64(got[i][c]); !(math.Abs(g-w) <= 1e-5*math.Max(1, math.Abs(w))) {
				t.Errorf("%s: logit %d of image %d is %.7f, PyTorch has %.7f", name, c, i, g, w)
			}
		}
	}
}

// TestFilesOfPyTorchsPrograms: the same network, saved as programs save it.
func TestFilesOfPyTorchsPrograms(t *testing.T) {
	var want struct{ Logits, Short, Wrapped [][]float64 }
	raw, err := os.ReadFile("testdata/cases.json")
	if err == nil {
		err = json.Unmarshal(raw, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	conv := cnnlib.Conv{Out: 4, Kernel: 3, NoBias: true}
	block := cnnlib.Sequential{conv, cnnlib.BatchNorm{}, cnnlib.ReLU{}}
	numbered := append(append(cnnlib.Sequential{}, block...), append(block, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 5})...)
	as := cnnlib.Named
	named := cnnlib.Sequential{as("features", numbered[:6]), cnnlib.GlobalAvgPool{}, as("fc", cnnlib.Dense{Out: 5})}
	short := append(append(cnnlib.Sequential{}, block...), cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 5})
	eight := cnnlib.Conv{Out: 8, Kernel: 3, NoBias: true}
	wrapped := cnnlib.Sequential{eight, cnnlib.BatchNorm{}, cnnlib.ReLU{}, eight, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10, NoBias: true}}
	in := []int{8, 8, 3}
	pixels := pixelsOf(in)
	const left = "; left out: "
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for _, c := range []struct {
			file   string
			net    cnnlib.Sequential
			want   [][]float64
			report string
		}{
			{"plain.pth", named, want.Logits, "by name"},
			{"plain.pth", numbered, want.Logits, "in the file's order, as all kinds and shapes agree"},
			{"before16.pth", named, want.Logits, "by name"},
			{"before16_checkpoint.pth", named, want.Logits, `by name after "state_dict.module."` + left + "optimizer. (24 tensors), loss, best_acc1"},
			{"averaged.pth", named, want.Logits, `by name after "module."` + left + "n_averaged"},
			{"averaged.pth", numbered, want.Logits, "in the file's order, as all kinds and shapes agree" + left + "n_averaged"},
			{"imagenet.pth.tar", named, want.Logits, `by name after "state_dict.module."` + left + "optimizer. (24 tensors), loss, best_acc1"},
			{"tutorial.pth", named, want.Logits, `by name after "model_state_dict."` + left + "optimizer_state_dict. (24 tensors), loss"},
			{"references.pth", named, want.Logits, `by name after "model."` + left + "model_ema. (13 tensors), optimizer. (24 tensors), loss, best_acc1"},
			{"references.pth", numbered, want.Logits, "in the file's order, as all kinds and shapes agree" + left + "model_ema. (13 tensors), optimizer. (24 tensors), loss, best_acc1"},
			{"lightning.ckpt", named, want.Logits, `by name after "state_dict.net."` + left + "state_dict.criterion.weight, callbacks.ModelCheckpoint{'mon…None, 'mode': 'min'}.kth_value, optimizer_states. (24 tensors)"},
			{"compiled.pth", named, want.Logits, `by name after "_orig_mod."`},
			{"words.pth", named, want.Logits, "in the file's order, as all kinds and shapes agree"},
			{"parallel.safetensors", named, want.Logits, `by name after "module."`},
			{"parallel.safetensors", numbered, want.Logits, "by kinds, shapes and the numbers in its names"},
			{"wrapped.pth", wrapped, want.Wrapped, "in the file's order, as all kinds and shapes agree"},
			{"wrapped.safetensors", wrapped, want.Wrapped, "by kinds, shapes and the numbers in its names"},
			{"words.safetensors", short, want.Short, "by kinds, shapes and the numbers in its names"},
		} {
			m, err := cnnlib.New(b, c.net, in, cnnlib.Options{})
			if err != nil {
				t.Fatal(err)
			}
			report, err := Import(m, "testdata/cases/"+c.file)
			if err != nil {
				t.Error(err)
				continue
			}
			if got := report.String(); got != "weights matched "+c.report {
				t.Errorf("%s: %s\nwant weights matched %s", c.file, got, c.report)
			}
			logits, err := m.Predict(pixels, 2)
			if err != nil {
				t.Fatal(err)
			}
			close5(t, c.file, logits, c.want)
		}
	})
	m, err := cnnlib.New(labtest.Go(t), named, in, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Import(m, "testdata/cases/ambiguous.safetensors")
	if err == nil || !strings.HasPrefix(err.Error(), "weights: testdata/cases/ambiguous.safetensors: the names are not the network's, and body_norm and stem_norm have the same kinds and shapes") {
		t.Errorf("two layers that nothing tells apart: error %v", err)
	}
}

// TestFilesOfOthers: their inputs give their logits.
func TestFilesOfOthers(t *testing.T) {
	floats := func(file string) []float32 {
		raw, err := os.ReadFile("testdata/cases/" + file)
		if err != nil {
			t.Fatal(err)
		}
		values := make([]float32, len(raw)/4)
		if _, err := binary.Decode(raw, binary.LittleEndian, values); err != nil {
			t.Fatal(err)
		}
		return values
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for name, net := range map[string]cnnlib.Sequential{
			"named": {cnnlib.Conv{Out: 8, Kernel: 3, Padding: 1, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10, NoBias: true}},
			"dcgan_d": {cnnlib.Conv{Out: 32, Kernel: 4, Stride: 2, Padding: 1, NoBias: true}, cnnlib.LeakyReLU{Slope: 0.2}, cnnlib.Conv{Out: 64, Kernel: 4, Stride: 2, Padding: 1, NoBias: true},
				cnnlib.BatchNorm{}, cnnlib.LeakyReLU{Slope: 0.2}, cnnlib.Conv{Out: 1, Kernel: 8, NoBias: true}, cnnlib.Sigmoid{}},
		} {
			in := []int{32, 32, 3}
			m, err := cnnlib.New(b, net, in, cnnlib.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Import(m, "testdata/cases/"+name+".safetensors"); err != nil {
				t.Error(err)
				continue
			}
			exec, err := model.NewExec(b, m.Store(), func(scope *model.Scope, x *graph.Node) *graph.Node {
				return net.Build(m.Store().Scope("/net"), graph.TransposeAllAxes(x, 0, 2, 3, 1))
			})
			if err != nil {
				t.Fatal(err)
			}
			y, err := exec.Call1(tensors.FromFlatDataAndDimensions(floats(name+".x.f32"), 2, 3, 32, 32))
			if err != nil {
				t.Fatal(err)
			}
			got, err := tensors.CopyFlatData[float32](y)
			if err != nil {
				t.Fatal(err)
			}
			want := floats(name + ".y.f32")
			if len(got) != len(want) {
				t.Fatalf("%s: %d numbers, want %d", name, len(got), len(want))
			}
			for i := range want {
				if !(math.Abs(float64(got[i]-want[i])) <= 1e-5) {
					t.Errorf("%s: number %d is %.7f, PyTorch has %.7f", name, i, got[i], want[i])
				}
			}
		}
	})
	net := cnnlib.Sequential{cnnlib.Conv{Out: 8, Kernel: 3, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Conv{Out: 16, Kernel: 3, Groups: 2},
		cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10}}
	m, err := cnnlib.New(labtest.Go(t), net, []int{32, 32, 3}, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if report, err := Import(m, "testdata/cases/sequential_gap_flatten_linear.pth"); err != nil || !strings.HasPrefix(report.How, "in the file's order") {
		t.Errorf("%v, error %v", report, err)
	}
}

// TestRefusedTensors: each has a reason and a way out.
func TestRefusedTensors(t *testing.T) {
	for file, want := range map[string]string{
		"sparse.pth":          "a sparse tensor: save its to_dense()",
		"complex.pth":         "complex numbers, which no layer here has: save their real and imag",
		"complex.safetensors": "complex numbers, which no layer here has: save their real and imag",
		"float8.pth":          "a tensor of a type that is not read (float8",
		"quantized.pth":       "a quantized tensor: save its dequantize()",
		"meta.pth":            "a tensor on the meta device, which has no numbers",
		"script.pt":           "this is a TorchScript archive: torch.save(torch.jit.load(file).state_dict()",
		"arrays.npz":          "no data.pkl in it: this is an archive of NumPy arrays",
		"whole.pth":           `the file asks for "__main__.Net", which a state dict of tensors does not need: save net.state_dict() alone`,
	} {
		if _, err := ReadFile("testdata/cases/" + file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", file, err, want)
		}
	}
}
