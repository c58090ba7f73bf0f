package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/internal/labtest"
)

// A wide picture: red at the sides, blue in the middle square.
func wide() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 400, 100))
	for y := range 100 {
		for x := range 400 {
			img.SetNRGBA(x, y, color.NRGBA{255, 0, 0, 255})
			if x >= 150 && x < 250 {
				img.SetNRGBA(x, y, color.NRGBA{0, 0, 255, 255})
			}
		}
	}
	return img
}

func encoded(t *testing.T, name string, img image.Image) string {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch filepath.Ext(name) {
	case ".png":
		err = png.Encode(&b, img)
	case ".jpg":
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 100})
	case ".gif":
		err = gif.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLookTakesTheMiddle(t *testing.T) {
	for _, name := range []string{"a.png", "a.jpg", "a.gif"} {
		pixels, saw, err := look(encoded(t, name, wide()))
		if err != nil || len(pixels) != cifar.Size*cifar.Size*cifar.Channels || !strings.Contains(saw, "400x100") || !strings.Contains(saw, "middle 100x100") {
			t.Errorf("%s: %d bytes, %q, %v", name, len(pixels), saw, err)
			continue
		}
		for i := 16 * 32 * 3; i < 17*32*3; i += 3 { // a row: blue to its ends
			if r, b := pixels[i], pixels[i+2]; r > 40 || b < 200 {
				t.Errorf("%s: byte %d is %v", name, i, pixels[i:i+3])
			}
		}
	}
}

// An image of the data set, saved as PNG, is shown to the network as it is; a
// grey one has three equal channels; where it is transparent, the colour that
// the file has there is taken, as torchvision's users get it from Pillow.
func TestLookKeepsPixels(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 31)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	pixels, _, err := look(encoded(t, "a.png", img))
	if err != nil {
		t.Fatal(err)
	}
	for p := range 32 * 32 {
		if !bytes.Equal(pixels[3*p:3*p+3], img.Pix[4*p:4*p+3]) {
			t.Fatalf("pixel %d: %v, want %v", p, pixels[3*p:3*p+3], img.Pix[4*p:4*p+3])
		}
	}
	glass := image.NewNRGBA(image.Rect(0, 0, 50, 60))
	for i := range glass.Pix {
		glass.Pix[i] = []uint8{200, 150, 100, 0}[i%4]
	}
	if pixels, _, err = look(encoded(t, "a.png", glass)); err != nil || !bytes.Equal(pixels[1500:1503], []uint8{200, 150, 100}) {
		t.Errorf("transparent: %v, %v", pixels, err)
	}
	grey := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range grey.Pix {
		grey.Pix[i] = 100
	}
	if pixels, _, err = look(encoded(t, "a.png", grey)); err != nil || pixels[0] != 100 || pixels[1] != 100 || pixels[2] != 100 {
		t.Errorf("grey: %v, %v", pixels[:3], err)
	}
}

// huge is a PNG that says it has a size.
func huge(width, height uint32) []byte {
	head := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(head[4:], width)
	binary.BigEndian.PutUint32(head[8:], height)
	head[12], head[13] = 8, 2
	b := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	b = append(b, head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func TestLookErrors(t *testing.T) {
	whole, err := os.ReadFile(encoded(t, "a.png", wide()))
	if err != nil {
		t.Fatal(err)
	}
	for want, raw := range map[string][]byte{
		"not a picture":         []byte("hello"),
		"pixels or more":        huge(60000, 60000),
		"not enough pixel data": whole[:len(whole)/2],
	} {
		path := filepath.Join(t.TempDir(), "p")
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := look(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want one with %q", err, want)
		}
	}
	if _, _, err := look("/gone.png"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, _, err := look(t.TempDir()); err == nil {
		t.Error("a folder is no picture")
	}
}

func TestPredict(t *testing.T) {
	file := encoded(t, "a.png", wide())
	if err := run(t, "predict", file, "--net", "3.1", "--dir", t.TempDir()); err == nil || !strings.Contains(err.Error(), "convlab train 3.1") {
		t.Errorf("nothing trained: %v", err)
	}
	dir := t.TempDir()
	m, err := cnnlib.New(labtest.Go(t), nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Mean: cifar.Mean[:], Std: cifar.Std[:]})
	if err != nil {
		t.Fatal(err)
	}
	images := &cifar.Images{Pixels: make([]uint8, 2*3072), Labels: []uint8{1, 2}}
	if _, err := train.Fit(t.Context(), m, images, train.Config{Epochs: 1, BatchSize: 2, LearningRate: 1e-3, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	drawn := filepath.Join(t.TempDir(), "seen.png")
	if err := run(t, "predict", file, "--net", "3.1", "--dir", dir, "--picture", drawn); err != nil {
		t.Fatal(err)
	}
	if _, err := augment.DecodeFile(drawn, augment.Limits{}); err != nil {
		t.Error(err)
	}
}

func TestBest(t *testing.T) {
	got := best([]float32{.1, .6, .3}, 2)
	if len(got) != 2 || got[0].class != 1 || got[1].class != 2 {
		t.Error(got)
	}
}
