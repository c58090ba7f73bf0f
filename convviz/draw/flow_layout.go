package draw

import "fmt"

// placed is a step with its size: how far it reaches to the left and to the
// right of the line that leads to it, and its height.
type placed struct {
	FlowStep
	left, right, height float64
	lanes               []column  // of a frame: what is in it
	axes                []float64 // of the lanes, from the step's own
}

// column is steps one under the other.
type column struct {
	steps               []*placed
	left, right, height float64
}

// arrange measures steps, of which cards get that width.
func arrange(steps []FlowStep, card float64) column {
	var col column
	for i, s := range steps {
		p := &placed{FlowStep: s, left: card / 2, right: card / 2, height: s.cardHeight()}
		switch {
		case len(s.Lanes) > 0:
			p.placeLanes()
		case len(s.Framed) > 0:
			inner := arrange(s.Framed, widestCard(s.Framed))
			p.lanes = []column{inner}
			p.left = max(inner.left+frameEdge, min(Width(s.Name, 11, false), maxText)+2*frameEdge)
			p.right, p.height = inner.right+frameEdge, inner.height+2*frameEdge+textLine
		case s.Pile:
			p.right += pile
			p.height += pile
		}
		col.add(p, i > 0)
	}
	return col
}

// widestCard is the width that all cards of a column get.
func widestCard(steps []FlowStep) float64 {
	widest := 0.0
	for _, s := range steps {
		if len(s.inside()) == 0 {
			widest = max(widest, s.cardWidth())
		}
	}
	return widest
}

func (col *column) add(p *placed, gap bool) {
	if gap {
		col.height += flowGap
	}
	col.steps = append(col.steps, p)
	col.left, col.right, col.height = max(col.left, p.left), max(col.right, p.right), col.height+p.height
}

// placeLanes lays the lanes of a fork side by side: two around the line of the
// higher one, so that a shortcut runs beside a straight body, more around the
// line or lines in the middle.
func (p *placed) placeLanes() {
	width, highest, tall := 0.0, 0.0, 0
	for i, lane := range p.Lanes {
		col := arrange(lane, widestCard(lane))
		if len(lane) == 0 {
			col.left, col.right = 8, 8
		}
		if col.height > highest {
			highest, tall = col.height, i
		}
		if i > 0 {
			width += laneGap
		}
		p.lanes, p.axes = append(p.lanes, col), append(p.axes, width+col.left)
		width += col.left + col.right
	}
	n := len(p.axes)
	middle := (p.axes[(n-1)/2] + p.axes[n/2]) / 2
	if n == 2 {
		middle = p.axes[tall]
	}
	for i := range p.axes {
		p.axes[i] -= middle
	}
	p.left, p.right = max(middle, signSide/2), max(width-middle, signSide/2+8+p.textWidth())
	p.height = 2*fork + highest + p.signHeight()
}

func (s FlowStep) signHeight() float64 { return max(signSide, textLine*float64(len(s.Lines)+1)) }

// maxText bounds the width of a text.
const maxText = 190

// textWidth is that of the texts, without the mark.
func (s FlowStep) textWidth() float64 {
	text := Width(s.Name, 12, true)
	for _, line := range s.Lines {
		text = max(text, Width(line, 11, false))
	}
	return min(text, maxText)
}

func (s FlowStep) cardWidth() float64 {
	text := s.textWidth()
	if s.Mark != "" {
		text = max(text, min(Width(s.Name, 12, true), maxText)+markGap+s.markWidth())
	}
	return glyphArea + text + 8
}

func (s FlowStep) markWidth() float64 { return min(Width(s.Mark, 10, false), maxText) }

func (s FlowStep) cardHeight() float64 {
	return max(12+textLine*float64(len(s.Lines)+1), glyphSide+18)
}

// columns breaks a flow into as few columns as keep it within flowHeight, of
// heights that differ little.
func (f Flow) columns() ([]column, error) {
	whole := arrange(f.Steps, widestCard(f.Steps))
	var fitting []column
	for n := 1; n <= len(whole.steps); n++ {
		cols, lowest := whole.split(n)
		width := 0.0
		for _, col := range cols {
			width += col.left + col.right + gutter
		}
		if width > flowWidth {
			if n == 1 {
				return nil, fmt.Errorf("draw: %q has lanes side by side that are %.0f wide, at most %d: %w", f.Title, width, flowWidth, ErrTooLarge)
			}
			break
		}
		if fitting = cols; lowest <= flowHeight/2 {
			break
		}
	}
	for _, col := range fitting {
		if col.height > flowHeight {
			return nil, fmt.Errorf("draw: %q is %.0f high, at most %d: %w", f.Title, col.height, flowHeight, ErrTooLarge)
		}
	}
	return fitting, nil
}

// split breaks a column into at most n whose highest is as low as can be.
func (col column) split(n int) ([]column, float64) {
	var best []column
	low, high := 0.0, col.height
	for range 30 {
		limit := (low + high) / 2
		if best == nil {
			limit = high
		}
		var cols []column
		for _, p := range col.steps {
			last := len(cols) - 1
			if last < 0 || cols[last].height+flowGap+p.height > limit {
				cols = append(cols, column{})
				last++
			}
			cols[last].add(p, len(cols[last].steps) > 0)
		}
		if len(cols) <= n {
			best, high = cols, limit
		} else {
			low = limit
		}
	}
	return best, high
}
