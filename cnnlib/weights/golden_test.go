package weights

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

var update = flag.Bool("update", false, "write testdata/convlab.pth and .safetensors anew, for golden.py to check")

type golden struct {
	Odd map[string]struct {
		DType string
		Shape []int
		Data  string
	}
	Logits [][]float64
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	raw, err := os.ReadFile("testdata/golden.json")
	if err == nil {
		err = json.Unmarshal(raw, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func read(t *testing.T, file string) []Tensor {
	t.Helper()
	state, err := ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func sameState(t *testing.T, what string, got, want []Tensor) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d tensors, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.Name != w.Name || g.DType != w.DType || !slices.Equal(g.Shape, w.Shape) || !bytes.Equal(g.Data, w.Data) {
			t.Errorf("%s: tensor %d is %s %s %v, want %s %s %v, or its numbers differ", what, i, g.Name, g.DType, g.Shape, w.Name, w.DType, w.Shape)
		}
	}
}

// TestGoldenNetwork: PyTorch's weights give PyTorch's logits, and come back
// bit by bit. golden.py read convlab.pth in PyTorch and saved it as again.pth.
func TestGoldenNetwork(t *testing.T) {
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Flatten{}, cnnlib.Dense{Out: 5}}
	pixels := make([]uint8, 2*8*8*3)
	for i := range pixels {
		pixels[i] = uint8(i * 37)
	}
	theirs := read(t, "testdata/net.pth")
	for _, file := range []string{"testdata/net.pth", "testdata/net.safetensors", "testdata/again.pth"} {
		if *update && file == "testdata/again.pth" {
			continue
		}
		m, err := cnnlib.New(labtest.Go(t), net, []int{8, 8, 3}, cnnlib.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Import(m, file); err != nil {
			t.Fatal(err)
		}
		state, err := StateDict(m)
		if err != nil {
			t.Fatal(err)
		}
		sameState(t, file, state, theirs)
		for _, ours := range []string{"convlab.pth", "convlab.safetensors"} {
			to, kept := filepath.Join(t.TempDir(), ours), filepath.Join("testdata", ours)
			if *update {
				to = kept
			}
			if err := Export(m, to); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(to)
			if err != nil {
				t.Fatal(err)
			}
			if want, err := os.ReadFile(kept); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what PyTorch was given (error %v): run with -update, then golden.py", ours, err)
			}
		}
		if *update {
			continue
		}
		logits, err := m.Predict(pixels, 2)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range readGolden(t).Logits {
			for c, want := range row {
				if got := float64(logits[i][c]); math.Abs(got-want) > 1e-5*math.Max(1, math.Abs(want)) {
					t.Errorf("%s: logit %d of image %d is %.7f, PyTorch has %.7f", file, c, i, got, want)
				}
			}
		}
	}
}
