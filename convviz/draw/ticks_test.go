package draw

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTicks: round numbers within the range, about as many as were asked for.
func TestTicks(t *testing.T) {
	at, decimals := ticks(0, 1, 5, false)
	texts := make([]string, len(at))
	for i, v := range at {
		texts[i] = tickText(v, decimals)
	}
	if want := []string{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}; !slices.Equal(texts, want) {
		t.Errorf("%q, want %q", texts, want)
	}
	if at, decimals := ticks(1, 3, 10, true); !slices.Equal(at, []float64{1, 2, 3}) || decimals != 0 {
		t.Errorf("whole: %v with %d decimals", at, decimals)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		lo := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(9)-4))
		hi := lo + math.Pow(10, rng.Float64()*8-4)
		at, _ := ticks(lo, hi, 6, false)
		if len(at) < 3 || len(at) > 12 {
			t.Fatalf("%d ticks from %g to %g", len(at), lo, hi)
		}
		for _, v := range at {
			if v < lo-1e-6*(hi-lo) || v > hi+1e-6*(hi-lo) {
				t.Fatalf("a tick at %g outside %g to %g", v, lo, hi)
			}
		}
	}
}

// TestNumber: commas between thousands, no negative zero, and powers of ten
// where nobody could read the digits.
func TestNumber(t *testing.T) {
	for want, c := range map[string]struct {
		v        float64
		decimals int
	}{"11,585,546": {11585546, 0}, "-1,234.5": {-1234.5, 1}, "0": {-0.2, 0}, "999": {999, 0}, "1e+15": {1e15, 0}, "NaN": {math.NaN(), 0}} {
		if got := Number(c.v, c.decimals); got != want {
			t.Errorf("%g is %s, want %s", c.v, got, want)
		}
	}
}
