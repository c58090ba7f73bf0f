package draw_test

import (
	"fmt"
	"strings"

	"convlab/convviz/draw"
)

// A chart is a value; Draw checks its numbers and makes one picture in two
// forms, with a text for readers who see neither.
func ExampleLines() {
	p, err := draw.Lines{
		Title: "Training Loss", XLabel: "Epoch", YLabel: "Loss",
		Series: []draw.Series{{Name: "training", X: []float64{1, 2, 3}, Y: []float64{2.1, 1.6, 1.3}}},
	}.Draw()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Alt)
	fmt.Println(strings.HasPrefix(p.SVG, "<svg"), len(p.PNG) > 0)
	// Output:
	// Training Loss (Loss / Epoch): training 2.1 → 1.3 [1.3, 2.1].
	// true true
}
