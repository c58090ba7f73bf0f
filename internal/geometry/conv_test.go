package geometry

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func ExampleWindow_OutputSize() {
	// Lesson 1.4.1: a 2x2 input under a transposed 3x3 kernel.
	for padding := range 3 {
		w := Window{Kernel: 3, Stride: 1, Dilation: 1, PadBefore: padding, PadAfter: padding, Transposed: true}
		fmt.Println(w.OutputSize(2))
	}
	// Sizes 7 and 8 both become 3; output padding says which to go back to.
	down := Window{Kernel: 3, Stride: 2, Dilation: 1}
	fmt.Println(down.OutputSize(7))
	fmt.Println(down.OutputSize(8))
	for op := range 2 {
		fmt.Println(Window{Kernel: 3, Stride: 2, Dilation: 1, Transposed: true, OutputPadding: op}.OutputSize(3))
	}
	// Output:
	// 4 <nil>
	// 2 <nil>
	// 0 padding 2 before and 2 after leaves 0 of the 4 stamped pixels
	// 3 <nil>
	// 3 <nil>
	// 7 <nil>
	// 8 <nil>
}

func ExampleConv_Matrix() {
	// Lesson 1.4.2: a 3x3 kernel over 4x4 is a 4x16 matrix; its transpose
	// carries 2x2 to 4x4.
	w := Window{Kernel: 3, Stride: 1, Dilation: 1}
	c, err := Conv{Windows: []Window{w, w}, In: 1, Out: 1, Groups: 1}.Matrix([]int{4, 4}, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9})
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Rows, "x", c.Cols, len(c.Entries), "entries are not zero")
	y, _ := c.Transpose().Mul([]float64{1, 2, 3, 4})
	for i := 0; i < 16; i += 4 {
		fmt.Println(y[i : i+4])
	}
	// Output:
	// 4 x 16 36 entries are not zero
	// [1 4 7 6]
	// [7 23 33 24]
	// [19 53 63 42]
	// [21 52 59 36]
}

func ExampleShuffle() {
	fmt.Println(Shuffle(12, 3))
	for _, g := range []int{3, 4, 6} { // lesson 1.9: group, shuffle, group
		layer := GroupReach(12, 12, g)
		fmt.Printf("%d groups: %.0f %% → %.0f %%\n", g, 100*layer.Then(layer).Share(), 100*layer.Then(ShuffleReach(12, g)).Then(layer).Share())
	}
	// Output:
	// [0 4 8 1 5 9 2 6 10 3 7 11]
	// 3 groups: 33 % → 100 %
	// 4 groups: 25 % → 75 %
	// 6 groups: 17 % → 33 %
}

// anyWindow draws a window that n pixels can pass.
func anyWindow(t *rapid.T, n int) Window {
	w := Window{
		Kernel:     rapid.IntRange(1, 4).Draw(t, "kernel"),
		Stride:     rapid.IntRange(1, 3).Draw(t, "stride"),
		Dilation:   rapid.IntRange(1, 3).Draw(t, "dilation"),
		PadBefore:  rapid.IntRange(0, 2).Draw(t, "before"),
		PadAfter:   rapid.IntRange(0, 2).Draw(t, "after"),
		Transposed: rapid.Bool().Draw(t, "transposed"),
	}
	if w.Transposed {
		w.OutputPadding = rapid.IntRange(0, max(w.Stride, w.Dilation)-1).Draw(t, "output padding")
	}
	if _, err := w.OutputSize(n); err != nil {
		t.Skip(err)
	}
	return w
}

