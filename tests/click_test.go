package tests

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/lab"
	"convlab/internal/labtest"
	"convlab/internal/need"
	"convlab/recipes"
)

// clickPictures of the test set are compared: of all the class, of the first
// few every number of every layer.
const clickPictures = 200

// TestClickThrough trains network 3.1 and recipe fast a little and compares what
// their pages compute with cnnlib, outside a browser; then it works the page of
// network 3.1 as a reader does.
func TestClickThrough(t *testing.T) {
	if _, err := os.Stat(filepath.Join(lab.Dir(), "browser", "node_modules")); err != nil {
		need.Missing(t, "the browser")
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
	fast := recipes.Fast()
	for _, c := range []struct {
		name    string
		recipe  recipes.Recipe
		images  int
		numbers int // pictures of which every number is compared
		browser string
	}{{"3.1", lenet, 4000, clickPictures, "browser"}, {"fast", fast, 500, 4, ""}} {
		images := &cifar.Images{Pixels: few.Pixels[:c.images*cifar.Size*cifar.Size*cifar.Channels], Labels: few.Labels[:c.images]}
		m, err := c.recipe.Model(b.Backend, images, 1)
		if err != nil {
			t.Fatal(err)
		}
		cfg := c.recipe.Config(1)
		cfg.Epochs, cfg.KeepAll, cfg.Dir = 1, true, filepath.Join(t.TempDir(), "run")
		history, err := train.Fit(context.Background(), m, c.recipe.Images(images, 1), cfg)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "page.html")
		examples := convviz.Examples{Classes: cifar.Classes[:]}
		for i := range 12 {
			pixels, label := data.Test.Example(i)
			examples.Pixels, examples.Labels = append(examples.Pixels, pixels...), append(examples.Labels, int(label))
		}
		page, err := convviz.ClickThrough(m, examples)
		if err := convviz.WritePage(file, page, err); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file); err != nil || info.Size() > 3<<20 {
			t.Errorf("the page of %s: %v, %d bytes, should be under 3 MiB", c.name, err, info.Size())
		}
		writeExpected(t, m, data.Test, c.numbers, dir)
		t.Log(c.name, command(t, 3*time.Minute, []string{"CONVLAB_LAB=" + lab.Dir()}, "node", "tests/browser/click.mjs", file, dir, c.browser))
		if c.browser != "" {
			timeMachine(t, c.recipe, images, data.Test, cfg.Dir, history)
		}
	}
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
	t.Log(command(t, 3*time.Minute, []string{"CONVLAB_LAB=" + lab.Dir()}, "node", "tests/browser/machine.mjs", file, expectedFile))
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
	layers := 0
	for _, place := range m.Root().Steps() {
		values, _, err := m.Output(images.Pixels[:numbers*size], numbers, place.Path)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			if err := binary.Write(out, binary.LittleEndian, v); err != nil {
				t.Fatal(err)
			}
		}
		layers++
	}
	logits, err := m.Predict(images.Pixels[:clickPictures*size], clickPictures)
	if err != nil {
		t.Fatal(err)
	}
	expected, err := json.Marshal(map[string]any{"layers": layers, "numbers": numbers, "logits": logits, "pixels": images.Pixels[:clickPictures*size]})
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
