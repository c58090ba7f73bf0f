package weights

// toTheirs is the order of our axes in PyTorch: [spatial..., in, out] becomes
// [out, in, spatial...]; a bias stays.
func toTheirs(rank int) []int {
	order := make([]int, rank)
	for i := range order {
		order[i] = i - 2
	}
	if rank > 1 {
		order[0], order[1] = rank-1, rank-2
	} else if rank == 1 {
		order[0] = 0
	}
	return order
}

// toOurs is the opposite of toTheirs.
func toOurs(rank int) []int {
	order := make([]int, rank)
	for to, from := range toTheirs(rank) {
		order[from] = to
	}
	return order
}

func permuted(shape, order []int) []int {
	out := make([]int, len(order))
	for i, from := range order {
		out[i] = shape[from]
	}
	return out
}

// transpose gives axis i of the result axis order[i] of values.
func transpose(values []float32, shape, order []int) []float32 {
	strides := make([]int, len(shape))
	n := 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		strides[axis] = n
		n *= shape[axis]
	}
	dims, steps := permuted(shape, order), permuted(strides, order)
	out := make([]float32, 0, n)
	index := make([]int, len(dims))
	for at := 0; len(out) < n; {
		out = append(out, values[at])
		for axis := len(dims) - 1; axis >= 0; axis-- {
			at += steps[axis]
			if index[axis]++; index[axis] < dims[axis] {
				break
			}
			at -= dims[axis] * steps[axis]
			index[axis] = 0
		}
	}
	return out
}
