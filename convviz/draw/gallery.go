package draw

import (
	"fmt"
	"image"
	"image/draw"
	"math"
	"strings"
)

// Gallery is a grid of images, with labels at the rows and columns and
// captions under each image.
type Gallery struct {
	Title      string
	Images     [][]image.Image // rows; a nil image leaves its place empty
	Rows, Cols []string
	Captions   [][][]string // lines under an image: [row][column][line]
	Cell       float64      // side of the place of an image; 0 means 48
	Ground     Color        // behind and between the images; nil: the card
	Note       string       // a line under the gallery
	Alt        string
}

const maxGallery = 2000 // images

// Draw makes the picture.
func (g Gallery) Draw() (*Picture, error) { return Beside(g) }

func (g Gallery) columns() int {
	n := 0
	for _, row := range g.Images {
		n = max(n, len(row))
	}
	return n
}

func (g Gallery) cell() float64 {
	if g.Cell == 0 {
		return 48
	}
	return g.Cell
}

func (g Gallery) lines() int {
	n := 0
	for _, row := range g.Captions {
		for _, lines := range row {
			n = max(n, len(lines))
		}
	}
	return n
}

const galleryGap = 3

func (g Gallery) steps() (across, down, left, top float64) {
	across = g.cell() + galleryGap
	down = g.cell() + galleryGap + 15*float64(g.lines())
	if g.lines() > 0 {
		down += 6
	}
	left, top = 16, heading(g.Title)
	if g.Rows != nil {
		left += math.Ceil(widest(g.Rows, 140)) + 8
	}
	if g.Cols != nil {
		top += 18
	}
	return across, down, left, top
}

// Layout checks the data and gives the size, as a Panel does.
func (g Gallery) Layout() (width, height float64, err error) {
	cols := g.columns()
	switch {
	case cols == 0:
		return 0, 0, fmt.Errorf("draw: gallery %q has no images", g.Title)
	case cols*len(g.Images) > maxGallery:
		return 0, 0, fmt.Errorf("draw: gallery %q has %d x %d places, more than %d", g.Title, len(g.Images), cols, maxGallery)
	case g.Rows != nil && len(g.Rows) != len(g.Images):
		return 0, 0, fmt.Errorf("draw: gallery %q has %d row labels for %d rows", g.Title, len(g.Rows), len(g.Images))
	case g.Cols != nil && len(g.Cols) != cols:
		return 0, 0, fmt.Errorf("draw: gallery %q has %d column labels for %d columns", g.Title, len(g.Cols), cols)
	case !(g.cell() >= 4 && g.cell() <= 1000):
		return 0, 0, fmt.Errorf("draw: gallery %q: cells must be from 4 to 1000 wide, got %g", g.Title, g.Cell)
	}
	for i, row := range g.Images {
		for j, img := range row {
			if img != nil && (img.Bounds().Empty() || img.Bounds().Dx() > 8192 || img.Bounds().Dy() > 8192) {
				return 0, 0, fmt.Errorf("draw: gallery %q: image %d of row %d has size %v", g.Title, j, i, img.Bounds().Size())
			}
		}
	}
	across, down, left, top := g.steps()
	width = max(left+across*float64(cols)-galleryGap+16, Width(g.Title, 15, true)+24)
	height = top + down*float64(len(g.Images)) - galleryGap + 14
	if g.Note != "" {
		width, height = max(width, min(Width(g.Note, 12, false)+32, 560)), height+20
	}
	return width, height, nil
}

// Paint draws the chart at x, y, as a Panel does.
func (g Gallery) Paint(c *Canvas, x, y float64) {
	width, height, _ := g.Layout()
	c.Text(x+width/2, y+height-12, Fit(g.Note, 12, false, width-16), Text{Anchor: Middle})
	paintTitle(c, x, y, width, g.Title)
	across, down, left, top := g.steps()
	left, top = left+x, top+y
	for j, s := range g.Cols {
		c.Text(left+across*float64(j)+g.cell()/2, top-6, Fit(s, 11, false, g.cell()), Text{Size: 11, Anchor: Middle})
	}
	for i, s := range g.Rows {
		c.Text(left-8, top+down*float64(i)+g.cell()/2+4, Fit(s, 11, false, 140), Text{Size: 11, Anchor: End})
	}
	if g.Ground != nil {
		c.Rect(left-1, top-1, across*float64(g.columns())-galleryGap+2, down*float64(len(g.Images))-galleryGap+2, Style{Fill: g.Ground})
	}
	if sheet := g.sheet(); sheet != nil {
		// The gap is a whole number of the images' pixels, see sheet.
		k := g.cell() / float64(g.Images[0][0].Bounds().Dx())
		c.Image(left, top, k*float64(sheet.Rect.Dx()), k*float64(sheet.Rect.Dy()), sheet)
		for i, row := range g.Images {
			for j, img := range row {
				if img != nil {
					g.frame(c, left+across*float64(j), top+down*float64(i), g.cell(), g.cell())
				}
			}
		}
	} else {
		g.single(c, left, top, across, down)
	}
	for i, row := range g.Captions {
		for j, lines := range row {
			for k, s := range lines {
				c.Text(left+across*float64(j)+g.cell()/2, top+down*float64(i)+g.cell()+13+15*float64(k),
					Fit(s, 11, false, across-2), Text{Size: 11, Anchor: Middle})
			}
		}
	}
}

