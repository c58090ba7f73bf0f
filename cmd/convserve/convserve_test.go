package main

import (
	"errors"
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
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/labdir"
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
	plugin := filepath.Join(labdir.Plugins(), "pjrt_c_api_cpu_plugin.so")
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
		if err := weights.ExportStableHLO(t.Context(), m, file, 2, cifar.Classes[:]); err != nil {
			t.Fatal(err)
		}
		p, err := load(plugin, file, usual)
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
	if err := weights.ExportStableHLO(t.Context(), m, file, 1, cifar.Classes[:]); err != nil {
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

// usual are the limits that the command has by default.
var usual = limits{memory: 4 << 30, time: 5 * time.Minute}

const good = "// classes: a,b\nmodule @x {\n  func.func @main(%p: tensor<1x4x4x3xui8>) -> tensor<1x2xf32> {\n" +
	"    %s = stablehlo.constant dense<1.0> : tensor<1x2xf32>\n    return %s : tensor<1x2xf32>\n  }\n}\n"

func TestBadPrograms(t *testing.T) {
	if err := new(program).parse("f", []byte(good), usual); err != nil {
		t.Errorf("good: %v", err)
	}
	for want, text := range map[string]string{
		"a StableHLO program begins":                         "hello",
		"is an empty file":                                   "",
		"f is a PNG image; convserve":                        "\x89PNG\r\n",
		"f is a checkpoint of convlab":                       "convlab checkpoint 1\n",
		"names 2 classes":                                    strings.ReplaceAll(good, "1x2xf32", "1x3xf32"),
		"a network takes":                                    strings.ReplaceAll(good, "1x2xf32", "9x2xf32"),
		"--memory-limit raises it":                           strings.Replace(good, "1x4x4x3", "1x999999999x999999999x3", 1),
		"line 6: the text ends where an operation should be": good[:strings.LastIndex(good, "  }")],
	} {
		if err := new(program).parse("f", []byte(text), usual); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
}

// TestRefusedByXLA: what XLA's own checks refuse is one line too.
func TestRefusedByXLA(t *testing.T) {
	labtest.XLA(t) // is it there
	file := filepath.Join(t.TempDir(), "bad.stablehlo")
	if err := os.WriteFile(file, []byte(strings.Replace(good, "return %s", "return %p", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := load(filepath.Join(labdir.Plugins(), "pjrt_c_api_cpu_plugin.so"), file, usual)
	if err == nil || !strings.Contains(err.Error(), "does not compile") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a program that contradicts itself: error %v", err)
	}
}

// TestForms: XLA takes what the parser takes, in every form that it has a test
// for, and a loop on demand.
func TestForms(t *testing.T) {
	labtest.XLA(t) // is it there
	loops := usual
	loops.loops = true
	for _, c := range []struct {
		file string
		l    limits
		want string
	}{{"forms.mlir", usual, ""}, {"loop.stablehlo", usual, "--allow-loops"}, {"nan.stablehlo", usual, ""}, {"lie_out2.stablehlo", usual, "gives 2"}, {"lie_out0.stablehlo", loops, "gives 0"}} {
		p, err := load(filepath.Join(labdir.Plugins(), "pjrt_c_api_cpu_plugin.so"), filepath.Join("../../internal/stablehlo/testdata", c.file), c.l)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v", c.file, err)
		}
		if err != nil {
			continue
		}
		if got, err := p.logits(t.Context(), [][]uint8{make([]uint8, 48)}); err != nil || len(got) != 1 || len(got[0]) != 2 {
			t.Errorf("%s: %v, %v", c.file, got, err)
		}
		p.close()
	}
}

// TestSlow: what takes longer than the limit ends with an error.
func TestSlow(t *testing.T) {
	wait := make(chan bool)
	defer close(wait)
	_, err := within(time.Millisecond, "it runs", func() (int, error) { <-wait; return 1, nil })
	if !errors.Is(err, errSlow) || err.Error() != "it runs after 1ms: --time-limit gives it more time" {
		t.Errorf("error %v", err)
	}
	if got, err := within(time.Hour, "it runs", func() (int, error) { return 1, nil }); got != 1 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
}
