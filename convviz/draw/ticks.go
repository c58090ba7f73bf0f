package draw

import (
	"math"
	"strconv"
	"strings"
)

// usable tells whether v can be placed on an axis.
func usable(v float64) bool { return math.Abs(v) <= 1e100 } // NaN and Inf are not

// span widens the range from lo to hi to the usable numbers of values.
func span(lo, hi float64, values []float64) (float64, float64) {
	for _, v := range values {
		if usable(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}

// ticks gives round numbers from lo to hi, about n of them, with hi > lo, and
// how many decimals they need. whole allows only whole numbers.
func ticks(lo, hi float64, n int, whole bool) (at []float64, decimals int) {
	step := niceStep((hi - lo) / float64(max(n, 1)))
	if whole {
		step = max(step, 1)
	}
	decimals = max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+step*1e-9 && len(at) < 50; i++ {
		at = append(at, i*step)
	}
	return at, decimals
}

// niceStep is the first of 1, 2, 5, 10, … not much below v.
func niceStep(v float64) float64 {
	if !(v > 1e-300) {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 5} {
		if k*ten >= v*0.7 {
			return k * ten
		}
	}
	return 10 * ten
}

// tickText writes a tick: long numbers in powers of ten.
func tickText(v float64, decimals int) string {
	if v != 0 && (math.Abs(v) >= 1e7 || decimals > 5) {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	if math.Abs(v) < 1e-12 {
		v = 0 // not -0
	}
	return Number(v, decimals)
}

// Number writes v with that many decimals and commas between thousands.
func Number(v float64, decimals int) string {
	if !usable(v) {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if math.Abs(v) >= 1e15 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-") // no negative zero
	}
	end := len(text)
	for i, r := range text {
		if r == '.' {
			end = i
		}
	}
	start := 0
	if text[0] == '-' {
		start = 1
	}
	for i := end - 3; i > start; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// widen gives a flat or empty range some room.
func widen(lo, hi float64) (float64, float64) {
	if lo > hi {
		return 0, 1
	}
	if hi-lo <= 1e-12*max(math.Abs(lo), math.Abs(hi), 1e-6) {
		room := max(math.Abs(hi)*0.5, 0.5)
		return lo - room, hi + room
	}
	return lo, hi
}
