package convviz

import (
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib/train"
)

// look saves pictures to open by eye, if LOOK names a folder.
func look(t *testing.T, name string, p *Picture) {
	t.Helper()
	if dir := os.Getenv("LOOK"); dir != "" && p != nil {
		if err := p.Write(filepath.Join(dir, name+"-"+Language())); err != nil {
			t.Fatal(err)
		}
	}
}

// inBoth runs a test with English and with Chinese labels.
func inBoth(t *testing.T, test func(t *testing.T)) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			t.Setenv("CONVLAB_LANG", lang)
			test(t)
		})
	}
}

func history(epochs int) train.History {
	rng := rand.New(rand.NewPCG(7, uint64(epochs)))
	var h train.History
	for i := range epochs {
		h = append(h, train.Epoch{Epoch: i + 1, Loss: 2.3 / float64(i+1), Accuracy: 0.1 + 0.4*float64(i)/float64(epochs), Validated: true,
			ValidLoss: 2.2/float64(i+1) + 0.1*rng.Float64(), ValidAccuracy: 0.2 + 0.3*rng.Float64()})
	}
	return h
}

func picture(seed int) image.Image {
	s := &cifar.Images{Pixels: make([]uint8, 3072), Labels: []uint8{0}}
	for i := range s.Pixels {
		s.Pixels[i] = uint8(i*seed + i/96*3)
	}
	return s.Image(0)
}

func TestShowAndWrite(t *testing.T) {
	if err := Show(Curves(nil)); err == nil {
		t.Error("the error of the picture is lost")
	}
	if err := Show(nil); err == nil {
		t.Error("no picture was shown")
	}
	p, err := Curves(history(3))
	if err := Show(p, err); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "new", "curves")
	if err := Write(file, p, err); err != nil {
		t.Fatal(err)
	}
	for _, ending := range []string{".svg", ".png"} {
		if _, err := os.Stat(file + ending); err != nil {
			t.Error(err)
		}
	}
	film, err := band.Film()
	for _, ending := range []string{".svg", ".png", ".gif", ".html"} {
		if err := WriteFilm(file+"-film"+ending, film, err); err != nil {
			t.Error(err)
		}
	}
	if err := WriteFilm(file+".mp4", film, err); err == nil {
		t.Error("an MP4 was written")
	}
	if err := Write(file+".jpg", p); err == nil {
		t.Error("a JPEG was written")
	}
}
