package draw_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convlab/convviz/draw"
)

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
