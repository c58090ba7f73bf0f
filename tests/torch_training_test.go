package tests

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"

	"github.com/gomlx/gomlx/core/tensors"
)

// changed is a notebook's program with some of its text replaced, which has to
// be there once.
func changed(t *testing.T, program string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if n := strings.Count(program, pairs[i]); n != 1 {
			t.Fatalf("%d times %q in the program", n, pairs[i])
		}
		program = strings.Replace(program, pairs[i], pairs[i+1], 1)
	}
	return program
}

// ran gives the lines that a program prints.
func ran(t *testing.T, python, dir, program string) []string {
	t.Helper()
	script := filepath.Join(dir, "program.py")
	if err := os.WriteFile(script, []byte(program), 0o666); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(command(t, 5*time.Minute, nil, python, script)), "\n")
}

// first are the first n of images.
func first(images *cifar.Images, n int) *cifar.Images {
	return &cifar.Images{Pixels: slices.Clip(images.Pixels[:n*3072]), Labels: slices.Clip(images.Labels[:n])}
}

// TestTorchTraining runs the PyTorch program of part 3.5 for 4 of its 80 epochs
// on 40 images, from our first weights and without dropout, whose draws are not
// the same: loss and accuracy of every epoch are those of train.Fit, and the
// file that it writes holds nearly the same network.
func TestTorchTraining(t *testing.T) {
	python, program := torch(t), torchProgram(t, "3.5")
	data := cifar10(t)
	net := nets.LessonNet()
	for i, layer := range net {
		if _, ok := layer.(cnnlib.Dropout); ok {
			net[i] = cnnlib.Dropout{}
		}
	}
	m := opened(t, net, normalised())
	dir, few := t.TempDir(), first(data.Train, 40)
	if err := weights.Export(m, filepath.Join(dir, "start.pth")); err != nil {
		t.Fatal(err)
	}
	program = changed(t, program, "range(80)", "range(4)", "loss_of = nn.CrossEntropyLoss()\n",
		"net.load_state_dict(torch.load('start.pth'))\nfor part in net:\n    if isinstance(part, nn.Dropout):\n        part.p = 0.0\nloss_of = nn.CrossEntropyLoss()\n")
	lines := ran(t, python, dir, torchImages(t, dir, few, first(data.Test, 10))+program)
	history, err := train.Fit(context.Background(), m, few, train.Config{Epochs: 4, BatchSize: 256, LearningRate: 1e-3, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) < 5 {
		t.Fatalf("%q", lines)
	}
	for i, line := range lines[len(lines)-4:] {
		var epoch int
		var loss, accuracy, seconds float64
		if _, err := fmt.Sscan(line, &epoch, &loss, &accuracy, &seconds); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if e := history[i]; epoch != e.Epoch || math.Abs(loss-e.Loss) > 2e-3*max(1, e.Loss) || math.Abs(accuracy-e.Accuracy) > 0.03 {
			t.Errorf("PyTorch: epoch %d, loss %.5f, accuracy %.3f; here %+v", epoch, loss, accuracy, e)
		}
	}
	if loss := history[0].Loss; math.Abs(loss-math.Log(10)) > 0.1 {
		t.Errorf("the first loss is %.4f, ln 10 is %.4f", loss, math.Log(10))
	}
	want, err := m.Predict(few.Pixels, 40)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := weights.Import(m, filepath.Join(dir, "model.pth")); err != nil {
		t.Fatal(err)
	}
	got, err := m.Predict(few.Pixels, 40)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		for c := range want[i] {
			if off := math.Abs(float64(got[i][c] - want[i][c])); off > 0.05 {
				t.Fatalf("image %d, class %d: trained by PyTorch %g, here %g", i, c, got[i][c], want[i][c])
			}
		}
	}
}

