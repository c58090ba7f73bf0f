package tests

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/labdir"
	"convlab/internal/labtest"
	"convlab/internal/skiptest"
	"convlab/recipes"

	"github.com/gomlx/gomlx/core/tensors"
)

// clickPictures of the test set are compared: of all the class, of the first
// few every number of every layer.
const clickPictures = 200

// TestClickThrough trains network 3.1 and recipe fast a little and compares what
// their pages compute with cnnlib, outside a browser; then it works the page of
// network 3.1 as a reader does.
func TestClickThrough(t *testing.T) {
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "browser", "node_modules")); err != nil {
		skiptest.Missing(t, "the browser")
	}
	data, err := cifar.Open(context.Background(), labtest.Data(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CONVLAB_LANG", "en")
	b, err := cnnlib.OpenBackend()
	if err != nil {
		t.Fatal(err)
	}
	_, few, err := data.Train.Split(4000, 1)
	if err != nil {
		t.Fatal(err)
	}
	lenet := recipes.Plain()
	lenet.Net = nets.LeNet()
	cfg := lenet.Config(1)
	cfg.Epochs, cfg.KeepAll, cfg.Dir = 1, true, filepath.Join(t.TempDir(), "run")
	trained, err := lenet.Model(b.Backend, few, 1)
	if err != nil {
		t.Fatal(err)
	}
	history, err := train.Fit(context.Background(), trained, lenet.Images(few, 1), cfg)
	if err != nil {
		t.Fatal(err)
	}
	clickThrough(t, "3.1", trained, data.Test, clickPictures, "browser")
	timeMachine(t, lenet, few, data.Test, cfg.Dir, history)

	fast, err := recipes.Fast().Model(b.Backend, few, 1)
	if err != nil {
		t.Fatal(err)
	}
	every := recipes.Plain()
	every.Net = everyKind
	kinds, err := every.Model(b.Backend, few, 1)
	if err != nil {
		t.Fatal(err)
	}
	branches := recipes.Plain()
	branches.Net = everyBranch
	branching, err := branches.Model(b.Backend, few, 1)
	if err != nil {
		t.Fatal(err)
	}
	resnet := recipes.Plain()
	resnet.Net = nets.ResNet20(10)
	residual, err := resnet.Model(b.Backend, few, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]*cnnlib.Model{"fast": fast, "every kind of layer": kinds, "every kind of branch": branching, "ResNet20": residual} {
		unevenNorms(t, m)
		clickThrough(t, name, m, data.Test, 2, "")
	}
}

// everyKind has the layers that networks 3.1 and fast lack.
var everyKind = cnnlib.Sequential{
	cnnlib.Conv{Out: 8, Kernel: 3, Stride: 2, Padding: 1, Dilation: 2}, cnnlib.BatchNorm{}, cnnlib.LeakyReLU{Slope: 0.2}, cnnlib.ShuffledConv{Out: 8, Kernel: 3, Groups: 2}, cnnlib.ELU{},
	cnnlib.SeparableConv{Out: 6, Kernel: 3}, cnnlib.SiLU{}, cnnlib.SpatialConv{Out: 6, Kernel: 3}, cnnlib.HardSwish{}, cnnlib.MaxPool{Size: 3, Stride: 2, Padding: 1, Ceil: true}, cnnlib.AvgPool{Size: 2, Stride: 1, Padding: 1, ExcludePad: true},
	cnnlib.AvgPool{Size: 2, Stride: 1, Padding: 1}, cnnlib.Sigmoid{}, cnnlib.Dropout{Rate: 0.5}, cnnlib.Conv{Out: 12, Kernel: 1}, cnnlib.Tanh{}, cnnlib.ReLU6{}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10}, cnnlib.Scale{By: 30},
}

// everyBranch has sums with and without a layer on the short way, a product with
// one number for all places, and channels one after the other.
var everyBranch = cnnlib.Sequential{
	cnnlib.Conv{Out: 6, Kernel: 3, Stride: 2}, cnnlib.ReLU{}, cnnlib.Residual(cnnlib.Conv{Out: 6, Kernel: 3, Same: true}, cnnlib.BatchNorm{}),
	cnnlib.Branches{Layers: []cnnlib.Layer{cnnlib.Conv{Out: 8, Kernel: 1, Stride: 2}, cnnlib.Conv{Out: 8, Kernel: 3, Stride: 2, Padding: 1}}, Join: cnnlib.Sum},
	cnnlib.Branches{Layers: []cnnlib.Layer{nil, cnnlib.Sequential{cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 8}, cnnlib.Sigmoid{}}}, Join: cnnlib.Product},
	cnnlib.Branches{Layers: []cnnlib.Layer{cnnlib.Conv{Out: 2, Kernel: 1}, nil, cnnlib.Conv{Out: 3, Kernel: 3, Same: true}}, Join: cnnlib.Concat},
	cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10},
}

