package draw

import (
	"bytes"
	"image"
	"image/png"
)

// stillGap is between the frames of a still, and stillWidth how wide frames
// side by side may be: wider ones lie under each other.
const (
	stillGap   = 8
	stillWidth = 2400
)

// sharpUpTo is how wide a still may be whose PNG has more pixels than its place:
// a wider one is made narrower by every page.
const sharpUpTo = 900

// Still is the first, the middle and the last frame side by side, for where
// nothing moves: on paper, or on a page that runs no script.
func (f *Film) Still() (*Picture, error) {
	still, err := f.canvas.still(f.Picture.Alt)
	if err != nil || still.Width <= sharpUpTo {
		return still, err
	}
	img, err := png.Decode(bytes.NewReader(still.PNG))
	if err != nil {
		return nil, err
	}
	small := shrink(img, max(img.Bounds().Dx(), img.Bounds().Dy())/Scale)
	var b bytes.Buffer
	out := image.NewRGBA(small.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, small.At(x, y))
		}
	}
	if few := f.canvas.paletted(out); few != nil {
		err = encoder.Encode(&b, few)
	} else {
		err = encoder.Encode(&b, out)
	}
	still.PNG = b.Bytes()
	return still, err
}

// still shows the first, the middle and the last frame of a canvas side by
// side, where nothing moves: on paper, or on a page that runs no script.
func (c *Canvas) still(alt string) (*Picture, error) {
	frames := []int{0}
	for _, i := range []int{(c.frames - 1) / 2, c.frames - 1} {
		if i > frames[len(frames)-1] {
			frames = append(frames, i)
		}
	}
	n := float64(len(frames))
	stepX, stepY := c.width+stillGap, 0.0
	if n*stepX > stillWidth {
		stepX, stepY = 0, c.height+stillGap
	}
	width, height := (n-1)*stepX+c.width, (n-1)*stepY+c.height
	if max(width, height) > maxSide {
		return c.Picture(alt)
	}
	all := New(width, height)
	all.ops = nil // each frame has its own card
	all.err = c.err
	for k, frame := range frames {
		for _, o := range c.ops {
			if !o.show.in(frame) {
				continue
			}
			moved := o
			moved.show, moved.points = always, nil
			for _, p := range o.points {
				moved.points = append(moved.points, point{p.x + float64(k)*stepX, p.y + float64(k)*stepY})
			}
			all.ops = append(all.ops, moved)
		}
	}
	return all.Picture(alt)
}
