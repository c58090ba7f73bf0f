package tests

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/labdir"
	"convlab/internal/labtest"
)

// TestGopjrt: a file that is exported as StableHLO runs on gopjrt, which people
// had before go-xla, and gives the same logits.
func TestGopjrt(t *testing.T) {
	const images = 4
	m, err := cnnlib.New(labtest.XLA(t), nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:]})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	pixels := make([]uint8, images*cifar.Size*cifar.Size*3)
	for i := range pixels {
		pixels[i] = uint8(i * i >> 3)
	}
	dir := t.TempDir()
	file, program := filepath.Join(dir, "net.stablehlo"), filepath.Join(dir, "gopjrt")
	if err := weights.ExportStableHLO(t.Context(), m, file, images, nil); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir, build.Env = "gopjrt", append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build in tests/gopjrt, a module of its own: %v\n%s", err, out)
	}
	run := exec.Command(program, filepath.Join(labdir.Plugins(), "pjrt_c_api_cpu_plugin.so"), file, "4", "32", "32")
	var said, complaints bytes.Buffer
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(pixels), &said, &complaints
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &complaints)
	}
	var got []float32
	if err := json.Unmarshal(said.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want, err := m.Predict(pixels, images)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != images*len(want[0]) {
		t.Fatalf("%d logits, want %d", len(got), images*len(want[0]))
	}
	largest, apart := 0.0, 0.0
	for i, g := range got {
		w := float64(want[i/len(want[0])][i%len(want[0])])
		largest, apart = max(largest, math.Abs(w)), max(apart, math.Abs(float64(g)-w))
	}
	t.Logf("logits up to %.3g, at most %.2g apart", largest, apart)
	if !(apart <= 1e-5*largest) {
		t.Errorf("logits are %g apart, up to %g large", apart, largest)
	}
}
