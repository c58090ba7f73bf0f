package draw

import (
	"errors"
	"fmt"
	"strings"
)

// Flow draws what is computed one step after the other, from top to bottom:
// cards, and forks whose lanes lie side by side and meet at a sign. A flow that
// is high goes on in columns.
type Flow struct {
	Title string
	Steps []FlowStep
	Note  string
	Alt   string
}

// FlowStep is a step of a Flow: a card for a volume, a fork if it has Lanes, a
// frame if it has steps in it.
type FlowStep struct {
	Box           // name and lines are also those beside a fork's sign; a frame has a name alone
	Mark   string // in the card's corner
	Pile   bool   // the card stands for several steps
	Sign   string // of a fork: in the circle where its lanes meet
	Lanes  [][]FlowStep
	Framed []FlowStep
}

// ErrTooLarge is the error of a Flow that needs a larger picture than can be
// looked at: it has too many cards, or too many lanes side by side.
var ErrTooLarge = errors.New("too large to draw")

// The largest flow, and how far its parts are apart.
const (
	flowWidth  = 1000
	flowHeight = 1400
	flowCards  = 400
	flowGap    = 18 // between a step and the next
	laneGap    = 14 // between lanes
	gutter     = 36 // between columns
	fork       = 22 // from where lanes part to the first steps, and from the last to where they meet
	frameEdge  = 9  // between a frame and what is in it
	textLine   = 14
	signSide   = 20 // of the circle with the sign
	pile       = 6  // how far cards behind a card reach
	markGap    = 12 // between a card's name and its mark
	glyphSide  = 24 // of the largest map on a card
	glyphArea  = 42
)

// Draw makes the picture. Errors of a flow that is too large are ErrTooLarge.
func (f Flow) Draw() (*Picture, error) { return Beside(f) }

// inside are the lanes of a fork, or what is in a frame.
func (s FlowStep) inside() [][]FlowStep {
	if len(s.Framed) > 0 {
		return [][]FlowStep{s.Framed}
	}
	return s.Lanes
}

// check refuses what is no step, and counts the cards.
func check(title string, steps []FlowStep) (cards int, err error) {
	for _, s := range steps {
		for _, lane := range s.inside() {
			n, err := check(title, lane)
			if err != nil {
				return 0, err
			}
			cards += n
		}
		if cards++; len(s.Framed) == 0 && (s.Height < 1 || s.Width < 0 || s.Channels < 1) {
			return 0, fmt.Errorf("draw: %q: step %s has size %dx%dx%d", title, s.Name, s.Height, s.Width, s.Channels)
		}
	}
	return cards, nil
}

// Layout checks the data and gives the size, as a Panel does.
func (f Flow) Layout() (width, height float64, err error) {
	if len(f.Steps) == 0 {
		return 0, 0, fmt.Errorf("draw: %q has no steps", f.Title)
	}
	cards, err := check(f.Title, f.Steps)
	if err != nil {
		return 0, 0, err
	}
	if cards > flowCards {
		return 0, 0, fmt.Errorf("draw: %q has %d steps, at most %d: %w", f.Title, cards, flowCards, ErrTooLarge)
	}
	if l := f.ladder(); l != nil {
		if width, height, _, _ = l.size(); height > ladderHeight || width > flowWidth {
			return 0, 0, fmt.Errorf("draw: %q is %.0f high and %.0f wide, at most %d and %d: %w", f.Title, height, width, ladderHeight, flowWidth, ErrTooLarge)
		}
	} else {
		cols, err := f.columns()
		if err != nil {
			return 0, 0, err
		}
		for _, col := range cols {
			width += col.left + col.right + gutter
			height = max(height, col.height)
		}
	}
	width = max(width, Width(f.Title, 15, true)+24)
	height += heading(f.Title) + 34
	if f.Note != "" {
		width = max(width, min(Width(f.Note, 12, false)+32, 700))
		height += 20
	}
	return width, height, nil
}

// largest is the side of the largest map.
func largest(steps []FlowStep) int {
	most := 1
	for _, s := range steps {
		if !s.flat() && len(s.Lanes) == 0 {
			most = max(most, s.Height, s.Width)
		}
		for _, lane := range s.inside() {
			most = max(most, largest(lane))
		}
	}
	return most
}

// Words describe the chart, as those of a Panel do.
func (f Flow) Words() string {
	if f.Alt != "" {
		return f.Alt
	}
	return fmt.Sprintf("%s: %s. %s", f.Title, wordsOf(f.Steps), f.Note)
}

func wordsOf(steps []FlowStep) string {
	var parts []string
	for _, s := range steps {
		own := strings.Join(append([]string{strings.TrimSpace(s.Mark + " " + s.Name)}, s.Lines...), ", ")
		switch {
		case len(s.Framed) > 0:
			own = fmt.Sprintf("%s: [%s]", s.Name, wordsOf(s.Framed))
		case len(s.Lanes) > 0:
			lanes := make([]string, len(s.Lanes))
			for i, lane := range s.Lanes {
				if lanes[i] = wordsOf(lane); len(lane) == 0 {
					lanes[i] = "–"
				}
			}
			own = fmt.Sprintf("[%s] %s %s", strings.Join(lanes, " | "), s.Sign, own)
		}
		parts = append(parts, own)
	}
	return strings.Join(parts, " → ")
}

// Paint draws the chart at x, y, as a Panel does.
func (f Flow) Paint(c *Canvas, x, y float64) {
	width, height, _ := f.Layout()
	paintTitle(c, x, y, width, f.Title)
	if f.Note != "" {
		c.Text(x+width/2, y+height-12, Fit(f.Note, 12, false, width-16), Text{Anchor: Middle})
	}
	p := flowPainter{c, glyphSide / float64(largest(f.Steps))}
	if l := f.ladder(); l != nil {
		used, _, _, _ := l.size()
		p.ladder(l, x+(width-used)/2, y+heading(f.Title)+10)
		return
	}
	cols, _ := f.columns()
	used := 0.0
	for _, col := range cols {
		used += col.left + col.right + gutter
	}
	left, top, end := x+(width-used)/2+gutter/2, y+heading(f.Title)+10, point{}
	for i, col := range cols {
		axis, from := left+col.left, top
		if i > 0 { // from the foot of the column before
			turn, foot := left-gutter/2, top+cols[i-1].height+10
			from = top - 12
			c.Polyline([]float64{end.x, end.x, turn, turn, axis}, []float64{end.y, foot, foot, from, from}, flowLine)
		}
		end = point{axis, p.column(col, axis, top, from)}
		left += col.left + col.right + gutter
	}
}
