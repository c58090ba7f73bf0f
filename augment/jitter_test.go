package augment

import (
	"bytes"
	"testing"
)

// TestWholeSteps compares saturation by whole steps with blend, for factors as
// they are drawn and for some that lie badly.
func TestWholeSteps(t *testing.T) {
	r := NewRand(1, 0, 0)
	factors := []float32{0, 0.5, 1.5, 1 - 0x1p-24, 1 + 0x1p-23, 2 - 0x1p-23, 0x1p-20, 1.0 / 3, 100}
	for range 300 {
		factors = append(factors, r.Uniform(0, 2))
	}
	slow := 0
	for _, f := range factors {
		s := Sample{factor: f}
		if !s.wholeSteps() {
			slow++
			continue
		}
		for gray := range 256 {
			for v := range 256 {
				if got, want := clip(int32(gray)+s.steps[255-gray+v]), blend(uint8(gray), uint8(v), f); got != want {
					t.Fatalf("factor %v, grey %d, channel %d: %d, want %d", f, gray, v, got, want)
				}
			}
		}
	}
	if slow > 20 {
		t.Errorf("%d of %d factors have no whole steps", slow, len(factors))
	}
	m := picture(t, "noise 31x17 RGB")
	for _, f := range []float32{0.7, 1.3} { // the two ways over a picture
		var a, b Sample
		a.Set(m)
		b.Set(m)
		a.factor = f
		a.each(saturateSlowly)
		b.saturation(f)
		x, _ := a.Image()
		y, _ := b.Image()
		if !bytes.Equal(x.Pix, y.Pix) {
			t.Errorf("factor %g: the two ways differ", f)
		}
	}
}
