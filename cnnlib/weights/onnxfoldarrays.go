package weights

import (
	"math"
	"slices"

	"convlab/cnnlib/weights/internal/onnx"
)

// maxFolded is how many numbers one of the folds gives at most.
const maxFolded = 1 << 28

// picked is the numbers of c at the places that index gives for each place of a
// result of this shape.
func picked(c *constant, shape []int, index func(at []int) int) *constant {
	count, err := numbers(shape, maxFolded)
	if err != nil || len(shape) > maxAxes {
		return nil
	}
	values, out, at := c.numbers(), make([]float64, 0, count), make([]int, len(shape))
	for len(out) < count {
		out = append(out, values[index(at)])
		for axis := len(at) - 1; axis >= 0; axis-- {
			if at[axis]++; at[axis] < shape[axis] {
				break
			}
			at[axis] = 0
		}
	}
	return computed(c.name, c.kind, out, shape...)
}

// strides is how far apart neighbours along each axis of a shape lie.
func strides(shape []int) []int {
	out, n := make([]int, len(shape)), 1
	for i := len(shape) - 1; i >= 0; i-- {
		out[i] = n
		n *= shape[i]
	}
	return out
}

func foldTranspose(n onnx.Node, in []*constant) *constant {
	rank := len(in[0].shape)
	order := make([]int, rank)
	for i := range order {
		order[i] = rank - 1 - i
	}
	if a := attr(n, "perm"); a != nil {
		if len(a.Ints) != rank {
			return nil
		}
		seen := make([]bool, rank)
		for i, v := range a.Ints {
			if v < 0 || v >= int64(rank) || seen[v] {
				return nil
			}
			order[i], seen[v] = int(v), true
		}
	}
	shape, steps := make([]int, rank), strides(in[0].shape)
	for i, from := range order {
		shape[i] = in[0].shape[from]
	}
	return picked(in[0], shape, func(at []int) int {
		index := 0
		for i, from := range order {
			index += at[i] * steps[from]
		}
		return index
	})
}

func foldConcat(n onnx.Node, in []*constant) *constant {
	rank := len(in[0].shape)
	axis := intOf(n, "axis", 0)
	if axis < 0 {
		axis += int64(rank)
	}
	if axis < 0 || axis >= int64(rank) {
		return nil
	}
	shape, total := slices.Clone(in[0].shape), 0
	for _, c := range in {
		if len(c.shape) != rank || c.kind != in[0].kind {
			return nil
		}
		for i, d := range c.shape {
			if i != int(axis) && d != shape[i] {
				return nil
			}
		}
		if total += c.shape[axis]; total > maxFolded {
			return nil
		}
	}
	shape[axis] = total
	if _, err := numbers(shape, maxFolded); err != nil {
		return nil
	}
	rows, values := 1, []float64{}
	for _, d := range shape[:axis] {
		rows *= d
	}
	for row := range rows {
		for _, c := range in {
			size := c.count() / rows
			values = append(values, c.numbers()[row*size:(row+1)*size]...)
		}
	}
	return computed("", in[0].kind, values, shape...)
}

func foldGather(n onnx.Node, in []*constant) *constant {
	if len(in) != 2 {
		return nil
	}
	index, ok := in[1].ints()
	axis := intOf(n, "axis", 0)
	rank := int64(len(in[0].shape))
	if axis < 0 {
		axis += rank
	}
	if !ok || axis < 0 || axis >= rank {
		return nil
	}
	size := in[0].shape[axis]
	for i, v := range index {
		if v < 0 {
			v += size
		}
		if v < 0 || v >= size {
			return nil
		}
		index[i] = v
	}
	shape := slices.Concat(in[0].shape[:axis], in[1].shape, in[0].shape[axis+1:])
	steps, inner := strides(in[0].shape), len(in[1].shape)
	return picked(in[0], shape, func(at []int) int {
		from := index[0]
		if inner == 1 {
			from = index[at[axis]]
		}
		sum := from * steps[axis]
		for i := range int(axis) {
			sum += at[i] * steps[i]
		}
		for i := int(axis) + 1; i < len(steps); i++ {
			sum += at[i-1+inner] * steps[i]
		}
		return sum
	})
}

// cut is what a node Slice keeps along one axis.
type cut struct{ axis, from, to, step int }

// cuts reads a Slice of something of this shape: the attributes of old
// versions, or the inputs after the first.
func cuts(n onnx.Node, in []*constant, shape []int) ([]cut, bool) {
	var lists [4][]int // starts, ends, axes, steps
	for i, name := range []string{"starts", "ends", "axes", "steps"} {
		if a := attr(n, name); a != nil {
			for _, v := range a.Ints {
				lists[i] = append(lists[i], int(min(max(v, -math.MaxInt32), math.MaxInt32)))
			}
		} else if i+1 < len(in) && in[i+1] != nil {
			var ok bool
			if lists[i], ok = in[i+1].ints(); !ok {
				return nil, false
			}
		}
	}
	var all []cut
	for i, from := range lists[0] {
		c := cut{axis: i, step: 1}
		if lists[2] != nil {
			if i >= len(lists[2]) {
				return nil, false
			}
			if c.axis = lists[2][i]; c.axis < 0 {
				c.axis += len(shape)
			}
		}
		if lists[3] != nil {
			if i >= len(lists[3]) {
				return nil, false
			}
			c.step = lists[3][i]
		}
		if c.axis < 0 || c.axis >= len(shape) || i >= len(lists[1]) || c.step == 0 || from == batchSize || lists[1][i] == batchSize {
			return nil, false
		}
		size, low := shape[c.axis], 0
		if c.step < 0 {
			low = -1
		}
		c.from = min(place(int64(from), size, 0), size+low)
		if c.to = lists[1][i]; c.to < -size {
			c.to = low
		} else {
			c.to = place(int64(c.to), size, low)
		}
		all = append(all, c)
	}
	return all, len(all) == len(lists[1])
}

// size is how many places a cut keeps.
func (c cut) size() int {
	if c.step > 0 {
		return max(0, (c.to-c.from+c.step-1)/c.step)
	}
	return max(0, (c.from-c.to-c.step-1)/-c.step)
}

func foldSlice(n onnx.Node, in []*constant) *constant {
	c := in[0]
	all, ok := cuts(n, in, c.shape)
	if !ok {
		return nil
	}
	for _, k := range all {
		shape, steps := slices.Clone(c.shape), strides(c.shape)
		shape[k.axis] = k.size()
		if c = picked(c, shape, func(at []int) int {
			sum := (k.from + at[k.axis]*k.step) * steps[k.axis]
			for i, v := range at {
				if i != k.axis {
					sum += v * steps[i]
				}
			}
			return sum
		}); c == nil {
			return nil
		}
	}
	return c
}
