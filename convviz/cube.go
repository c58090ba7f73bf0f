package convviz

import "convlab/convviz/draw"

// The cells of a cube: how wide and high they are seen from the front, and how
// far a row lies behind the next.
const (
	cubeCell  = 14
	cubeBackX = 6
	cubeBackY = 7
)

// cube is a volume as a solid block, seen from the front, above and the right:
// slices from top to bottom, rows from the back to the front.
type cube struct {
	x, y               float64
	slices, rows, cols int
}

func (v cube) width() float64  { return cubeCell*float64(v.cols) + cubeBackX*float64(v.rows) }
func (v cube) height() float64 { return cubeCell*float64(v.slices) + cubeBackY*float64(v.rows) }

// corner is where slice d, row r and column c begin.
func (v cube) corner(d, r, c int) (x, y float64) {
	return v.x + cubeCell*float64(c) + cubeBackX*float64(v.rows-r), v.y + cubeCell*float64(d) + cubeBackY*float64(r)
}

// block draws the cells from the first corner to the second: the faces that
// are seen, with the edges of their cells.
func (v cube) block(c *draw.Canvas, from, to [3]int, fill, line draw.Color) {
	above := func(r, k int) [3]int { return [3]int{from[0], from[1] + r, from[2] + k} }
	front := func(d, k int) [3]int { return [3]int{from[0] + d, to[1], from[2] + k} }
	right := func(d, r int) [3]int { return [3]int{from[0] + d, from[1] + r, to[2]} }
	slices, rows, cols := to[0]-from[0], to[1]-from[1], to[2]-from[2]
	v.face(c, rows, cols, above, draw.Style{Fill: draw.Tint(fill, 0.16), Stroke: line})
	v.face(c, slices, cols, front, draw.Style{Fill: draw.Tint(fill, 0.3), Stroke: line})
	v.face(c, slices, rows, right, draw.Style{Fill: draw.Tint(fill, 0.45), Stroke: line})
}

// face draws a face of n by m cells; its edges are one line that goes to and
// fro along them.
func (v cube) face(c *draw.Canvas, n, m int, at func(i, j int) [3]int, s draw.Style) {
	var xs, ys []float64
	add := func(i, j int) {
		p := at(i, j)
		x, y := v.corner(p[0], p[1], p[2])
		xs, ys = append(xs, x), append(ys, y)
	}
	for _, p := range [][2]int{{0, 0}, {0, m}, {n, m}, {n, 0}} {
		add(p[0], p[1])
	}
	c.Polygon(xs, ys, s)
	xs, ys = nil, nil
	for i := 1; i < n; i++ {
		add(i, i%2*m)
		add(i, (i+1)%2*m)
	}
	if n > 1 {
		c.Polyline(xs, ys, s)
	}
	xs, ys = nil, nil
	for j := 1; j < m; j++ {
		add(j%2*n, j)
		add((j+1)%2*n, j)
	}
	if m > 1 {
		c.Polyline(xs, ys, s)
	}
}

// paint draws the whole block.
func (v cube) paint(c *draw.Canvas, fill draw.Color) {
	v.block(c, [3]int{}, [3]int{v.slices, v.rows, v.cols}, fill, draw.Grey)
}
