package convviz

// spread says what an input was before zeros were put between its numbers, as the
// plain form of a transposed convolution has them (lesson 1.4.1).
type spread struct {
	step   int    // between two numbers of the input along height and width; 0: nothing was spread
	planes int    // between two of its planes
	size   [3]int // planes, rows and columns before
}

// zero tells whether the number at this place was put in.
func (p spread) zero(plane, row, column int) bool {
	if p.step == 0 {
		return false
	}
	was := func(at, step, size int) bool { return at%step == 0 && at/step < size }
	return !was(plane, max(p.planes, 1), p.size[0]) || !was(row, p.step, p.size[1]) || !was(column, p.step, p.size[2])
}

// between tells whether a number of the input stands between those that were
// given.
func (s Stack) between(plane, row, column int) bool { return s.spread.zero(plane, row, column) }
