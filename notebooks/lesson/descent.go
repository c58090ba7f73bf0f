package lesson

import (
	"fmt"
	"math"

	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz/draw"

	"github.com/gomlx/gomlx/core/graph"
)

// The valley that Descent goes down is ½(x² + 25y²): 25 times as steep across
// as along.
var (
	valleyStart = []float32{-9, 2}
	steepness   = []float32{1, 25}
)

// Descent is the path of an optimizer down a long valley, ½(x² + 25y²), from
// (−9, 2): the place before the first step and after each. It prints where it
// ends.
func Descent(name string, o train.Optimizer, learningRate float64, steps int) Line {
	path := must(train.Descend(must(cnnlib.OpenBackend()).Backend, o, learningRate, valleyStart, func(x *graph.Node) *graph.Node {
		return graph.MulScalar(graph.ReduceAllSum(graph.Mul(graph.Square(x), graph.Const(x.Graph(), steepness))), 0.5)
	}, steps))
	l := Line{Name: name}
	for _, at := range path {
		l.X, l.Y = append(l.X, float64(at[0])), append(l.Y, float64(at[1]))
	}
	last := len(path) - 1
	fmt.Printf(say("%s: step 1 to (%.2f, %.2f), step %d to (%.2f, %.2f)\n", "%s：第 1 步到 (%.2f, %.2f)，第 %d 步到 (%.2f, %.2f)\n"),
		name, l.X[1], l.Y[1], last, l.X[last], l.Y[last])
	return l
}

// Valley draws paths of Descent over the valley's lines of equal height.
func Valley(paths ...Line) { Show(valley(paths)) }

func valley(paths []Line) (*draw.Picture, error) {
	c := draw.Lines{Title: say("Down the valley ½(x² + 25y²)", "沿 ½(x² + 25y²) 的山谷下行"), XLabel: "x", YLabel: "y", Width: 560, Height: 340}
	for _, radius := range []float64{2, 4, 6, 8, 10} {
		s := draw.Series{Color: draw.Edge}
		for i := range 61 {
			a := 2 * math.Pi * float64(i) / 60
			s.X, s.Y = append(s.X, radius*math.Cos(a)), append(s.Y, radius/5*math.Sin(a))
		}
		c.Series = append(c.Series, s)
	}
	c.Alt = say("Paths of optimizers down a valley:", "各优化器沿山谷下行的路径：")
	for i, p := range paths {
		if len(p.X) == 0 || len(p.X) != len(p.Y) {
			return nil, wrong("the path %q has %d and %d numbers", "路径 %q 有 %d 和 %d 个数", p.Name, len(p.X), len(p.Y))
		}
		c.Series = append(c.Series, draw.Series{Name: p.Name, X: p.X, Y: p.Y, Color: draw.Palette[i%len(draw.Palette)], Marker: true})
		last := len(p.X) - 1
		c.Alt += fmt.Sprintf(say(" %s ends at (%.2f, %.2f) after %d steps.", "%s 到 (%.2f, %.2f)，共 %d 步。"), p.Name, p.X[last], p.Y[last], last)
	}
	return c.Draw()
}
