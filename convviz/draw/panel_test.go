package draw

import (
	"strings"
	"testing"
)

// TestBeside: panels lie side by side, with their words one after the other.
func TestBeside(t *testing.T) {
	a, b := Bars{Title: "A", Labels: []string{"x"}, Values: []float64{1}, Width: 200, Height: 150}, Bars{Title: "B", Labels: []string{"y"}, Values: []float64{2}, Width: 300, Height: 250}
	p, err := Beside(a, b)
	if err != nil || p.Width != 500 || p.Height != 250 || p.Alt != "A: x 1. B: y 2." {
		t.Errorf("%dx%d, %q, %v", p.Width, p.Height, p.Alt, err)
	}
	if _, err := Beside(a, Bars{Title: "C"}); err == nil || !strings.Contains(err.Error(), `"C" has no bars`) {
		t.Errorf("an empty panel: error %v", err)
	}
}

// TestInTurn: a film has the size of its largest panel, and a frame for each.
func TestInTurn(t *testing.T) {
	a, b := Bars{Labels: []string{"x"}, Values: []float64{1}, Width: 200, Height: 150}, Bars{Labels: []string{"y"}, Values: []float64{2}, Width: 300, Height: 140}
	f, err := InTurn(1, []Panel{a, b}, []string{"first", "second"})
	if err != nil || f.Frames != 2 || f.Width != 300 || f.Height != 178 || !strings.HasPrefix(f.Alt[1], "second: ") {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := InTurn(1, []Panel{a}, nil); err == nil || !strings.Contains(err.Error(), "1 panels and 0 names") {
		t.Errorf("a panel without a name: error %v", err)
	}
}