// frame is a thin line around an image, so that a white edge does not run into
// the card.
func (g Gallery) frame(c *Canvas, x, y, w, h float64) {
	if g.Ground == nil {
		c.Rect(x-0.5, y-0.5, w+1, h+1, Style{Stroke: Edge})
	}
}

func (g Gallery) single(c *Canvas, left, top, across, down float64) {
	for i, row := range g.Images {
		for j, img := range row {
			if img == nil {
				continue
			}
			size := img.Bounds().Size()
			k := g.cell() / float64(max(size.X, size.Y))
			w, h := k*float64(size.X), k*float64(size.Y)
			x, y := left+across*float64(j)+(g.cell()-w)/2, top+down*float64(i)+(g.cell()-h)/2
			g.frame(c, x, y, w, h)
			c.Image(x, y, w, h, shrink(img, int(2*g.cell())))
		}
	}
}

// sheet is all images as one, which takes much less room in a file. It is
// there when all are squares of one size and the gap between them is a whole
// number of their pixels. A sheet of more than roundAbove pixels has its
// colours rounded to the nearest 4 of 255, which no eye sees and which halves
// the file.
func (g Gallery) sheet() *image.NRGBA {
	first := g.Images[0]
	if len(first) == 0 || first[0] == nil || g.lines() > 0 || g.Ground != nil {
		return nil
	}
	side := first[0].Bounds().Dx()
	gap := galleryGap * float64(side) / g.cell()
	whole := int(gap)
	if float64(whole) != gap || side > 256 {
		return nil
	}
	step := side + whole
	out := image.NewNRGBA(image.Rect(0, 0, step*g.columns()-whole, step*len(g.Images)-whole))
	draw.Draw(out, out.Rect, image.NewUniform(Card), image.Point{}, draw.Src)
	for i, row := range g.Images {
		for j, img := range row {
			if img == nil {
				continue
			}
			if img.Bounds().Size() != (image.Point{side, side}) {
				return nil
			}
			draw.Draw(out, image.Rect(j*step, i*step, j*step+side, i*step+side), img, img.Bounds().Min, draw.Over)
		}
	}
	if len(out.Pix) > 4*roundAbove {
		for i, v := range out.Pix {
			if i%4 != 3 {
				out.Pix[i] = uint8(min(255, (int(v)+2)/4*4))
			}
		}
	}
	return out
}

const roundAbove = 64 * 1024

// shrink makes a large image at most side pixels wide and high, each pixel
// the mean of those it stands for.
func shrink(img image.Image, side int) image.Image {
	from := img.Bounds()
	most := max(from.Dx(), from.Dy())
	if most <= max(side, 64) {
		return img
	}
	w, h := max(1, from.Dx()*side/most), max(1, from.Dy()*side/most)
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			x0, x1 := x*from.Dx()/w, (x+1)*from.Dx()/w
			y0, y1 := y*from.Dy()/h, (y+1)*from.Dy()/h
			var sum [4]uint32
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					r, g, b, a := img.At(from.Min.X+sx, from.Min.Y+sy).RGBA()
					sum[0] += r >> 8
					sum[1] += g >> 8
					sum[2] += b >> 8
					sum[3] += a >> 8
				}
			}
			n := uint32((x1 - x0) * (y1 - y0))
			a := sum[3] / n
			at := out.Pix[out.PixOffset(x, y):]
			for i := range 3 {
				if sum[3] > 0 { // premultiplied to plain
					at[i] = uint8(min(255, 255*uint64(sum[i])/uint64(sum[3])))
				}
			}
			at[3] = uint8(a)
		}
	}
	return out
}

// Words describe the chart, as those of a Panel do.
func (g Gallery) Words() string {
	if g.Alt != "" {
		return g.Alt
	}
	parts := []string{fmt.Sprintf("%dx%d", len(g.Images), g.columns())}
	parts = append(append(parts, g.Rows...), g.Cols...)
	for _, row := range g.Captions {
		for _, lines := range row {
			parts = append(parts, strings.Join(lines, " "))
		}
	}
	if g.Note != "" {
		parts = append(parts, g.Note)
	}
	return titled(g.Title, parts)
}
