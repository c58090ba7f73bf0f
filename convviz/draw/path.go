package draw

import (
	"image"
	"math"
)

// path is closed shapes, all turning the same way where they overlap.
type path [][]point

// outline is the area of a line of that width, with round joints.
func outline(points []point, width float64) path {
	var area path
	for i, p := range points {
		if width > 1.2 && i > 0 && i < len(points)-1 {
			area = append(area, disc(p, width/2)...)
		}
		if i == 0 {
			continue
		}
		q := points[i-1]
		length := math.Hypot(p.x-q.x, p.y-q.y)
		if length == 0 {
			continue
		}
		nx, ny := (p.y-q.y)/length*width/2, (q.x-p.x)/length*width/2
		area = append(area, []point{{q.x + nx, q.y + ny}, {q.x - nx, q.y - ny}, {p.x - nx, p.y - ny}, {p.x + nx, p.y + ny}})
	}
	return area
}

// dashes cuts a line into dashes and gaps of the same length.
func dashes(points []point, length float64) [][]point {
	if !(length > 0.1) || len(points) < 2 {
		return [][]point{points}
	}
	var parts [][]point
	part, left, on := []point{points[0]}, length, true
	for i := 1; i < len(points); i++ {
		p, q := points[i-1], points[i]
		for {
			rest := math.Hypot(q.x-p.x, q.y-p.y)
			if rest <= left {
				left -= rest
				part = append(part, q)
				break
			}
			p = point{p.x + (q.x-p.x)*left/rest, p.y + (q.y-p.y)*left/rest}
			if on {
				parts = append(parts, append(part, p))
			}
			part, left, on = []point{p}, length, !on
		}
	}
	if on {
		parts = append(parts, part)
	}
	return parts
}

// disc turns the way outline's pieces do.
func disc(at point, radius float64) path {
	n := 8 + int(min(radius*Scale, 200)*2)
	points := make([]point, n)
	for i := range points {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i) / float64(n))
		points[i] = point{at.x + radius*cos, at.y + radius*sin}
	}
	return path{points}
}

func roundRect(x, y, w, h, radius float64) path {
	if radius <= 0 {
		return path{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}}
	}
	var points []point
	for corner, at := range []point{{x + w - radius, y + radius}, {x + w - radius, y + h - radius}, {x + radius, y + h - radius}, {x + radius, y + radius}} {
		for i := range 9 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(corner) - 1 + float64(i)/8))
			points = append(points, point{at.x + radius*cos, at.y + radius*sin})
		}
	}
	return path{points}
}

// pixels is the rectangle that the shape is, if its edges lie between pixels.
func (p path) pixels() (image.Rectangle, bool) {
	if len(p) != 1 || len(p[0]) != 4 {
		return image.Rectangle{}, false
	}
	a, b, d, e := p[0][0], p[0][1], p[0][2], p[0][3]
	if (a.x != b.x || b.y != d.y || d.x != e.x || e.y != a.y) && (a.y != b.y || b.x != d.x || d.y != e.y || e.x != a.x) {
		return image.Rectangle{}, false
	}
	box := p.bounds()
	for _, v := range []float64{box.x0, box.y0, box.x1, box.y1} {
		if v*Scale != math.Trunc(v*Scale) {
			return image.Rectangle{}, false
		}
	}
	return image.Rect(int(box.x0*Scale), int(box.y0*Scale), int(box.x1*Scale), int(box.y1*Scale)), true
}

type bounds struct{ x0, y0, x1, y1 float64 }

func (p path) bounds() bounds {
	b := bounds{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, points := range p {
		for _, p := range points {
			b = bounds{min(b.x0, p.x), min(b.y0, p.y), max(b.x1, p.x), max(b.y1, p.y)}
		}
	}
	return b
}
