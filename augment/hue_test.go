package augment

import "testing"

// TestHueTables compares the integers of turnHue with Pillow's formula for all
// saturations, values and hues.
func TestHueTables(t *testing.T) {
	fillHue()
	for h := range 256 {
		at := float64(h) * 6 / 255
		f := float32(at - float64(int(at)))
		for sat := range 256 {
			fs := float32(float64(sat) / 255)
			part := float64(fs) * (1 - float64(f))
			if int(at)%2 == 1 {
				part = float64(fs * f)
			}
			for v := range 256 {
				mid := uint8(float64(v)*(1-part) + 0.5)
				low := uint8(float64(v)*(1-float64(fs)) + 0.5)
				e := sectors[h]
				chroma := uint32(v) * uint32(sat)
				if toward(uint32(v), chroma, uint32(e.part)) != mid || smallest(uint32(v), chroma) != low {
					t.Fatalf("hue %d, saturation %d, value %d: want %d and %d", h, sat, v, mid, low)
				}
			}
		}
	}
	for v := 1; v < 256; v++ {
		for spread := range v + 1 {
			want := uint32(float64(float32(spread)/float32(v)) * 255)
			if got := uint32(spread) * saturations[v] >> 16; got != want {
				t.Fatalf("saturation of %d in %d is %d, want %d", spread, v, got, want)
			}
		}
	}
}