// unevenNorms gives every BatchNorm statistics of its own, as training would.
func unevenNorms(t *testing.T, m *cnnlib.Model) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 5))
	for _, place := range m.Root().Steps() {
		if _, ok := place.Layer.(cnnlib.BatchNorm); !ok {
			continue
		}
		for _, name := range []string{"running_mean", "running_var", "bias"} {
			values, _, err := m.Weight(place.Path, name)
			if err != nil {
				t.Fatal(err)
			}
			for i := range values {
				values[i] = 0.5 + rng.Float32()
			}
			if err := m.SetWeight(place.Path, name, values); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// clickThrough compares the page of a model with cnnlib; every number of every
// layer for some pictures. With "browser" the page is worked too.
func clickThrough(t *testing.T, name string, m *cnnlib.Model, test *cifar.Images, numbers int, browser string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	examples := convviz.Examples{Classes: cifar.Classes[:]}
	for i := range 12 {
		pixels, label := test.Example(i)
		examples.Pixels, examples.Labels = append(examples.Pixels, pixels...), append(examples.Labels, int(label))
	}
	page, err := convviz.ClickThrough(m, examples)
	if err := convviz.WritePage(file, page, err); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() > 3<<20 {
		t.Errorf("the page of %s: %v, %d bytes, should be under 3 MiB", name, err, info.Size())
	}
	writeExpected(t, m, test, numbers, dir)
	t.Log(name, command(t, 6*time.Minute, []string{"CONVLAB_LAB=" + labdir.Dir()}, "node", "tests/browser/click.mjs", file, dir, browser))
}

// timeMachine makes the page of a training and scrubs through it.
func timeMachine(t *testing.T, r recipes.Recipe, images, test *cifar.Images, dir string, history train.History) {
	t.Helper()
	b, err := cnnlib.OpenBackend()
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Model(b.Backend, images, 1)
	if err != nil {
		t.Fatal(err)
	}
	const followed = 2
	size := cifar.Size * cifar.Size * cifar.Channels
	machine := convviz.TimeMachine{Examples: convviz.Examples{Pixels: test.Pixels[:followed*size], Labels: []int{int(test.Labels[0]), int(test.Labels[1])}, Classes: cifar.Classes[:]}}
	some := &cifar.Images{Pixels: test.Pixels[:500*size], Labels: test.Labels[:500]}
	var expected []map[string]any
	err = train.Replay(m, dir, func(epoch int) error {
		result, err := train.Evaluate(context.Background(), m, some, 100)
		if err != nil {
			return err
		}
		logits, err := m.Predict(test.Pixels[:followed*size], followed)
		if err != nil {
			return err
		}
		var p [][]float32
		for _, z := range logits {
			p = append(p, cnnlib.Softmax(z))
		}
		expected = append(expected, map[string]any{"epoch": epoch, "confusion": result.Confusion, "right": fmt.Sprintf("%.1f %%", 100*result.Accuracy), "p": p})
		return machine.Add(m, epoch, result)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(expected) != 1+len(history) {
		t.Fatalf("%d epochs with that before training, %d were trained", len(expected), len(history))
	}
	out := t.TempDir()
	file, expectedFile := filepath.Join(out, "training.html"), filepath.Join(out, "expected.json")
	page, err := machine.Page(history)
	if err := convviz.WritePage(file, page, err); err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(expected)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(expectedFile, written, 0o666); err != nil {
		t.Fatal(err)
	}
	t.Log(command(t, 3*time.Minute, []string{"CONVLAB_LAB=" + labdir.Dir()}, "node", "tests/browser/machine.mjs", file, expectedFile))
}

// writeExpected writes what cnnlib computes of the first test images: into
// outputs.bin the numbers of every layer of some, layer by layer, into
// expected.json the class of each and the number of layers; and a photo.
func writeExpected(t *testing.T, m *cnnlib.Model, images *cifar.Images, numbers int, dir string) {
	t.Helper()
	size := cifar.Size * cifar.Size * cifar.Channels
	out, err := os.Create(filepath.Join(dir, "outputs.bin"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	steps := m.Root().Steps()
	outputs := make([][]float32, len(steps)) // of all pictures, one after the other
	if numbers < len(steps) {                // a program for each picture in place of one for each layer
		for i := range numbers {
			all, err := m.Activations(images.Pixels[i*size : (i+1)*size])
			if err != nil {
				t.Fatal(err)
			}
			for l, output := range all {
				values, err := tensors.CopyFlatData[float32](output)
				if err != nil {
					t.Fatal(err)
				}
				outputs[l] = append(outputs[l], values...)
			}
		}
	} else {
		for l, place := range steps {
			values, _, err := m.Output(images.Pixels[:numbers*size], numbers, place.Path)
			if err != nil {
				t.Fatal(err)
			}
			outputs[l] = slices.Concat(values...)
		}
	}
	for _, values := range outputs {
		if err := binary.Write(out, binary.LittleEndian, values); err != nil {
			t.Fatal(err)
		}
	}
	logits, err := m.Predict(images.Pixels[:clickPictures*size], clickPictures)
	if err != nil {
		t.Fatal(err)
	}
	expected, err := json.Marshal(map[string]any{"layers": len(steps), "numbers": numbers, "logits": logits, "pixels": images.Pixels[:clickPictures*size]})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "expected.json"), expected, 0o666); err != nil {
		t.Fatal(err)
	}
	photo, err := os.Create(filepath.Join(dir, "photo.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer photo.Close()
	wide := image.NewNRGBA(image.Rect(0, 0, 3*cifar.Size, cifar.Size)) // the middle square is the first test image
	first := images.Image(0)
	for y := range cifar.Size {
		for x := range cifar.Size {
			wide.Set(cifar.Size+x, y, first.At(x, y))
		}
	}
	if err := png.Encode(photo, wide); err != nil {
		t.Fatal(err)
	}
}
