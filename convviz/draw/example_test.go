package draw_test

import (
	"fmt"
	"os"
	"path/filepath"
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

// A picture of one's own is painted on a Canvas. Lengths are CSS pixels, y grows
// downwards.
func ExampleCanvas() {
	c := draw.New(120, 60)
	c.Rect(20, 20, 30, 20, draw.Style{Fill: draw.Blue})
	c.Text(60, 34, "a kernel", draw.Text{})
	p, err := c.Picture("a blue rectangle, called a kernel")
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "draw")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	fmt.Println(p.Write(filepath.Join(dir, "kernel.png")), p.Width, p.Height)
	// Output:
	// <nil> 120 60
}

// Bad data is an error, never a panic or an empty picture.
func ExampleBars() {
	_, err := draw.Bars{Title: "Parameters"}.Draw()
	fmt.Println(err)
	// Output:
	// draw: "Parameters" has no bars
}
