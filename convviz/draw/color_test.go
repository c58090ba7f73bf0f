package draw

import (
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// TestScalesOfColours: their ends, their middle, and what is no number.
func TestScalesOfColours(t *testing.T) {
	white, black := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 0, 255}
	for name, c := range map[string][2]color.Color{
		"signed 0": {Signed(0), white}, "signed 1": {Signed(1), Orange}, "signed -1": {Signed(-1), Blue}, "signed 7": {Signed(7), Orange},
		"pale 0": {Pale(0), white}, "grey 0": {Grays(0), black}, "grey 1": {Grays(1), white}, "mixed": {Mixed(-1, 0, 1), color.NRGBA{0, 128, 255, 255}},
		"heat 0": {Heat(0), cividis[0]}, "heat 1": {Heat(1), cividis[len(cividis)-1]},
		"heat": {Heat(math.NaN()), NoData}, "signed": {Signed(math.NaN()), NoData}, "hue 0": {Hue(0), Palette[0]}, "hue 8": {Hue(8), Palette[0]},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %v, want %v", name, c[0], c[1])
		}
	}
	for v := 0.0; v < 1; v += 0.01 { // brighter and brighter
		if luminance(Heat(v)) > luminance(Heat(v+0.01))+0.002 {
			t.Errorf("heat falls at %g", v)
		}
	}
}

// TestOnIsReadable: text on any ground has the contrast that WCAG asks for.
func TestOnIsReadable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		ground := rgb(rng.Uint32() & 0xffffff)
		a, b := luminance(ground)+0.05, luminance(On(ground))+0.05
		if contrast := max(a, b) / min(a, b); contrast < 4.5 {
			t.Fatalf("text on %v has a contrast of %.2f", ground, contrast)
		}
	}
}
