//go:build linux

package faults

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// reportedFiles are the faults with files that other programs write, and with
// files that other programs read.
func reportedFiles() map[string]report {
	return map[string]report{
		"01": {what: "safetensors", how: "a network under a prefix, its tensors sorted by name", try: sameLogits("wrapped.safetensors")},
		"02": {what: ".pth and .ckpt", how: "a Lightning checkpoint and an averaged model, with tensors beside the weights", try: sameLogits("lightning.ckpt", "averaged.pth")},
		"03": {what: "`convlab predict`", how: "a motion photo, with an MP4 behind the JPEG", try: predicts("motion_small.jpg")},
		"04": {what: "`convlab predict`", how: "orientation as LONG, after fill bytes, and in a raw profile", try: turned},
		"06": {what: "run folders", how: "`run[1]` beside `run1`", try: brackets},
		"12": {what: "ONNX", how: "pools whose last ceil window PyTorch drops", try: ceilPools},
		"15": {what: "`train.Fit`", how: "label 10 of 10 classes", refused: true, try: labelOutside},
		"16": {what: "SVG", how: "drawn by programs that know little CSS, CairoSVG among them", try: drawnSVG},
	}
}

// logitsOfPyTorch are those that testdata/reports/make.py printed.
const logitsOfPyTorch = "logits [0.3042 -6.4635 4.9794 1.2997 -4.7339 5.3516 0.7917 -0.7852 1.0948 -6.4130]"

// sameLogits imports files and compares what the network says with PyTorch.
func sameLogits(names ...string) func(t *testing.T, c checkout) string {
	return func(t *testing.T, c checkout) string {
		for _, name := range names {
			r := c.user(t, t.TempDir(), "logits", reported(t, name))
			if r.hung || r.panicked() {
				return name + ": " + r.last()
			}
			if !strings.Contains(r.out, logitsOfPyTorch) {
				first, _, _ := strings.Cut(r.out, "\n")
				return fmt.Sprintf("%s: %s, then %s", name, first, r.last())
			}
		}
		return ""
	}
}

// predicts asks what is in a picture.
func predicts(name string) func(t *testing.T, c checkout) string {
	return func(t *testing.T, c checkout) string {
		dir := filepath.Join(t.TempDir(), "run")
		c.trained(t, dir)
		r := c.convlab(t, filepath.Dir(dir), "predict", reported(t, name), "--net", "3.1", "--dir", dir)
		if r.code != 0 || r.hung || r.panicked() {
			return name + ": " + strings.TrimPrefix(r.last(), "convlab: error: ")
		}
		return ""
	}
}

// turned predicts pictures that lie on their side: each must be read upright.
func turned(t *testing.T, c checkout) string {
	dir := filepath.Join(t.TempDir(), "run")
	c.trained(t, dir)
	for _, name := range []string{"orient_short.jpg", "orient_long.jpg", "orient_long_be.jpg", "orient_fill.jpg", "png_rawprofile.png"} {
		r := c.convlab(t, filepath.Dir(dir), "predict", reported(t, name), "--net", "3.1", "--dir", dir)
		if r.code != 0 {
			return name + ": " + r.last()
		}
		if !strings.Contains(r.out, "60x80 pixels") {
			said, _, _ := strings.Cut(r.out[strings.Index(r.out, name):], ";")
			return said + ", upright it is 60x80"
		}
	}
	return ""
}