// TestTorchEvaluation runs the PyTorch program of part 3.6 as it stands in the
// notebook on weights that were trained and written here: the same confusion
// matrix, and the same largest number of each layer's output.
func TestTorchEvaluation(t *testing.T) {
	python, program := torch(t), torchProgram(t, "3.6")
	data := cifar10(t)
	m := opened(t, nets.LeNet(), normalised())
	if _, err := train.Fit(context.Background(), m, first(data.Train, 10000), train.Config{Epochs: 1, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	dir, test := t.TempDir(), first(data.Test, 1000)
	if err := weights.Export(m, filepath.Join(dir, "model.pth")); err != nil {
		t.Fatal(err)
	}
	lines := ran(t, python, dir, torchImages(t, dir, first(data.Train, 10), test)+program)
	r, err := train.Evaluate(context.Background(), m, test, 100)
	if err != nil {
		t.Fatal(err)
	}
	outputs, err := m.Activations(test.Pixels[:3072])
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) < len(outputs)+2 {
		t.Fatalf("%q", lines)
	}
	lines = lines[len(lines)-len(outputs)-2:]
	var confusion [][]int
	if err := json.Unmarshal([]byte(lines[1]), &confusion); err != nil {
		t.Fatalf("%v in %q", err, lines)
	}
	moved := 0 // images at the border between two classes may go either way
	for a := range confusion {
		for c := range confusion[a] {
			moved += max(confusion[a][c]-r.Confusion[a][c], r.Confusion[a][c]-confusion[a][c])
		}
	}
	if moved > 4 {
		t.Errorf("PyTorch's confusion matrix is %v, here it is %v", confusion, r.Confusion)
	}
	var right, n int
	if _, err := fmt.Sscan(lines[0], &right, &n); err != nil || n != test.Len() || math.Abs(float64(right)/float64(n)-r.Accuracy) > 0.003 {
		t.Errorf("PyTorch has %q right, here it is %g of %d (%v)", lines[0], r.Accuracy, test.Len(), err)
	}
	for i, line := range lines[2:] {
		flat, err := tensors.CopyFlatData[float32](outputs[i])
		if err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for _, v := range flat {
			want = max(want, math.Abs(float64(v)))
		}
		var layer int
		var got float64
		if _, err := fmt.Sscan(line, &layer, &got); err != nil || layer != i || math.Abs(got-want) > 1e-4*max(1, want) {
			t.Errorf("PyTorch's layer %q, here %d has at most %g (%v)", line, i, want, err)
		}
	}
}

// TestTorchAugmentation runs the PyTorch program of part 3.7 as it stands in
// the notebook: its pipelines give the same numbers here, the random ones too.
func TestTorchAugmentation(t *testing.T) {
	python, program := torch(t), torchProgram(t, "3.7")
	dir := t.TempDir()
	img := image.NewNRGBA(image.Rect(0, 0, 340, 300))
	for y := range 300 {
		for x := range 340 {
			img.Set(x, y, color.NRGBA{uint8(x * y / 97), uint8(255 - x/2), uint8((x + 3*y) / 5), 255})
		}
	}
	file := filepath.Join(dir, "photo.png")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	lines := ran(t, python, dir, fmt.Sprintf("import os\nos.chdir(%q)\n", dir)+program+`
small = photo.resize((32, 32))
small.save("small.png")
import json
for tensor in (x, y, z):
    print(json.dumps(tensor.permute(1, 2, 0).flatten().tolist()))
`)
	if len(lines) != 4 || lines[0] != "[3, 224, 224]" {
		t.Fatalf("%d lines, the first is %q", len(lines), lines[0])
	}
	for i, c := range []struct {
		pipeline augment.Compose
		file     string
		seed     uint64
	}{{augment.LessonValid(), file, 0}, {augment.LessonTrain(), file, 1}, {augment.Train32(), filepath.Join(dir, "small.png"), 2}} {
		photo, err := augment.DecodeFile(c.file, augment.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := augment.ApplyTensor(c.pipeline, photo, augment.NewTorchRand(c.seed))
		if err != nil {
			t.Fatal(err)
		}
		var want []float64
		if err := json.Unmarshal([]byte(lines[i+1]), &want); err != nil {
			t.Fatal(err)
		}
		if len(got.Data) != len(want) {
			t.Fatalf("%v: %d numbers, PyTorch gives %d", c.pipeline, len(got.Data), len(want))
		}
		for k := range want {
			if math.Abs(float64(got.Data[k])-want[k]) > 1e-5 {
				t.Fatalf("%v: number %d is %g, PyTorch gives %g", c.pipeline, k, got.Data[k], want[k])
			}
		}
	}
}
