package draw_test

import (
	"fmt"

	"convlab/convviz/draw"
)

// Bad data is an error, never a panic or an empty picture.
func ExampleBars() {
	_, err := draw.Bars{Title: "Parameters"}.Draw()
	fmt.Println(err)
	// Output:
	// draw: "Parameters" has no bars
}
