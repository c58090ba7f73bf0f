package tests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/labdir"
	"convlab/internal/labtest"
)

// torch is the interpreter of `make bench`, which has PyTorch. Set-up for the
// tests does not bring it.
func torch(t *testing.T) string {
	t.Helper()
	path := filepath.Join(labdir.Dir(), "bench", "venv", "bin", "python")
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: PyTorch is missing; `make bench` brings it")
	}
	return path
}

// opened is a network of the lesson on the backend that a notebook would have.
func opened(t *testing.T, net cnnlib.Sequential, options cnnlib.Options) *cnnlib.Model {
	t.Helper()
	b, err := cnnlib.OpenBackend()
	if err != nil {
		t.Fatal(err)
	}
	m, err := cnnlib.New(b.Backend, net, nets.CIFARInput(), options)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// normalised are the options of a network that takes CIFAR-10's images.
func normalised() cnnlib.Options {
	return cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:]}
}

// cifar10 is the data set.
func cifar10(t *testing.T) *cifar.Data {
	t.Helper()
	data, err := cifar.Open(context.Background(), labtest.Data(t))
	if err != nil {
		t.Fatal(err)
	}
	return data
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
	m, dir := opened(t, nets.LessonNet(), cnnlib.Options{Seed: 1}), t.TempDir()
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

// torchImages lays images out in dir as torchvision's download would have left
// them, and gives the beginning of a program that reads them there.
func torchImages(t *testing.T, dir string, training, test *cifar.Images) (prelude string) {
	t.Helper()
	for name, images := range map[string]*cifar.Images{"train": training, "test": test} {
		if err := errors.Join(os.WriteFile(filepath.Join(dir, name+".pixels"), images.Pixels, 0o666),
			os.WriteFile(filepath.Join(dir, name+".labels"), images.Labels, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	// torchvision's checksums are of other files with the same content.
	return `
import os, pathlib, pickle
import numpy
import torchvision.datasets.cifar
os.chdir(` + fmt.Sprintf("%q", dir) + `)
folder = pathlib.Path("data/cifar-10-batches-py")
folder.mkdir(parents=True)
def write(name, pixels, labels):
    rows = pixels.reshape(-1, 32, 32, 3).transpose(0, 3, 1, 2).reshape(-1, 3072)
    (folder / name).write_bytes(pickle.dumps({"data": rows, "labels": labels.tolist()}))
pixels, labels = numpy.fromfile("train.pixels", numpy.uint8).reshape(-1, 3072), numpy.fromfile("train.labels", numpy.uint8)
n = len(labels) // 5
for i in range(5):
    write(f"data_batch_{i + 1}", pixels[i * n:(i + 1) * n], labels[i * n:(i + 1) * n])
write("test_batch", numpy.fromfile("test.pixels", numpy.uint8), numpy.fromfile("test.labels", numpy.uint8))
(folder / "batches.meta").write_bytes(pickle.dumps({"label_names": ` + fmt.Sprintf("%q.split()", strings.Join(cifar.Classes[:], " ")) + `}))
torchvision.datasets.cifar.check_integrity = lambda *_: True
torchvision.datasets.CIFAR10._check_integrity = lambda *_: True
`
}

// TestTorchData runs the PyTorch program of part 3.4 as it stands in the
// notebook, on the same images, and compares what it prints.
func TestTorchData(t *testing.T) {
	python, program := torch(t), torchProgram(t, "3.4")
	data := cifar10(t)
	dir := t.TempDir()
	prelude := torchImages(t, dir, data.Train, data.Test)
	check := `
import json
print(json.dumps({"first": train[0][0][:, 12, 16].tolist(), "label": train[0][1], "last": len(loader.dataset) - 128 * (len(loader) - 1)}))
`
	script := filepath.Join(dir, "program.py")
	if err := os.WriteFile(script, []byte(prelude+program+check), 0o666); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(command(t, 5*time.Minute, nil, python, script)), "\n")
	if len(lines) < 5 {
		t.Fatalf("%q", lines)
	}
	lines = lines[len(lines)-5:]
	batches, last := 0, 0
	for batch := range data.Train.Batches(128, 1, 1) {
		batches, last = batches+1, len(batch.Labels)
	}
	for i, want := range []string{fmt.Sprint(data.Train.Len(), data.Test.Len()), "6", fmt.Sprint(batches), "[128, 3, 32, 32]"} {
		if lines[i] != want {
			t.Errorf("PyTorch prints %q, here it is %q", lines[i], want)
		}
	}
	var got struct {
		First       []float64
		Label, Last int
	}
	if err := json.Unmarshal([]byte(lines[4]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Last != last || got.Label != int(data.Train.Labels[0]) {
		t.Errorf("PyTorch's last batch has %d images and its first label is %d, here %d and %d", got.Last, got.Label, last, data.Train.Labels[0])
	}
	for c, v := range got.First {
		if want := float64(data.Train.Pixels[(12*32+16)*3+c]) / 255; math.Abs(v-want) > 1e-6 {
			t.Errorf("channel %d of row 12, column 16: PyTorch has %g, here it is %g", c, v, want)
		}
	}
}

// TestTorchModules runs the PyTorch program of part 3.3 as it stands in the
// notebook, and reads here the file that it writes: both networks give the
// same numbers.
func TestTorchModules(t *testing.T) {
	python, program := torch(t), torchProgram(t, "3.3")
	dir := t.TempDir()
	pixels := make([]uint8, 32*32*3)
	for i := range pixels {
		pixels[i] = uint8((3*i + i*i/11) % 256)
	}
	if err := os.WriteFile(filepath.Join(dir, "pixels"), pixels, 0o666); err != nil {
		t.Fatal(err)
	}
	program = fmt.Sprintf("import os\nos.chdir(%q)\n", dir) + program + `
import json, pathlib
x = torch.tensor(list(pathlib.Path("pixels").read_bytes()), dtype=torch.float32).reshape(1, 32, 32, 3).permute(0, 3, 1, 2) / 255
with torch.no_grad():
    print(json.dumps(net(x)[0].tolist()))
`
	script := filepath.Join(dir, "program.py")
	if err := os.WriteFile(script, []byte(program), 0o666); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(command(t, 5*time.Minute, nil, python, script)), "\n")
	m := opened(t, nets.LeNet(), cnnlib.Options{Seed: 2})
	state, err := weights.StateDict(m)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(state)+2 || lines[len(state)] != "True" {
		t.Fatalf("%d weights here, PyTorch prints %q", len(state), lines)
	}
	for i, w := range state {
		shape, err := json.Marshal(w.Shape)
		if want := w.Name + " " + strings.ReplaceAll(string(shape), ",", ", "); err != nil || lines[i] != want {
			t.Errorf("PyTorch prints %q, here it is %q (%v)", lines[i], want, err)
		}
	}
	if _, err := weights.Import(m, filepath.Join(dir, "model.pth")); err != nil {
		t.Fatal(err)
	}
	got, err := m.Predict(pixels, 1)
	if err != nil {
		t.Fatal(err)
	}
	var want []float64
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &want); err != nil {
		t.Fatal(err)
	}
	for c := range want {
		if off := math.Abs(want[c] - float64(got[0][c])); off > 1e-5 {
			t.Errorf("class %d: PyTorch gives %g, here it is %g", c, want[c], got[0][c])
		}
	}
}
