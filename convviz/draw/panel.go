package draw

import (
	"fmt"
	"strings"
)

// Panel is a chart that can be drawn alone or beside others: Lines, Bars,
// Matrix, Gallery or Boxes.
type Panel interface {
	// layout checks the data and gives the panel's size.
	layout() (width, height float64, err error)
	// paint draws at x, y what layout found good.
	paint(c *Canvas, x, y float64)
	// words describe the panel, from its numbers.
	words() string
}

// Beside draws panels in one picture, side by side, tops aligned.
func Beside(panels ...Panel) (*Picture, error) {
	if len(panels) == 0 {
		return nil, fmt.Errorf("draw: no panels")
	}
	width, height := 0.0, 0.0
	lefts, words := make([]float64, len(panels)), make([]string, len(panels))
	for i, p := range panels {
		w, h, err := p.layout()
		if err != nil {
			return nil, err
		}
		lefts[i] = width
		width += w
		height = max(height, h)
		words[i] = strings.TrimSpace(p.words())
	}
	c := New(width, height)
	for i, p := range panels {
		p.paint(c, lefts[i], 0)
	}
	return c.Picture(strings.Join(words, " "))
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
