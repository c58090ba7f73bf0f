package augment

import (
	"slices"
	"testing"
)

// TestPaddingModes: what stands around the pixels 1, 2 and 3, two to each side.
func TestPaddingModes(t *testing.T) {
	row := Image{3, 1, []uint8{1, 1, 1, 2, 2, 2, 3, 3, 3}}
	for mode, want := range map[PaddingMode][]uint8{
		Constant: {9, 9, 1, 2, 3, 9, 9}, Edge: {1, 1, 1, 2, 3, 3, 3}, Reflect: {3, 2, 1, 2, 3, 2, 1}, Symmetric: {2, 1, 1, 2, 3, 3, 2},
	} {
		fill := RGB{}
		if mode == Constant {
			fill = RGB{9, 9, 9}
		}
		m, err := Apply(Pad{Padding: Border{2, 0}, Mode: mode, Fill: fill}, row, nil)
		var got []uint8
		for i := 0; i < len(m.Pix); i += 3 {
			got = append(got, m.Pix[i])
		}
		if err != nil || m.H != 1 || !slices.Equal(got, want) {
			t.Errorf("mode %d: %v, %v, want %v", mode, got, err, want)
		}
	}
	if i := Reflect.index(-7, 3); i != 1 { // to and fro more than once
		t.Errorf("seven pixels before the first of three stands pixel %d, want 1", i)
	}
	if i := Reflect.index(5, 1); i != 0 {
		t.Errorf("a single pixel is reflected as pixel %d", i)
	}
}