// brackets trains in run[1], a name that read as a pattern means run1.
func brackets(t *testing.T, c checkout) string {
	if _, err := os.Stat(filepath.Join(labdir.Data(), "test_batch.bin")); err != nil {
		skiptest.Missing(t, "CIFAR-10")
	}
	dir := t.TempDir()
	other, own := filepath.Join(dir, "run1"), filepath.Join(dir, "run[1]")
	c.trained(t, other)
	made, err := os.ReadDir(other)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := ""
	for _, e := range made {
		if strings.HasSuffix(e.Name(), ".ckpt") {
			checkpoint = e.Name()
		}
	}
	for _, epoch := range []string{"epoch-000007-step-000001.ckpt", "epoch-000008-step-000001.ckpt", "epoch-000009-step-000001.ckpt"} {
		place(t, filepath.Join(other, epoch), string(content(t, filepath.Join(other, checkpoint))))
	}
	before := names(t, other)
	for range 2 {
		if r := c.convlab(t, dir, "train", "3.1", "--epochs", "1", "--dir", own); r.code != 0 || r.hung || r.panicked() {
			return "train: " + r.last()
		}
	}
	if after := names(t, other); !slices.Equal(before, after) {
		return fmt.Sprintf("training in run[1] left %d of %d files in run1", len(after), len(before))
	}
	if r := c.convlab(t, dir, "predict", reported(t, "orient_short.jpg"), "--net", "3.1", "--dir", own); r.code != 0 {
		return "predict: " + r.last()
	}
	return ""
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// ceilPools exports pools and looks whether the attribute that onnxruntime
// and the standard read otherwise is in the files; where onnxruntime is, it
// loads them.
func ceilPools(t *testing.T, c checkout) string {
	dir := t.TempDir()
	if r := c.user(t, dir, "pools", dir); r.code != 0 {
		return r.last()
	}
	var wrong []string
	for _, name := range []string{"max.onnx", "avg.onnx"} {
		if bytes.Contains(content(t, filepath.Join(dir, name)), []byte("ceil_mode\x18\x01")) {
			wrong = append(wrong, name+" has ceil_mode=1, which makes one window more than PyTorch")
		}
	}
	if python := filepath.Join(labdir.Dir(), "bench", "venv", "bin", "python"); exists(python) {
		r := run(t, patience, dir, os.Environ(), python, "-c", "import onnxruntime as o\nfor f in ('max.onnx', 'avg.onnx'): o.InferenceSession(f)")
		if r.code != 0 {
			wrong = append(wrong, "onnxruntime: "+r.last())
		}
	}
	return strings.Join(wrong, "; ")
}

func labelOutside(t *testing.T, c checkout) string {
	r := c.user(t, t.TempDir(), "labels")
	if !strings.Contains(r.out, "label 10") {
		return r.last()
	}
	return ""
}

// drawnSVG draws every kind of picture that needs no trained network. The
// root must say its size in attributes that nothing overrides; where CairoSVG
// is, it must not draw them white.
func drawnSVG(t *testing.T, c checkout) string {
	dir := t.TempDir()
	for i, args := range []string{
		"slide --input 5x5 --kernel 3 --stride 2 --padding 1", "stack --input 5x5x3 --kernel 3", "stack --input 4x4x4 --kernel 3 --volume",
		"matrix --input 4x4 --kernel 3", "kronecker --column 1,2,1 --row=-1,0,1", "reach --channels 12 --layers g3,s3,g3",
		"connections --channels 12 --layer s3", "coverage --rates 1,2,3", "network 3.2", "costs 3.2", "field 3.1",
	} {
		file := filepath.Join(dir, fmt.Sprintf("%02d-%s.svg", i, strings.Fields(args)[0]))
		if r := c.convlab(t, dir, append(append([]string{"draw"}, strings.Fields(args)...), "-o", file)...); r.code != 0 {
			return args + ": " + r.last()
		}
		var svg struct {
			Width   float64 `xml:"width,attr"`
			Height  float64 `xml:"height,attr"`
			ViewBox string  `xml:"viewBox,attr"`
			Style   string  `xml:"style,attr"`
		}
		if err := xml.Unmarshal(content(t, file), &svg); err != nil {
			return fmt.Sprintf("%s: %v", args, err)
		}
		if svg.Style != "" || svg.ViewBox != fmt.Sprintf("0 0 %g %g", svg.Width, svg.Height) {
			return fmt.Sprintf("%s: the root has style %q, which CairoSVG takes for the size: a white picture", strings.Fields(args)[0], svg.Style)
		}
	}
	python := filepath.Join(labdir.Dir(), "bench", "venv", "bin", "python")
	if exists(python) && exec.Command(python, "-c", "import cairosvg").Run() == nil {
		r := run(t, patience, dir, os.Environ(), python, "-c", `import cairosvg, glob, io, sys
from PIL import Image
for f in sorted(glob.glob("*.svg")):
    picture = Image.open(io.BytesIO(cairosvg.svg2png(url=f, background_color="white"))).convert("L")
    if sum(picture.histogram()[:200]) < picture.width * picture.height / 100: sys.exit(f + " is blank")`)
		if r.code != 0 {
			return "CairoSVG: " + r.last()
		}
	}
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
