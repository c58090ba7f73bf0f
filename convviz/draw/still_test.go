package draw

import "testing"

// TestStill: the first, the middle and the last of many frames stand side by
// side, wide ones under each other, and two are two.
func TestStill(t *testing.T) {
	for _, c := range []struct {
		width, height float64
		frames        int
		wantW, wantH  int
	}{{100, 60, 5, 3*100 + 2*stillGap, 60}, {100, 60, 2, 2*100 + stillGap, 60}, {1000, 60, 3, 1000, 3*60 + 2*stillGap}} {
		canvas := New(c.width, c.height)
		words := make([]string, c.frames)
		for i := range words {
			canvas.InFrame(i, func() { canvas.Circle(20, 20, float64(i+1), Style{Fill: Blue}) })
		}
		f, err := canvas.Film("circles", 1, words)
		if err != nil {
			t.Fatal(err)
		}
		still, err := f.Still()
		if err != nil || still.Width != c.wantW || still.Height != c.wantH {
			t.Errorf("%d frames of %g x %g: %dx%d, %v, want %dx%d", c.frames, c.width, c.height, still.Width, still.Height, err, c.wantW, c.wantH)
		}
	}
}