func TestFieldsAreWhatTheMatricesConnect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 12).Draw(t, "n")
		var windows []Window
		size := n
		var connected [][]float64 // [unit][input pixel], far from 0 where there is a path
		for i := range n {
			connected = append(connected, make([]float64, n))
			connected[i][i] = 1
		}
		for range rapid.IntRange(1, 3).Draw(t, "layers") {
			w := anyWindow(t, size)
			ones := slices.Repeat([]float64{1}, w.Kernel)
			m, err := Conv{Windows: []Window{w}, In: 1, Out: 1, Groups: 1}.Matrix([]int{size}, ones)
			if err != nil {
				t.Fatal(err)
			}
			next := make([][]float64, m.Rows)
			for i := range next {
				next[i] = make([]float64, n)
			}
			for _, e := range m.Entries {
				for c := range n {
					next[e.Row][c] += connected[e.Col][c]
				}
			}
			connected, size, windows = next, m.Rows, append(windows, w)
		}
		field := Fields(windows)[len(windows)-1]
		for unit, row := range connected {
			first, last := Sees(windows, unit)
			if last-first+1 > field.Size {
				t.Fatalf("unit %d sees %d..%d, field %+v", unit, first, last, field)
			}
			for c, v := range row {
				if v > 0 && (c < first || c > last) {
					t.Fatalf("unit %d is connected to %d, outside %d..%d", unit, c, first, last)
				}
			}
			if len(windows) == 1 && first <= last && first >= 0 && last < n && (row[first] == 0 || row[last] == 0) {
				t.Fatalf("unit %d: %d..%d is too wide for %v", unit, first, last, row)
			}
		}
	})
}

func TestCeilIsPyTorchsCeilMode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyWindow(t, 9)
		w.Transposed, w.OutputPadding, w.Ceil = false, 0, true
		got, err := w.OutputSize(9)
		if err != nil {
			t.Skip(err)
		}
		// A start counts if it is inside the input or the padding before it,
		// and if the window before it did not already reach the end.
		want := 0
		for start := 0; start < 9+w.PadBefore; start += w.Stride {
			want++
			if start+w.Span() >= 9+w.PadBefore+w.PadAfter {
				break
			}
		}
		if got != want {
			t.Fatalf("%+v on 9: got %d, want %d", w, got, want)
		}
	})
}

func TestSameKeepsTheSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		w := Window{Kernel: rapid.IntRange(1, 5).Draw(t, "k"), Stride: rapid.IntRange(1, 4).Draw(t, "s"), Dilation: rapid.IntRange(1, 3).Draw(t, "d")}
		w = w.Same(n)
		if got, err := w.OutputSize(n); err != nil || got != (n+w.Stride-1)/w.Stride {
			t.Fatalf("%+v on %d: %d, %v", w, n, got, err)
		}
	})
}

func TestCost(t *testing.T) {
	w := Window{Kernel: 3, Stride: 1, Dilation: 1}
	// Lesson 1.8: the weights of 12 → 12 channels in groups.
	for groups, want := range map[int]int64{1: 1296, 2: 648, 3: 432, 4: 324, 6: 216, 12: 108} {
		params, macs, err := Conv{Windows: []Window{w, w}, In: 12, Out: 12, Groups: groups}.Cost([]int{5, 5})
		if err != nil || params != want || macs != want*9 {
			t.Errorf("%d groups: %d params, %d MACs, %v, want %d params", groups, params, macs, err, want)
		}
	}
	for name, c := range map[string]Conv{
		"no axes":      {In: 1, Out: 1, Groups: 1},
		"groups":       {Windows: []Window{w}, In: 4, Out: 5, Groups: 2},
		"input groups": {Windows: []Window{w}, In: 5, Out: 4, Groups: 2},
		"no channels":  {Windows: []Window{w}, Out: 4, Groups: 2},
		"no groups":    {Windows: []Window{w}, In: 1, Out: 4},
		"too large":    {Windows: []Window{w}, In: math.MaxInt32, Out: math.MaxInt32, Groups: 1},
	} {
		if _, _, err := c.Cost([]int{9}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := (Conv{Windows: []Window{w, w}, In: 64, Out: 64, Groups: 1}).Matrix([]int{64, 64}, make([]float64, 9*64*64)); err == nil {
		t.Error("a huge matrix was drawn up")
	}
}

func TestFieldsOfTransposedLayers(t *testing.T) {
	down := Window{Kernel: 3, Stride: 2, Dilation: 1, PadBefore: 1, PadAfter: 1}
	up := down
	up.Transposed, up.OutputPadding = true, 1
	got := Fields([]Window{down, up, {Kernel: 3, Stride: 1, Dilation: 1, PadBefore: 1, PadAfter: 1}})
	// Units 0, 1, 2 of up hear units 0, 0..1, 1 of down, so that unit 2 of the
	// last layer, which reads 1..3 of up, sees 0..2 of down: pixels -1..5.
	want := []Field{{3, 2, -1}, {5, 1, -1}, {7, 1, -3}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
