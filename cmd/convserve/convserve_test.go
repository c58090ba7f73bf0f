package main

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/lab"
	"convlab/internal/labtest"
)

// networks are exported and served.
func networks() map[string]cnnlib.Sequential {
	return map[string]cnnlib.Sequential{
		"3.1": nets.LeNet(), "3.2": nets.LessonNet(),
		"mobile": {cnnlib.SeparableConv{Out: 8, Kernel: 3, Stride: 2}, cnnlib.BatchNorm{}, cnnlib.SiLU{}, cnnlib.Conv{Out: 8, Kernel: 3, Groups: 4},
			cnnlib.TransposedConv{Out: 4, Kernel: 2, Stride: 2}, cnnlib.ReLU{}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10}},
	}
}

// TestServed: the file has the logits of the model, also in a batch that is
// not full.
func TestServed(t *testing.T) {
	b := labtest.XLA(t)
	plugin := filepath.Join(lab.Plugins(), "pjrt_c_api_cpu_plugin.so")
	images := make([][]uint8, 5)
	var all []uint8
	for i := range images {
		images[i] = make([]uint8, 32*32*3)
		for j := range images[i] {
			images[i][j] = uint8((i*3072 + j) * 37 % 251)
		}
		all = append(all, images[i]...)
	}
	for name, net := range networks() {
		m, err := cnnlib.New(b, net, nets.CIFARInput(), cnnlib.Options{Seed: 4, Mean: cifar.Mean[:], Std: cifar.Std[:]})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "net.stablehlo")
		if err := weights.ExportStableHLO(m, file, 2, cifar.Classes[:]); err != nil {
			t.Fatal(err)
		}
		p, err := load(plugin, file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.logits(t.Context(), images)
		if err != nil {
			t.Fatal(err)
		}
		p.close()
		want, err := m.Predict(all, len(images))
		if err != nil {
			t.Fatal(err)
		}
		most, off := 0.0, 0.0
		for i := range want {
			for j := range want[i] {
				most, off = max(most, math.Abs(float64(want[i][j]))), max(off, math.Abs(float64(got[i][j]-want[i][j])))
			}
		}
		t.Logf("%s: logits within %.1e", name, off/most)
		if !(off/most <= 1e-5) {
			t.Errorf("%s: logits differ by %.1e relative", name, off/most)
		}
	}
}

// TestCommand builds the program, and it names the model's class for a
// picture file.
func TestCommand(t *testing.T) {
	b := labtest.XLA(t)
	m, err := cnnlib.New(b, nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, photo, command := filepath.Join(dir, "net.stablehlo"), filepath.Join(dir, "photo.png"), filepath.Join(dir, "convserve")
	if err := weights.ExportStableHLO(m, file, 1, cifar.Classes[:]); err != nil {
		t.Fatal(err)
	}
	img, pixels := image.NewNRGBA(image.Rect(0, 0, 32, 32)), []uint8{}
	for i := range 32 * 32 {
		c := color.NRGBA{uint8(i * 7), uint8(i * 5 / 3), uint8(i / 4), 255}
		img.SetNRGBA(i%32, i/32, c)
		pixels = append(pixels, c.R, c.G, c.B)
	}
	f, err := os.Create(photo)
	if err == nil {
		err = png.Encode(f, img)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	logits, err := m.Predict(pixels, 1)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", command, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(command, "--top", "1", file, photo)
	run.Stderr = io.Discard // XLA talks
	out, err := run.Output()
	first := best(softmax(logits[0]), 1)[0]
	if err != nil || !strings.Contains(string(out), photo) || !strings.Contains(string(out), cifar.Classes[first.class]) {
		t.Errorf("error %v, it says %q, the model %s", err, out, cifar.Classes[first.class])
	}
}

// TestAlone: the program stands on PJRT alone.
func TestAlone(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range strings.Fields(string(out)) {
		if strings.HasPrefix(p, "github.com/gomlx/gomlx") || strings.HasPrefix(p, "convlab/cnnlib") || strings.HasPrefix(p, "github.com/gomlx/go-xla/compute") {
			t.Errorf("convserve imports %s", p)
		}
	}
}

func TestBadPrograms(t *testing.T) {
	const good = "// classes: a,b\nmodule @x {\n  func.func @main(%p: tensor<1x4x4x3xui8>) -> tensor<1x2xf32> {\n"
	if err := new(program).parse("f", []byte(good)); err != nil {
		t.Errorf("good: %v", err)
	}
	for want, text := range map[string]string{
		"no function main": "hello",
		"names 2 classes":  strings.Replace(good, "1x2xf32", "1x3xf32", 1),
		"this is no":       strings.Replace(good, "1x2xf32", "9x2xf32", 1),
		"no network":       strings.Replace(good, "1x4x4x3", "999999999x999999999x999999999x3", 1),
	} {
		if err := new(program).parse("f", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
}

func TestCutProgram(t *testing.T) {
	labtest.XLA(t) // is it there
	file := filepath.Join(t.TempDir(), "bad.stablehlo")
	if err := os.WriteFile(file, []byte("module @x {\n  func.func @main(%p: tensor<1x4x4x3xui8>) -> tensor<1x2xf32> {\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := load(filepath.Join(lab.Plugins(), "pjrt_c_api_cpu_plugin.so"), file); err == nil || !strings.Contains(err.Error(), "does not compile") {
		t.Errorf("a program that was cut: error %v", err)
	}
}
