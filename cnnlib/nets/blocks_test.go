package nets

import (
	"slices"
	"testing"

	"convlab/cnnlib"
)

// TestStage: the first block alone has the stride, and takes other channels
// than it gives.
func TestStage(t *testing.T) {
	var made [][3]int
	blocks := stage(16, 32, 3, 2, func(in, out, stride int) cnnlib.Layer {
		made = append(made, [3]int{in, out, stride})
		return conv(out, 3, stride)
	})
	if want := [][3]int{{16, 32, 2}, {32, 32, 1}, {32, 32, 1}}; !slices.Equal(made, want) {
		t.Errorf("blocks %v, want %v", made, want)
	}
	if info, err := blocks.Check([]int{9, 8, 16}); err != nil || !slices.Equal(info.Output, []int{5, 4, 32}) {
		t.Errorf("output %v, %v", info.Output, err)
	}
}

// TestShortened: the input is added where the sizes are kept, and only there.
func TestShortened(t *testing.T) {
	for _, c := range []struct {
		in, out, stride int
		added           bool
	}{{8, 8, 1, true}, {8, 8, 2, false}, {8, 16, 1, false}} {
		l := shortened(c.in, c.out, c.stride, conv(c.out, 3, c.stride))
		if _, added := l.(cnnlib.Branches); added != c.added {
			t.Errorf("%+v: the input is added: %t", c, added)
		}
		if _, err := l.Check([]int{8, 8, c.in}); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
