package geometry

// Reach tells which input channels each output channel can see:
// Reach[out][in].
type Reach [][]bool

// SelfReach is the reach of channels on themselves.
func SelfReach(channels int) Reach {
	r := newReach(channels, channels)
	for c := range channels {
		r[c][c] = true
	}
	return r
}

// GroupReach is the reach of a convolution with groups (lesson 1.8): an output
// sees the inputs of its own group. Both counts are multiples of groups.
func GroupReach(in, out, groups int) Reach {
	r := newReach(in, out)
	for o := range out {
		group := o / (out / groups)
		for c := range in {
			r[o][c] = c/(in/groups) == group
		}
	}
	return r
}

// Shuffle is the order in which a channel shuffle lays the channels out
// (lesson 1.9): channel i of the output is channel Shuffle[i] of the input.
// For 12 channels in 3 groups it is 0 4 8 1 5 9 2 6 10 3 7 11.
func Shuffle(channels, groups int) []int {
	order := make([]int, channels)
	for i := range order {
		order[i] = i%groups*(channels/groups) + i/groups
	}
	return order
}

// ShuffleReach is the reach of a channel shuffle: each output sees one input.
func ShuffleReach(channels, groups int) Reach {
	r := newReach(channels, channels)
	for o, c := range Shuffle(channels, groups) {
		r[o][c] = true
	}
	return r
}

func newReach(in, out int) Reach {
	r := make(Reach, out)
	for o := range r {
		r[o] = make([]bool, in)
	}
	return r
}

// Then is the reach of next after r. It works on 64 inputs at once: flattened
// maps have thousands of channels, and time grows with their third power.
func (r Reach) Then(next Reach) Reach {
	in := 0
	if len(r) > 0 {
		in = len(r[0])
	}
	rows := make([][]uint64, len(r))
	for i, row := range r {
		rows[i] = packed(row)
	}
	both, sum := newReach(in, len(next)), make([]uint64, (in+63)/64)
	for o := range next {
		clear(sum)
		for middle, sees := range next[o] {
			if !sees {
				continue
			}
			for k, word := range rows[middle] {
				sum[k] |= word
			}
		}
		for c := range both[o] {
			both[o][c] = sum[c/64]>>(c%64)&1 == 1
		}
	}
	return both
}

// packed are marks as the bits of words, 64 in each, the first the lowest.
func packed(marks []bool) []uint64 {
	words := make([]uint64, (len(marks)+63)/64)
	for i, mark := range marks {
		if mark {
			words[i/64] |= 1 << (i % 64)
		}
	}
	return words
}

// Share is the part of all pairs (output, input) that are connected, 0 to 1.
func (r Reach) Share() float64 {
	connected, all := 0, 0
	for _, row := range r {
		for _, sees := range row {
			all++
			if sees {
				connected++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(connected) / float64(all)
}
