package lesson

import (
	"math"
	"strings"
	"testing"

	"convlab/cnnlib/train"
)

func TestDescent(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "zh")
	adam := Descent("Adam", train.Adam{}, 0.5, 10)
	if len(adam.X) != 11 || math.Abs(adam.X[1]+8.5) > 1e-4 || math.Abs(adam.Y[1]-1.5) > 1e-4 {
		t.Errorf("Adam's first step of 0.5 from (-9, 2) leads to (%g, %g), %d points", adam.X[1], adam.Y[1], len(adam.X))
	}
	p, err := valley([]Line{adam})
	if err != nil || !strings.Contains(p.Alt, "共 10 步") || strings.Contains(p.Alt, "%!") {
		t.Errorf("%v, %v", p, err)
	}
	if _, err := valley([]Line{{Name: "none"}}); err == nil {
		t.Error("a path without points was drawn")
	}
}
