package augment

import (
	"math"
	"testing"
)

func TestSincos(t *testing.T) {
	for i := range 10000 {
		x := float64(i) / 10000 * 2 * math.Pi
		sin, cos := sincos(x)
		if wantSin, wantCos := math.Sincos(x); math.Abs(sin-wantSin) > 0x1p-52 || math.Abs(cos-wantCos) > 0x1p-52 {
			t.Errorf("%g: got %g, %g, want %g, %g", x, sin, cos, wantSin, wantCos)
		}
	}
	// At 188.2° the sine of the GNU C library is not the nearest float, and the
	// 15th digit is not that of the true one.
	if sin, _ := sincos(188.2 * (math.Pi / 180)); sin != -0x1.241aa36dd4046p-3 {
		t.Errorf("%x", sin)
	}
}
