package draw

import (
	"fmt"
	"strings"
)

// Panel is a chart that can be drawn alone or beside others: Lines, Bars,
// Matrix, Gallery, Boxes, or one of your own.
type Panel interface {
	// Layout checks the data and gives the panel's size.
	Layout() (width, height float64, err error)
	// Paint draws at x, y what Layout found good.
	Paint(c *Canvas, x, y float64)
	// Words describe the panel, from its numbers: its Alt, or the numbers and
	// labels themselves, which are in the language of the page.
	Words() string
}

// Beside draws panels in one picture, side by side, tops aligned.
func Beside(panels ...Panel) (*Picture, error) {
	if len(panels) == 0 {
		return nil, fmt.Errorf("draw: no panels")
	}
	width, height := 0.0, 0.0
	lefts, words := make([]float64, len(panels)), make([]string, len(panels))
	for i, p := range panels {
		w, h, err := p.Layout()
		if err != nil {
			return nil, err
		}
		lefts[i] = width
		width += w
		height = max(height, h)
		words[i] = strings.TrimSpace(p.Words())
	}
	c := New(width, height)
	for i, p := range panels {
		p.Paint(c, lefts[i], 0)
	}
	return c.Picture(strings.Join(words, " "))
}

// titled is an alt text of the words that it is given and no others, so that it
// is in their language.
func titled(title string, parts []string) string {
	if title == "" {
		return strings.Join(parts, "; ") + "."
	}
	return title + ": " + strings.Join(parts, "; ") + "."
}

// InTurn makes a film of panels in one place, with a frame for each. names, one
// for each panel, stand under them.
func InTurn(seconds float64, panels []Panel, names []string) (*Film, error) {
	if len(panels) == 0 || len(panels) != len(names) {
		return nil, fmt.Errorf("draw: %d panels and %d names", len(panels), len(names))
	}
	width, height := 0.0, 0.0
	widths, words := make([]float64, len(panels)), make([]string, len(panels))
	for i, p := range panels {
		w, h, err := p.Layout()
		if err != nil {
			return nil, err
		}
		widths[i] = w
		width, height = max(width, w, Width(names[i], 13, true)+24), max(height, h)
		words[i] = names[i] + ": " + strings.TrimSpace(p.Words())
	}
	c := New(width, height+28)
	for i, p := range panels {
		c.InFrame(i, func() {
			p.Paint(c, (width-widths[i])/2, 0)
			c.Text(width/2, height+14, names[i], Text{Size: 13, Bold: true, Anchor: Middle})
		})
	}
	return c.Film(words[len(words)-1], seconds, words)
}

// heading is the space that a title takes at the top of a panel.
func heading(title string) float64 {
	if title == "" {
		return 12
	}
	return 36
}

func paintTitle(c *Canvas, x, y, width float64, title string) {
	c.Text(x+width/2, y+24, Fit(title, 15, true, width-16), Text{Size: 15, Bold: true, Anchor: Middle})
}
