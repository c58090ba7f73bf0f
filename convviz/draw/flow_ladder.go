package draw

// A ladder is a flow that goes down, and comes up again past shortcuts from the
// way down, as a U-Net: it is drawn as two columns. Rung 0 is on top.
type ladder []rung

// rung is what lies between two shortcuts.
type rung struct {
	down, up column    // the first of up is at the bottom
	sign     *FlowStep // where up and the shortcut that starts under this rung meet; of the last nil
}

const (
	ladderHeight = 2000
	ladderGap    = 70 // between the columns
	strip        = 14 // above and below a shortcut
)

// ladder finds the rungs of a flow, or that it is none: it takes two forks at
// least with the same sign, one in the other, and cards beside them.
func (f Flow) ladder() ladder {
	var rungs ladder
	var parts [][2][]FlowStep // of each rung, down and up
	steps, signs := f.Steps, map[string]bool{}
	for {
		at := -1
		for i, s := range steps {
			switch {
			case len(s.Framed) > 0 || len(s.Lanes) > 0 && (at >= 0 || len(s.Lanes) != 2 || (len(s.Lanes[0]) == 0) == (len(s.Lanes[1]) == 0)):
				return nil
			case len(s.Lanes) > 0:
				at = i
			}
		}
		if at < 0 {
			break
		}
		fork := steps[at]
		signs[fork.Sign] = true
		rungs = append(rungs, rung{sign: &fork})
		parts = append(parts, [2][]FlowStep{steps[:at], steps[at+1:]})
		if steps = fork.Lanes[0]; len(steps) == 0 {
			steps = fork.Lanes[1]
		}
	}
	if len(rungs) < 2 || len(signs) > 1 {
		return nil
	}
	rungs, parts = append(rungs, rung{}), append(parts, [2][]FlowStep{steps, nil})
	var down, up []FlowStep
	for _, p := range parts {
		down, up = append(down, p[0]...), append(up, p[1]...)
	}
	wideDown, wideUp := widestCard(down), widestCard(up)
	for i, p := range parts {
		rungs[i].down, rungs[i].up = arrange(p[0], wideDown), arrange(p[1], wideUp)
	}
	return rungs
}

func (r rung) height() float64 { return max(r.down.height, r.up.height) }

// size is that of a ladder with the places of its columns' lines.
func (l ladder) size() (width, height, down, up float64) {
	left, right, upLeft, upRight := 0.0, 0.0, 0.0, 0.0
	for _, r := range l {
		left, right = max(left, r.down.left), max(right, r.down.right)
		upLeft, upRight = max(upLeft, r.up.left), max(upRight, r.up.right)
		height += r.height()
		if r.sign != nil {
			upRight = max(upRight, signSide/2+8+r.sign.textWidth())
			height += 2*strip + r.sign.signHeight()
		}
	}
	down = 16 + left
	up = down + right + ladderGap + upLeft
	return up + upRight + 16, height + strip, down, up
}

// ladder paints the rungs from y on.
func (p flowPainter) ladder(l ladder, x, y float64) {
	_, _, down, up := l.size()
	down, up = x+down, x+up
	from, below := y, y // where the way down has come to, and where the way up has to come
	for i, r := range l {
		if len(r.down.steps) > 0 {
			from = p.column(r.down, down, y, from)
		}
		y += r.height()
		at := y - r.up.height
		for j := len(r.up.steps) - 1; j >= 0; j-- {
			s := r.up.steps[j]
			if i > 0 || j < len(r.up.steps)-1 {
				p.upwards(up, at, below)
			}
			p.card(s, up, at)
			below = at + s.height
			at = below + flowGap
		}
		if r.sign == nil {
			p.Polyline([]float64{down, down, up}, []float64{from, y + strip, y + strip}, flowLine)
			p.upwards(up, y+strip, below)
			break
		}
		ring := y + strip + signSide/2
		if i > 0 || len(r.up.steps) > 0 {
			p.upwards(up, ring-signSide/2, below)
		}
		p.Line(down, from, down, ring, flowLine)
		p.Circle(down, ring, 2.5, Style{Fill: Grey})
		p.Line(down, ring, up-signSide/2, ring, flowLine)
		p.sign(*r.sign, up, ring)
		from, below = ring, ring+signSide/2
		y += 2*strip + r.sign.signHeight()
	}
}

// upwards leads up from a height to what ends at another.
func (p flowPainter) upwards(x, from, to float64) {
	p.Line(x, from, x, to+3, flowLine)
	p.tip(x, to, -1)
}
