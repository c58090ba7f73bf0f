package convviz

import (
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"
)

// TestActivations: a step for each layer but dropout, maps and lists of numbers.
func TestActivations(t *testing.T) {
	net := cnnlib.Sequential{
		cnnlib.Conv{Out: 3, Kernel: 3}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5}, cnnlib.MaxPool{Size: 2},
		cnnlib.Flatten{}, cnnlib.Dense{Out: 40}, cnnlib.Dense{Out: 5},
	}
	m, err := cnnlib.New(labtest.Go(t), net, []int{10, 10, 3}, cnnlib.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	pixels := make([]uint8, 300)
	for i := range pixels {
		pixels[i] = uint8(7 * i)
	}
	inBoth(t, func(t *testing.T) {
		film, err := Activations(m, pixels)
		if err != nil {
			t.Fatal(err)
		}
		picturetest.Check(t, film.Picture, nil)
		if film.Frames != 6 {
			t.Errorf("%d frames, want 6", film.Frames)
		}
		words := map[string]string{"en": "40 numbers from ", "zh": "40 个数，从 "}[Language()]
		if !strings.Contains(film.Alt[0], "0 Conv 3") || !strings.Contains(film.Alt[4], words) || strings.Contains(strings.Join(film.Alt, ""), "Dropout") {
			t.Errorf("%q", film.Alt)
		}
	})
	for _, wrong := range []func() (*Film, error){
		func() (*Film, error) { return Activations(nil, pixels) },
		func() (*Film, error) { return Activations(m, pixels[:7]) },
	} {
		if _, err := wrong(); err == nil {
			t.Error("no error")
		}
	}
}
