package train

import (
	"math"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
)

// TestDescend compares paths through ½(x² + 25y²) with the rules written out.
func TestDescend(t *testing.T) {
	valley := func(x *graph.Node) *graph.Node {
		return graph.MulScalar(graph.ReduceAllSum(graph.Mul(graph.Square(x), graph.Const(x.Graph(), []float32{1, 25}))), 0.5)
	}
	start, curvature := []float32{-9, 2}, []float64{1, 25}
	for name, c := range map[string]struct {
		o    Optimizer
		rate float64
		step func(g, m, v float64, t int) (by, m2, v2 float64)
	}{
		"SGD":      {SGD{}, 0.03, func(g, m, v float64, t int) (float64, float64, float64) { return 0.03 * g, 0, 0 }},
		"momentum": {SGD{Momentum: 0.9, Classic: true}, 0.01, func(g, m, v float64, t int) (float64, float64, float64) { return 0.01 * (0.9*m + g), 0.9*m + g, 0 }},
		"Adam": {Adam{}, 0.5, func(g, m, v float64, t int) (float64, float64, float64) {
			m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
			return 0.5 * m / (1 - math.Pow(0.9, float64(t))) / (math.Sqrt(v/(1-math.Pow(0.999, float64(t)))) + 1e-8), m, v
		}},
	} {
		path, err := Descend(labtest.Go(t), c.o, c.rate, start, valley, 20)
		if err != nil || len(path) != 21 {
			t.Fatalf("%s: %d points, %v", name, len(path), err)
		}
		for axis := range start {
			w, m, v := float64(start[axis]), 0.0, 0.0
			for i := range 20 {
				var by float64
				by, m, v = c.step(curvature[axis]*w, m, v, i+1)
				w -= by
				if got := float64(path[i+1][axis]); math.Abs(got-w) > 1e-4*max(1, math.Abs(w)) {
					t.Fatalf("%s, step %d: number %d is %g, want %g", name, i+1, axis, got, w)
				}
			}
		}
	}
	for want, call := range map[string]func() error{
		"betas":                     func() error { _, err := Descend(labtest.Go(t), Adam{Beta1: 2}, 1, start, valley, 1); return err },
		"0 numbers cannot make 1":   func() error { _, err := Descend(labtest.Go(t), Adam{}, 1, nil, valley, 1); return err },
		"2 numbers cannot make -1 ": func() error { _, err := Descend(labtest.Go(t), Adam{}, 1, start, valley, -1); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
