package draw_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestMatrixPrintsItsNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 30 {
		rows, cols := 1+rng.IntN(12), 1+rng.IntN(12)
		values, want := make([][]float64, rows), []string{"title"}
		for i := range values {
			values[i] = make([]float64, cols)
			for j := range values[i] {
				values[i][j] = float64(rng.IntN(4000) - 2000)
				text := fmt.Sprint(int(math.Abs(values[i][j])))
				if len(text) > 3 {
					text = text[:1] + "," + text[1:]
				}
				if values[i][j] < 0 {
					text = "-" + text
				}
				want = append(want, text)
			}
		}
		p, err := draw.Matrix{Title: "title", Values: values}.Draw()
		all := picturetest.Check(t, p, err)
		if got := picturetest.Texts(all); !slices.Equal(got, want) {
			t.Fatalf("printed %v, want %v", got, want)
		}
	}
}
