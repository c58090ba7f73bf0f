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

// Then is the reach of next after r.
func (r Reach) Then(next Reach) Reach {
	in := 0
	if len(r) > 0 {
		in = len(r[0])
	}
	both := newReach(in, len(next))
	for o := range next {
		for middle, sees := range next[o] {
			if !sees {
				continue
			}
			for c, s := range r[middle] {
				both[o][c] = both[o][c] || s
			}
		}
	}
	return both
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
