package tests

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/lab"
)

// torch is the interpreter of `make bench`, which has PyTorch. Set-up for the
// tests does not bring it.
func torch(t *testing.T) string {
	t.Helper()
	path := filepath.Join(lab.Dir(), "bench", "venv", "bin", "python")
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: PyTorch is missing; `make bench` brings it")
	}
	return path
}

// torchProgram is the PyTorch program of a notebook: its ```python blocks, one
// after the other, the same in both languages but for comments.
func torchProgram(t *testing.T, part string) string {
	t.Helper()
	blocks, comment := regexp.MustCompile("(?ms)^```python\n(.*?)^```$"), regexp.MustCompile(` *#[^\n]*`)
	var programs []string
	for _, language := range []string{"en", "zh"} {
		for _, b := range lessonBooks(t, language) {
			if !strings.HasPrefix(filepath.Base(b.name), part) {
				continue
			}
			var program strings.Builder
			for _, block := range blocks.FindAllStringSubmatch(b.markdown(), -1) {
				program.WriteString(block[1] + "\n")
			}
			programs = append(programs, program.String())
		}
	}
	if len(programs) != 2 || programs[0] == "" || comment.ReplaceAllString(programs[0], "") != comment.ReplaceAllString(programs[1], "") {
		t.Fatalf("%s: the PyTorch programs of the two languages differ: %q", part, programs)
	}
	return programs[0]
}

// TestTorchBesideOurs runs the PyTorch program of part 3.2 as it stands in the
// notebook, gives it our weights and pixels, and compares its numbers.
func TestTorchBesideOurs(t *testing.T) {
	python, program := torch(t), torchProgram(t, "3.2")
	b, err := cnnlib.OpenBackend()
	if err != nil {
		t.Fatal(err)
	}
	m, err := cnnlib.New(b.Backend, nets.LessonNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "model.pth")
	if err := weights.Export(m, file); err != nil {
		t.Fatal(err)
	}
	pixels := make([]uint8, 2*32*32*3)
	for i := range pixels {
		pixels[i] = uint8((5*i + i*i/7) % 256)
	}
	want, err := m.Predict(pixels, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pixels"), pixels, 0o666); err != nil {
		t.Fatal(err)
	}
	program += fmt.Sprintf(`
import json, pathlib
net.load_state_dict(torch.load(%q, map_location="cpu", weights_only=True))
x = torch.tensor(list(pathlib.Path(%q).read_bytes()), dtype=torch.float32).reshape(2, 32, 32, 3).permute(0, 3, 1, 2) / 255
with torch.no_grad():
    print(json.dumps({"parameters": parameters, "logits": net(x).tolist(), "sum": float(probabilities.sum())}))
`, file, filepath.Join(dir, "pixels"))
	script := filepath.Join(dir, "program.py")
	if err := os.WriteFile(script, []byte(program), 0o666); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(command(t, 5*time.Minute, nil, python, script)), "\n")
	var got struct {
		Parameters int64
		Logits     [][]float64
		Sum        float64
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &got); err != nil {
		t.Fatalf("%v in %q", err, lines)
	}
	sum, err := nets.LessonNet().Summary(nets.CIFARInput())
	if err != nil {
		t.Fatal(err)
	}
	if got.Parameters != sum.Params || lines[0] != fmt.Sprint(sum.Params) || math.Abs(got.Sum-1) > 1e-5 {
		t.Errorf("PyTorch counts %d parameters and prints %s, here are %d; its probabilities sum to %g", got.Parameters, lines[0], sum.Params, got.Sum)
	}
	for i := range want {
		for c := range want[i] {
			if off := math.Abs(got.Logits[i][c] - float64(want[i][c])); off > 1e-4 {
				t.Errorf("image %d, class %d: PyTorch gives %g, here it is %g", i, c, got.Logits[i][c], want[i][c])
			}
		}
	}
}
