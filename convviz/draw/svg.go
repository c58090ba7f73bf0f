package draw

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"
)

// num writes a length with at most two decimals.
func num(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}

func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// svg writes the canvas. With one >= 0 only that frame is in it; otherwise
// every frame's shapes are, those seen in the same frames in a group of class
// "frame", to which extra adds. The root has its size and no style: programs
// that know little of CSS, as CairoSVG, take a style's height for the
// picture's. A page that must not be burst says so itself.
func (c *Canvas) svg(alt string, one int, extra func(d during) (attributes, children string)) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="%[4]s" viewBox="0 0 %[1]s %[2]s" width="%[1]s" height="%[2]s" role="img" aria-label="%[3]s" font-family="Go,Helvetica,Arial,sans-serif">`+"\n",
		num(c.width), num(c.height), escape(alt), themeClass)
	c.outlines(&b)
	open := always
	for _, o := range c.ops {
		if one >= 0 && !o.show.in(one) {
			continue
		}
		if one < 0 && o.show != open {
			if open != always {
				b.WriteString("</g>\n")
			}
			if o.show != always {
				attributes, children := extra(o.show)
				fmt.Fprintf(&b, `<g class="frame" data-from="%d" data-to="%d"%s>%s`+"\n", o.show.from, o.show.to, attributes, children)
			}
			open = o.show
		}
		if err := o.svg(&b); err != nil {
			return "", err
		}
	}
	if open != always {
		b.WriteString("</g>\n")
	}
	b.WriteString(c.themed())
	b.WriteString("</svg>\n")
	return b.String(), nil
}

func (s Style) svg() string {
	out := ` fill="none"`
	if s.Fill != nil {
		out = ` fill="` + hex(s.Fill) + `"`
	}
	if s.Stroke != nil {
		out += ` stroke="` + hex(s.Stroke) + `"`
		if s.Width != 0 && s.Width != 1 {
			out += ` stroke-width="` + num(s.Width) + `"`
		}
		if s.Dash > 0 {
			out += ` stroke-dasharray="` + num(s.Dash) + `"`
		}
	}
	return out
}

func (o op) svg(b *strings.Builder) error {
	switch o.kind {
	case rectOp:
		x, y, w, h := o.box()
		radius := ""
		if o.radius > 0 {
			radius = ` rx="` + num(o.radius) + `"`
		}
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s"%s%s/>`+"\n", num(x), num(y), num(w), num(h), radius, o.style.svg())
	case circleOp:
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"%s/>`+"\n", num(o.points[0].x), num(o.points[0].y), num(math.Abs(o.radius)), o.style.svg())
	case lineOp, polygonOp:
		name := "polyline"
		if o.kind == polygonOp {
			name = "polygon"
		}
		fmt.Fprintf(b, `<%s points="`, name)
		for i, p := range o.points {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(num(p.x) + "," + num(p.y))
		}
		fmt.Fprintf(b, `"%s/>`+"\n", o.style.svg())
	case textOp:
		o.svgText(b)
	case imageOp:
		x, y, w, h := o.box()
		var data bytes.Buffer
		if err := encoder.Encode(&data, o.img); err != nil {
			return fmt.Errorf("draw: image: %w", err)
		}
		fmt.Fprintf(b, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,%s"/>`+"\n",
			num(x), num(y), num(w), num(h), base64.StdEncoding.EncodeToString(data.Bytes()))
	}
	return nil
}

var encoder = png.Encoder{CompressionLevel: png.DefaultCompression}

func (o op) box() (x, y, w, h float64) {
	a, b := o.points[0], o.points[1]
	return min(a.x, b.x), min(a.y, b.y), math.Abs(b.x - a.x), math.Abs(b.y - a.y)
}

// left is where the text starts, before it is turned.
func (o op) left() (x, width float64) {
	width = Width(o.text, o.font.Size, o.font.Bold)
	switch o.font.Anchor {
	case Middle:
		return -width / 2, width
	case End:
		return -width, width
	}
	return 0, width
}

// svgText writes Latin text as text, set to the width that the layout
// reckoned with, and other text as outlines, because a page may have no font
// for it. Characters that the embedded fonts lack are left to the page.
func (o op) svgText(b *strings.Builder) {
	known, latin := hasAll(o.text, o.font.Bold)
	x, width := o.left()
	at := o.points[0]
	if latin || !known {
		place := fmt.Sprintf(`x="%s" y="%s"`, num(at.x+x), num(at.y))
		if o.font.Up {
			place = fmt.Sprintf(`transform="translate(%s %s) rotate(-90)" x="%s"`, num(at.x), num(at.y), num(x))
		}
		weight := ""
		if o.font.Bold {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(b, `<text %s font-size="%s"%s fill="%s" textLength="%s" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
			place, num(o.font.Size), weight, hex(o.font.Color), num(width), escape(o.text))
		return
	}
	turn := ""
	if o.font.Up {
		turn = " rotate(-90)"
	}
	fmt.Fprintf(b, `<g role="img" aria-label="%s" transform="translate(%s %s)%s scale(%s)" fill="%s">`,
		escape(o.text), num(at.x), num(at.y), turn, strconv.FormatFloat(o.font.Size/glyphSize, 'f', 4, 64), hex(o.font.Color))
	pen := x * glyphSize / o.font.Size
	for _, r := range o.text {
		g := glyphOf(r, o.font.Bold)
		if len(g.segments) > 0 {
			fmt.Fprintf(b, `<use href="#%s" x="%s"/>`, glyphID(r), num1(pen))
		}
		pen += g.advance * glyphSize / unit
	}
	b.WriteString("</g>\n")
}

// glyphSize is the size of the outlines in an SVG: large, so that few decimals
// do.
const glyphSize = 100

// glyphID is the same for a character in every picture, so that pictures in
// one page do not disturb each other.
func glyphID(r rune) string { return fmt.Sprintf("glyph-%x", r) }

// outlines writes each character that is drawn as an outline once.
func (c *Canvas) outlines(b *strings.Builder) {
	done := map[rune]bool{}
	for _, o := range c.ops {
		if known, latin := hasAll(o.text, o.font.Bold); o.kind != textOp || latin || !known {
			continue
		}
		for _, r := range o.text {
			g := glyphOf(r, false)
			if done[r] || len(g.segments) == 0 {
				continue
			}
			if len(done) == 0 {
				b.WriteString("<defs>\n")
			}
			done[r] = true
			fmt.Fprintf(b, `<path id="%s" d="`, glyphID(r))
			for i, s := range g.segments {
				if i > 0 && s.op == 'M' {
					b.WriteByte('Z')
				}
				b.WriteByte(s.op)
				for k := range s.n {
					if k > 0 {
						b.WriteByte(' ')
					}
					b.WriteString(num1(s.points[k].x*glyphSize/unit) + " " + num1(s.points[k].y*glyphSize/unit))
				}
			}
			b.WriteString("Z\"/>\n")
		}
	}
	if len(done) > 0 {
		b.WriteString("</defs>\n")
	}
}

func num1(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }
