package tests

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"convlab/cnnlib/nets"
	"convlab/convviz"
	"convlab/recipes"
)

var update = flag.Bool("update", false, "draw the pictures of the course's front page anew")

// TestIndexPictures: the pictures of the front page are those that the library
// draws today, in both languages.
func TestIndexPictures(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		t.Setenv("CONVLAB_LANG", language)
		run, err := recipes.Kept("augmented")
		if err != nil {
			t.Fatal(err)
		}
		for name, draw := range map[string]func() (*convviz.Picture, error){
			"network": func() (*convviz.Picture, error) { return convviz.Network(nets.LeNet(), nets.CIFARInput()) },
			"curve":   func() (*convviz.Picture, error) { return convviz.Curves(run.History) },
		} {
			file := filepath.Join("../notebooks/pictures", fmt.Sprintf("%s-%s.png", name, language))
			picture, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			fresh := filepath.Join(t.TempDir(), "fresh.png")
			if err := convviz.Write(fresh, picture); err != nil {
				t.Fatal(err)
			}
			now, err := os.ReadFile(fresh)
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				if err := os.WriteFile(file, now, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if share := different(t, kept, now); share > 0.01 {
				t.Errorf("%s: %.1f %% of the pixels differ from what is drawn today: go test ./tests -run TestIndexPictures -update", file, 100*share)
			}
		}
	}
}

// different is the share of pixels that differ visibly; 1 where the sizes do.
func different(t *testing.T, a, b []byte) float64 {
	t.Helper()
	left, err := png.Decode(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	right, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if left.Bounds() != right.Bounds() {
		return 1
	}
	size, n := left.Bounds(), 0
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			r1, g1, b1, _ := left.At(x, y).RGBA()
			r2, g2, b2, _ := right.At(x, y).RGBA()
			if far(r1, r2) || far(g1, g2) || far(b1, b2) {
				n++
			}
		}
	}
	return float64(n) / float64(size.Dx()*size.Dy())
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x1800 }
