package geometry

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestSpan(t *testing.T) {
	// Lesson 1.5: nine weights span 3, 5, 7 pixels at dilation 1, 2, 3.
	for dilation, want := range map[int]int{1: 3, 2: 5, 3: 7} {
		w := Window{Kernel: 3, Stride: 1, Dilation: dilation}
		if got := w.Span(); got != want {
			t.Errorf("dilation %d: span %d, want %d", dilation, got, want)
		}
	}
}

// The definition: count the positions at which the whole window fits.
func countPositions(n int, w Window) int {
	count := 0
	for start := 0; start+w.Span() <= n+w.PadBefore+w.PadAfter; start += w.Stride {
		count++
	}
	return count
}

func TestOutputSizeIsTheNumberOfPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		w := Window{
			Kernel:    rapid.IntRange(1, 7).Draw(t, "kernel"),
			Stride:    rapid.IntRange(1, 4).Draw(t, "stride"),
			Dilation:  rapid.IntRange(1, 4).Draw(t, "dilation"),
			PadBefore: rapid.IntRange(0, 3).Draw(t, "before"),
			PadAfter:  rapid.IntRange(0, 3).Draw(t, "after"),
		}
		want := countPositions(n, w)
		got, err := w.OutputSize(n)
		if want == 0 {
			if err == nil {
				t.Fatalf("%+v on %d: got %d, want an error", w, n, got)
			}
			return
		}
		if err != nil || got != want {
			t.Fatalf("%+v on %d: got %d, %v, want %d", w, n, got, err, want)
		}
	})
}

func TestOutputSizeErrors(t *testing.T) {
	ok := Window{Kernel: 3, Stride: 1, Dilation: 1}
	for name, c := range map[string]struct {
		w Window
		n int
	}{
		"zero kernel":      {Window{Stride: 1, Dilation: 1}, 5},
		"zero stride":      {Window{Kernel: 3, Dilation: 1}, 5},
		"zero dilation":    {Window{Kernel: 3, Stride: 1}, 5},
		"negative padding": {Window{Kernel: 3, Stride: 1, Dilation: 1, PadBefore: -1}, 5},
		"overflowing span": {Window{Kernel: math.MaxInt / 2, Stride: 1, Dilation: 9}, 5},
		"no input":         {ok, 0},
		"huge input":       {ok, math.MaxInt},
		"does not fit":     {ok, 2},
	} {
		if got, err := c.w.OutputSize(c.n); err == nil {
			t.Errorf("%s: got %d, want an error", name, got)
		}
	}
}

func TestFieldGrowth(t *testing.T) {
	f := Input
	for _, want := range []int{3, 5, 7} { // lesson 2.1: three 3x3 at stride 1
		f = f.Through(Window{Kernel: 3, Stride: 1, Dilation: 1})
		if f.Size != want {
			t.Errorf("stride 1: field %d, want %d", f.Size, want)
		}
	}
	f = Input
	for range 3 {
		f = f.Through(Window{Kernel: 3, Stride: 2, Dilation: 1})
	}
	if f != (Field{Size: 15, Jump: 8}) {
		t.Errorf("three stride-2 layers: %+v, want size 15, jump 8", f)
	}
}
