package draw

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Scale is how many pixels of the PNG one pixel of the picture has.
const Scale = 2

// raster draws the shapes of one frame, and those of all frames.
func (c *Canvas) raster(frame int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, int(math.Ceil(c.width*Scale)), int(math.Ceil(c.height*Scale))))
	for _, o := range c.ops {
		if o.show.in(frame) {
			o.raster(img)
		}
	}
	return img
}

func (o op) raster(img *image.RGBA) {
	switch o.kind {
	case rectOp:
		x, y, w, h := o.box()
		outlined := o.style
		if r := o.radius; r > 0 && o.style.Fill != nil {
			// Large and straight parts are filled as such: much faster.
			for _, part := range []path{roundRect(x+r, y, w-2*r, h, 0), roundRect(x, y+r, w, h-2*r, 0),
				disc(point{x + r, y + r}, r), disc(point{x + w - r, y + r}, r), disc(point{x + r, y + h - r}, r), disc(point{x + w - r, y + h - r}, r)} {
				fill(img, part, o.style.Fill)
			}
			outlined.Fill = nil
		}
		outlined.raster(img, roundRect(x, y, w, h, o.radius), true)
	case circleOp:
		o.style.raster(img, disc(o.points[0], math.Abs(o.radius)), true)
	case polygonOp:
		o.style.raster(img, path{o.points}, true)
	case lineOp:
		o.style.raster(img, path{o.points}, false)
	case textOp:
		o.rasterText(img)
	case imageOp:
		o.rasterImage(img)
	}
}

func (s Style) raster(img *image.RGBA, shape path, closed bool) {
	if s.Fill != nil {
		fill(img, shape, s.Fill)
	}
	if s.Stroke == nil {
		return
	}
	width := s.Width
	if width == 0 {
		width = 1
	}
	for _, points := range shape {
		if closed && len(points) > 0 {
			points = append(points[:len(points):len(points)], points[0])
		}
		for _, part := range dashes(points, s.Dash) {
			for _, piece := range outline(part, width) { // apart, their boxes are much smaller
				fill(img, path{piece}, s.Stroke)
			}
		}
	}
}

// fill paints the area inside the shapes, its edges smooth. Only the shapes'
// bounding box is worked on.
func fill(img *image.RGBA, shapes path, c color.Color) {
	if area, ok := shapes.pixels(); ok {
		draw.Draw(img, area, image.NewUniform(c), image.Point{}, draw.Src)
		return
	}
	fillPath(img, shapes.bounds(), c, func(r *vector.Rasterizer, dx, dy float64) {
		for _, points := range shapes {
			for i, p := range points {
				x, y := float32(p.x*Scale-dx), float32(p.y*Scale-dy)
				if i == 0 {
					r.MoveTo(x, y)
				} else {
					r.LineTo(x, y)
				}
			}
			r.ClosePath()
		}
	})
}

func fillPath(img *image.RGBA, b bounds, c color.Color, add func(r *vector.Rasterizer, dx, dy float64)) {
	if !(b.x0 <= b.x1) {
		return
	}
	x0, y0 := math.Floor(b.x0*Scale), math.Floor(b.y0*Scale)
	x1, y1 := math.Ceil(b.x1*Scale), math.Ceil(b.y1*Scale)
	limit := img.Bounds()
	x0, y0 = max(x0, -1), max(y0, -1)
	x1, y1 = min(x1, float64(limit.Max.X)+1), min(y1, float64(limit.Max.Y)+1)
	w, h := int(x1-x0), int(y1-y0)
	if w <= 0 || h <= 0 {
		return
	}
	r := vector.NewRasterizer(w, h)
	add(r, x0, y0)
	area := image.Rect(int(x0), int(y0), int(x0)+w, int(y0)+h)
	if area.In(limit) {
		r.Draw(img, area, image.NewUniform(c), image.Point{})
		return
	}
	// The rasterizer draws whole areas only: what sticks out is cut off here.
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	r.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	draw.DrawMask(img, area, image.NewUniform(c), image.Point{}, mask, image.Point{}, draw.Over)
}

func (o op) rasterText(img *image.RGBA) {
	pen, _ := o.left()
	at, k := o.points[0], o.font.Size/unit
	place := func(p point) point {
		x, y := pen+p.x*k, p.y*k
		if o.font.Up {
			x, y = y, -x
		}
		return point{at.x + x, at.y + y}
	}
	for _, r := range o.text {
		g := glyphOf(r, o.font.Bold)
		if !g.known && r != ' ' { // a box stands for a character without a glyph
			w := g.advance
			box := path{{place(point{80, -700}), place(point{w - 80, -700}), place(point{w - 80, 0}), place(point{80, 0})}}
			Style{Stroke: o.font.Color}.raster(img, box, true)
		}
		var control []point
		for _, s := range g.segments {
			for i := range s.n {
				control = append(control, place(s.points[i]))
			}
		}
		fillPath(img, path{control}.bounds(), o.font.Color, func(ras *vector.Rasterizer, dx, dy float64) {
			at := func(p point) (float32, float32) {
				p = place(p)
				return float32(p.x*Scale - dx), float32(p.y*Scale - dy)
			}
			for i, s := range g.segments {
				ax, ay := at(s.points[0])
				bx, by := at(s.points[1])
				cx, cy := at(s.points[2])
				switch s.op {
				case 'M':
					if i > 0 {
						ras.ClosePath()
					}
					ras.MoveTo(ax, ay)
				case 'L':
					ras.LineTo(ax, ay)
				case 'Q':
					ras.QuadTo(ax, ay, bx, by)
				case 'C':
					ras.CubeTo(ax, ay, bx, by, cx, cy)
				}
			}
			ras.ClosePath()
		})
		pen += g.advance * k
	}
}

func (o op) rasterImage(img *image.RGBA) {
	x, y, w, h := o.box()
	area := image.Rect(int(math.Round(x*Scale)), int(math.Round(y*Scale)), int(math.Round((x+w)*Scale)), int(math.Round((y+h)*Scale)))
	from := o.img.Bounds()
	visible := area.Intersect(img.Bounds())
	for py := visible.Min.Y; py < visible.Max.Y; py++ {
		sy := from.Min.Y + (py-area.Min.Y)*from.Dy()/area.Dy()
		for px := visible.Min.X; px < visible.Max.X; px++ {
			sx := from.Min.X + (px-area.Min.X)*from.Dx()/area.Dx()
			r, g, b, a := o.img.At(sx, sy).RGBA()
			if a == 0xffff {
				img.SetRGBA(px, py, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255})
			} else {
				draw.Draw(img, image.Rect(px, py, px+1, py+1), o.img, image.Pt(sx, sy), draw.Over)
			}
		}
	}
}
