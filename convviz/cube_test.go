package convviz

import (
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestCubeShowsThreeFaces: of a block the faces above, in front and at the
// right are seen, and they lie within its width and height.
func TestCubeShowsThreeFaces(t *testing.T) {
	v := cube{x: 10, y: 20, slices: 2, rows: 3, cols: 4}
	c := draw.New(10+v.width()+10, 20+v.height()+10)
	v.paint(c, draw.Blue)
	p, err := c.Picture("a block")
	faces := picturetest.Of(picturetest.Check(t, p, err), "polygon")
	if len(faces) != 3 {
		t.Fatalf("%d faces, want 3", len(faces))
	}
	for _, face := range faces {
		xs, ys := face.Points(t)
		for i := range xs {
			if xs[i] < v.x || xs[i] > v.x+v.width() || ys[i] < v.y || ys[i] > v.y+v.height() {
				t.Errorf("a corner at %g, %g lies outside the block", xs[i], ys[i])
			}
		}
	}
}
