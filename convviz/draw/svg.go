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

// svg writes the canvas. With show < 0 every frame's shapes are in it, each
// in a group of class "frame" whose attributes are extra(i); otherwise only
// the frame show is.
func (c *Canvas) svg(alt string, show int, extra func(i int) (attributes, children string)) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]s %[2]s" width="%[1]s" height="%[2]s" style="max-width:100%%;height:auto" role="img" aria-label="%[3]s" font-family="Go,Helvetica,Arial,sans-serif">`+"\n",
		num(c.width), num(c.height), escape(alt))
	open := always
	for _, o := range c.ops {
		if show >= 0 && o.frame != always && o.frame != show {
			continue
		}
		if show < 0 && o.frame != open {
			if open != always {
				b.WriteString("</g>\n")
			}
			if o.frame != always {
				attributes, children := extra(o.frame)
				fmt.Fprintf(&b, `<g class="frame" data-frame="%d"%s>%s`+"\n", o.frame, attributes, children)
			}
			open = o.frame
		}
		if err := o.svg(&b); err != nil {
			return "", err
		}
	}
	if open != always && show < 0 {
		b.WriteString("</g>\n")
	}
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

var encoder = png.Encoder{CompressionLevel: png.BestCompression}

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
	// The outlines are in a tenth of a pixel at size 100: short numbers.
	scale := o.font.Size / 100
	turn := ""
	if o.font.Up {
		turn = " rotate(-90)"
	}
	fmt.Fprintf(b, `<g role="img" aria-label="%s" transform="translate(%s %s)%s scale(%s)" fill="%s"><path d="`,
		escape(o.text), num(at.x), num(at.y), turn, strconv.FormatFloat(scale, 'f', 4, 64), hex(o.font.Color))
	pen := x / scale
	for _, r := range o.text {
		g := glyphOf(r, o.font.Bold)
		for _, s := range g.segments {
			b.WriteByte(s.op)
			for i := range s.n {
				if i > 0 {
					b.WriteByte(' ')
				}
				fmt.Fprintf(b, "%s %s", num1(pen+s.points[i].x/10), num1(s.points[i].y/10))
			}
		}
		if len(g.segments) > 0 {
			b.WriteByte('Z')
		}
		pen += g.advance / 10
	}
	b.WriteString(`"/></g>` + "\n")
}

func num1(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }
