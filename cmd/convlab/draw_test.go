package main

import (
	"bytes"
	"context"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/internal/labtest"
)

// drawn runs convlab draw and gives the file, whose content must be what its
// ending says.
func drawn(t *testing.T, args string, ending string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "new", "picture"+ending)
	if err := run(t, append(append([]string{"draw"}, strings.Fields(args)...), "-o", file)...); err != nil {
		t.Errorf("convlab draw %s: %v", args, err)
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	switch ending {
	case ".png":
		_, err = png.Decode(bytes.NewReader(data))
	case ".gif":
		_, err = gif.DecodeAll(bytes.NewReader(data))
	case ".svg":
		if !bytes.HasPrefix(data, []byte("<svg")) {
			t.Errorf("convlab draw %s: no SVG", args)
		}
	case ".html":
		if !bytes.HasPrefix(data, []byte("<!doctype html>")) {
			t.Errorf("convlab draw %s: no HTML", args)
		}
	}
	if err != nil {
		t.Errorf("convlab draw %s: %v", args, err)
	}
	return data
}

func TestDraw(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	for args, contains := range map[string]string{
		"slide --input 5x5 --kernel 3 --stride 2 --padding 1":                                          "of 9: y[0,0]",
		"slide --values 1,1,1,0,0,0,1,1,1,0,0,0,1,1,1,0,0,1,1,0,0,1,1,0,0 --weights 1,0,1,0,1,0,1,0,1": "1·1 + 1·0 + 1·1 + 0·0 + 1·1 + 1·0 + 0·1 + 0·0 + 1·1 = 4",
		"slide --input 9 --kernel 3 --dilation 2":                                                      "of 5",
		"slide --input 2x2 --values 1,2,3,4 --weights 1,2,3,4,5,6,7,8,9 --transposed":                  "63",
		"stack --input 5x5x5 --volume":                                                                 "of 27: 27 products",
		"stack --input 4x5x6 --volume --kernel 2x3x2 --stride 2 --padding 1 --flat":                    "12 products",
		"stack --input 2x2x2 --volume --transposed --stride 2 --padding 1":                             "of 27: 27 products",
		"stack --input 3x2x2 --transposed --stride 2":                                                  "of 25: 27 products",
		"stack --input 4x4x5 --filters 6 --groups 2 --kernel 2x3":                                      "map 5",
		"matrix --input 4x4 --weights 1,2,3,4,5,6,7,8,9":                                               "36 of 64 numbers are not 0",
		"matrix --input 2x2 --transposed --weights 1,2,3,4,5,6,7,8,9":                                  "36 of 64 numbers are not 0",
	} {
		if data := drawn(t, args, ".html"); !bytes.Contains(data, []byte(contains)) {
			t.Errorf("convlab draw %s: no %q", args, contains)
		}
	}
	for args, contains := range map[string]string{
		"matrix --input 3x3 --kernel 2 --in 2 --filters 4 --groups 2": "matrix 16x18: 64 of 288",
		"kronecker --column 1,2,1 --row=-1,0,1":                       "matrix 4x16: 24 of 64",
		"reach --channels 12 --layers g4,s4,g4":                       "75 % connected",
		"connections --layer s3":                                      "12 of 144 pairs",
		"coverage --rates 1,2,4":                                      "225 of 225",
		"network 3.1":                                                 "81,302",
		"network resnet18":                                            "11,689,512 params, 1,814,073,344 MACs",
		"network resnet18 --layer 5.0":                                ">5.0 Sequential<",
		"network unet --input 64x48x1":                                ">64x48x64<",
		"costs 3.2":                                                   "Parameters",
		"costs resnet20":                                              ">3.0.0 Sum<",
		"field resnet20":                                              "unit 3 of 5.2.0 Sum sees",
		"field 3.1":                                                   "10 of 32",
		"field 3.1 --layer 5 --row 2 --column 3 --photo " + encoded(t, "a.png", wide()):                          "rows 8 to 17, columns 12 to 21",
		"field resnet18 --input 32x64x3 --layer 4.0.0 --row 3 --column 8 --photo " + encoded(t, "b.png", wide()): "rows 0 to 25, columns 19 to 45",
	} {
		if data := drawn(t, args, ".svg"); !bytes.Contains(data, []byte(contains)) {
			t.Errorf("convlab draw %s: no %q", args, contains)
		}
	}
	drawn(t, "slide --step 3", ".png")
	drawn(t, "coverage", ".png")
	drawn(t, "slide --input 4x4", ".gif")
}

func TestDrawTrained(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	if testing.Short() {
		t.Skip("skipped: measures all test images several times")
	}
	data := labtest.Data(t)
	all, err := cifar.Open(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := cnnlib.New(labtest.Go(t), nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:]})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, few, err := all.Train.Split(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(t.Context(), m, few, train.Config{Epochs: 3, BatchSize: 32, Dir: dir, KeepAll: true}); err != nil {
		t.Fatal(err)
	}
	run := " 3.1 --dir " + dir
	for args, contains := range map[string]string{
		"kernels" + run: "6 kernels of 3x3 over 3 channels",
		"maps" + run + " --layer 1 --image 7 --data " + data:       "of 6 maps are 0",
		"influence" + run + " --data " + data:                      "124 of 1024 pixels move nothing",
		"influence" + run + " --layer 3 --unit 6,6 --data " + data: "8x8 pixels",
		"explain" + run + " --class ship --data " + data:           "What speaks for ship",
		"explain" + run + " --layer 1 --class cat --data " + data:  "What speaks for cat",
		"mistakes" + run + " --count 3 --data " + data:             "3 mistakes",
		"curves" + run:              "over 3 epochs",
		"classes --data " + data:    "100 images of 10 classes",
		"histograms --data " + data: "red: mean 0.491, std 0.247",
	} {
		if data := drawn(t, args, ".svg"); !bytes.Contains(data, []byte(contains)) {
			t.Errorf("convlab draw %s: no %q", args, contains)
		}
	}
	if data := drawn(t, "kernels"+run+" --film", ".html"); !bytes.Contains(data, []byte("<li>epoch 3")) || !bytes.Contains(data, []byte("<li>before training")) {
		t.Error("the film of the kernels lacks epochs")
	}
	for args, contains := range map[string]string{
		"maps" + run + " --film --data " + data:                           "<li>epoch 3: 6 maps",
		"influence" + run + " --film --layer 3 --unit 6,6 --data " + data: "<li>epoch 3: Effective receptive field",
	} {
		if data := drawn(t, args, ".html"); !bytes.Contains(data, []byte(contains)) {
			t.Errorf("convlab draw %s: no %q", args, contains)
		}
	}
	if data := drawn(t, "confusion"+run+" --data "+data, ".html"); !bytes.Contains(data, []byte("taken for")) || len(data) > 300_000 {
		t.Errorf("confusion matrix of %d bytes", len(data))
	}
}

func TestDrawSaysWhatToDo(t *testing.T) {
	t.Setenv("CONVLAB_RUNS", t.TempDir())
	for args, want := range map[string]string{
		"slide --input 5x":                        "write 5, 4x6 or 3x5x5",
		"slide --input 0":                         "write 5, 4x6 or 3x5x5",
		"slide --input 2 --kernel 5":              "window spans 5 pixels",
		"slide --input 3x3x3":                     "convlab draw stack",
		"slide --values 1,x":                      "write them as 1,-2,0.5",
		"slide --values 1,2":                      "25 numbers, 2 are given",
		"slide --values NaN --input 1 --kernel 1": "NaN",
		"slide --kernel 2x3x4":                    "give one side or as many",
		"slide -o a.mp4":                          ".gif, .svg, .html or .png",
		"slide --step 3":                          "--step is for .png",
		"slide --step 99 -o a.png":                "steps 1 to 9",
		"slide --input 10000x10000":               "too many to draw",
		"slide --input 60x60":                     "take a smaller input",
		"slide --stride 0":                        "starts at 0, the others at 1",
		"stack --input 5x5":                       "give the planes too",
		"stack --input 3x5x5 --groups 2":          "cannot be split",
		"matrix --groups 3 --in 2":                "cannot be split into 3 groups",
		"matrix --input 300x300 --in 2":           "a matrix must have",
		"kronecker --column x":                    "no number",
		"reach --layers q":                        "write g3",
		"reach --channels 10":                     "cannot be split into 3 groups",
		"coverage --rates 0":                      "dilation must be at least 1",
		"network 9":                               "there is no network \"9\"; there are 3.1, 3.2, plain, augmented, fast, wide, resnet20, segments, moves, lenet, lessonnet, alexnet,",
		"network resnet18 --input 9":              "needs images",
		"network resnet18 --layer 0":              "is not made of other layers",
		"network resnet18 --layer 4.7":            "the network has no layer \"4.7\"",
		"field resnet18":                          "too many to draw: draw fewer",
		"field resnet18 --input 9 --photo a.png":  "is for images",
		"costs vgg16 --input x":                   "write 5, 4x6 or 3x5x5",
		"field 3.1 --photo /gone.jpg":             "no such file",
		"kernels 3.1":                             "convlab train 3.1",
		"kernels 3.1 --film":                      "train first",
		"mistakes 3.1 --count 0":                  "from 1 to 200",
		"explain 3.1 --photo /gone.jpg":           "no such file",
	} {
		if err := run(t, append([]string{"draw"}, strings.Fields(args)...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("convlab draw %s: %v, want an error with %q", args, err, want)
		}
	}
}
