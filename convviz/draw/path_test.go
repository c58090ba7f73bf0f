package draw

import (
	"image"
	"math"
	"testing"
)

// TestDashes: dashes and gaps of a length cover half of a line, around corners
// too.
func TestDashes(t *testing.T) {
	total := 0.0
	for _, part := range dashes([]point{{0, 0}, {7, 0}, {7, 13}}, 2) {
		for i := 1; i < len(part); i++ {
			total += math.Hypot(part[i].x-part[i-1].x, part[i].y-part[i-1].y)
		}
	}
	if math.Abs(total-10) > 1e-9 {
		t.Errorf("dashes of 2 on a line of 20 are %g long, want 10", total)
	}
	if parts := dashes([]point{{0, 0}, {7, 0}}, 0); len(parts) != 1 || len(parts[0]) != 2 {
		t.Errorf("a whole line is %v", parts)
	}
}

// TestPathsOnPixels: a rectangle whose edges lie between pixels is filled as
// such; a turned or shifted one is not.
func TestPathsOnPixels(t *testing.T) {
	if area, ok := roundRect(1, 2, 3, 4, 0).pixels(); !ok || area != image.Rect(2, 4, 8, 12) {
		t.Errorf("%v, %t", area, ok)
	}
	for name, p := range map[string]path{
		"shifted": roundRect(0.3, 0, 2, 2, 0), "turned": {{{1, 0}, {2, 1}, {1, 2}, {0, 1}}}, "round": roundRect(0, 0, 4, 4, 1), "two": {{{0, 0}}, {{1, 1}}},
	} {
		if area, ok := p.pixels(); ok {
			t.Errorf("%s: taken for %v", name, area)
		}
	}
	if b := outline([]point{{0, 0}, {10, 0}}, 4).bounds(); b != (bounds{0, -2, 10, 2}) {
		t.Errorf("a line 4 wide reaches over %v", b)
	}
}
