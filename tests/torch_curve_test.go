package tests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"
)

// TestTorchCurve runs the PyTorch program of part 3.8 as it stands in the
// notebook, from our weights and on our batches, and compares the losses that
// it draws. In place of matplotlib stands what notes how it is called.
func TestTorchCurve(t *testing.T) {
	python, program := torch(t), torchProgram(t, "3.8")
	data := cifar10(t)
	const n, size, epochs = 600, 256, 8 // the last batch is smaller
	images := &cifar.Images{Pixels: data.Train.Pixels[:n*3072], Labels: data.Train.Labels[:n]}
	m := opened(t, nets.LeNet(), cnnlib.Options{Seed: 1})
	dir := t.TempDir()
	order := [][]int{}
	for epoch := 1; epoch <= epochs; epoch++ {
		order = append(order, cifar.Order(n, 1, epoch))
	}
	orders, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(weights.Export(m, filepath.Join(dir, "start.pth")), os.WriteFile(filepath.Join(dir, "pixels"), images.Pixels, 0o666),
		os.WriteFile(filepath.Join(dir, "labels"), images.Labels, 0o666), os.WriteFile(filepath.Join(dir, "orders"), orders, 0o666)); err != nil {
		t.Fatal(err)
	}
	history, err := train.Fit(context.Background(), m, images, train.Config{Epochs: epochs, BatchSize: size, LearningRate: 1e-3, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	definitions, drawing, found := strings.Cut(program, "plt.ion()")
	if !found {
		t.Fatal("the program draws nothing")
	}
	prelude := fmt.Sprintf(`
import json, os, pathlib, sys, types
os.chdir(%q)
calls = []
plt = types.ModuleType("matplotlib.pyplot")
def noted(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *a, **k: calls.append([name, *[list(v) if isinstance(v, range) else v for v in a]])
plt.__getattr__ = noted
sys.modules["matplotlib"] = matplotlib = types.ModuleType("matplotlib")
sys.modules["matplotlib.pyplot"] = matplotlib.pyplot = plt
import torch, torchvision
pixels = torch.frombuffer(bytearray(pathlib.Path("pixels").read_bytes()), dtype=torch.uint8).reshape(-1, 32, 32, 3).permute(0, 3, 1, 2) / 255
labels = torch.tensor(list(pathlib.Path("labels").read_bytes()))
torchvision.datasets.CIFAR10 = lambda *a, **k: list(zip(pixels, labels))
orders = iter(json.loads(pathlib.Path("orders").read_text()))
class Ours:
    def __iter__(self):
        for part in torch.tensor(next(orders)).split(%d):
            yield pixels[part], labels[part]
`, dir, size)
	ours := `
net.load_state_dict(torch.load("start.pth", weights_only=True))
loader = Ours()
plt.ion()`
	script := filepath.Join(dir, "program.py")
	if err := os.WriteFile(script, []byte(prelude+definitions+ours+drawing+"\nprint(json.dumps({'losses': losses, 'calls': calls[:7]}))\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Losses []float64
		Calls  [][]any
	}
	said := strings.Split(strings.TrimSpace(command(t, 3*time.Minute, nil, python, script)), "\n")
	if err := json.Unmarshal([]byte(said[len(said)-1]), &got); err != nil {
		t.Fatalf("%v in %q", err, said)
	}
	if len(got.Losses) != len(history) {
		t.Fatalf("PyTorch draws %d losses, here are %d epochs", len(got.Losses), len(history))
	}
	for i, e := range history {
		if off := math.Abs(got.Losses[i] - e.Loss); off > 2e-3 {
			t.Errorf("epoch %d: PyTorch's loss is %.5f, ours %.5f", i+1, got.Losses[i], e.Loss)
		}
	}
	if calls := fmt.Sprint(got.Calls); !strings.Contains(calls, "g-o") || !strings.Contains(calls, "[title Training Loss]") || !strings.Contains(calls, "[grid true]") {
		t.Errorf("PyTorch's curve is drawn by %s", calls)
	}
}
