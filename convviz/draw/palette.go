package draw

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
)

// png is one frame as a file.
func (c *Canvas) png(frame int) ([]byte, error) {
	var b bytes.Buffer
	img := c.raster(frame)
	var err error
	if few := c.paletted(img); few != nil {
		err = encoder.Encode(&b, few)
	} else {
		err = encoder.Encode(&b, img)
	}
	if err != nil {
		return nil, fmt.Errorf("draw: PNG: %w", err)
	}
	return b.Bytes(), nil
}

// paletted is img with a palette of at most 256 colours, which makes a file a
// third as large, or nil when that cannot be: colours that shapes were given
// stay, those of smooth edges are rounded to sixteenths if they must.
func (c *Canvas) paletted(img *image.RGBA) *image.Paletted {
	if out := reduced(img, func(p color.RGBA) color.RGBA { return p }); out != nil {
		return out
	}
	keep := map[color.RGBA]bool{}
	for _, o := range c.ops {
		if o.kind == imageOp {
			return nil
		}
		for _, given := range []color.Color{o.style.Fill, o.style.Stroke, o.font.Color} {
			if given != nil {
				keep[color.RGBAModel.Convert(given).(color.RGBA)] = true
			}
		}
	}
	round := func(v uint8) uint8 { return uint8(min(255, (int(v)+8)/16*16)) }
	return reduced(img, func(p color.RGBA) color.RGBA {
		if keep[p] {
			return p
		}
		return color.RGBA{round(p.R), round(p.G), round(p.B), round(p.A)}
	})
}

func reduced(img *image.RGBA, to func(color.RGBA) color.RGBA) *image.Paletted {
	index, places := map[color.RGBA]uint8{}, map[color.RGBA]uint8{}
	var palette color.Palette
	out := image.NewPaletted(img.Bounds(), nil)
	var last color.RGBA
	var lastAt uint8
	for i := range out.Pix {
		p := img.Pix[4*i : 4*i+4 : 4*i+4]
		c := color.RGBA{p[0], p[1], p[2], p[3]}
		if c == last && i > 0 {
			out.Pix[i] = lastAt
			continue
		}
		at, ok := index[c]
		if !ok {
			kept := to(c)
			if at, ok = places[kept]; !ok {
				if len(palette) == 256 {
					return nil
				}
				at = uint8(len(palette))
				palette = append(palette, kept)
				places[kept] = at
			}
			index[c] = at
		}
		out.Pix[i], last, lastAt = at, c, at
	}
	out.Palette = palette
	return out
}
