package program

import (
	"fmt"
	"slices"
	"strings"
)

// Sums by channel are written as kernel gradients of one tap: of an array of
// ones and a (the sum of a), or of a and b with a group for each channel (the
// sum of a*b). Our kernels read both from memory once, and subtract from either
// what is the same for all positions of a channel without writing down what
// comes out. What they look for is what package lower writes:
//
//	%9 = broadcast_in_dim(reshape(%7))   a value for each channel
//	%10 = subtract(%0, %9)
//	%13 = convolution(ones, reshape(%10))
//	%19 = convolution(reshape(%10), reshape(%10))

// FewestChannels are what our kernels need for sums by channel: a vector of any
// instruction set.
const FewestChannels = 16

// factor is one of a sum's two arrays: value - offset, of this type.
type factor struct{ value, typ, offset string } // offset: "", or one number for each channel

// sum is a sum by channel: of a, or of a*b if b has a value.
type sum struct {
	at             int // the operation
	a, b           factor
	rows, channels int
}

// sums finds the sums by channel and gives what stands in the place of each: a
// call. Two with the same a, where one is of a and one of a*b, have a call for
// both. The gradient of a bias has one that gives that of its kernel too.
func (m *merger) sums(places map[int]string) {
	var single []sum
	for i := range m.all {
		s, ok := m.sum(i)
		if !ok {
			continue
		}
		partner := slices.IndexFunc(single, func(o sum) bool {
			return o.a == s.a && o.rows == s.rows && (o.b.value == "") != (s.b.value == "") &&
				m.known(o.at, s.a.value, s.a.offset, s.b.value, s.b.offset)
		})
		if partner < 0 {
			single = append(single, s)
			continue
		}
		of, with := single[partner], s // of a alone, and of a*b
		if s.b.value == "" {
			of, with = s, single[partner]
		}
		m.pair([2]int{of.at, with.at}, places, with.call)
		single = slices.Delete(single, partner, partner+1)
	}
	gradients := m.kernelGradients()
	for _, s := range single {
		o := &m.all[s.at]
		partner := slices.IndexFunc(gradients, func(g kernelGradient) bool {
			return s.b.value == "" && g.v == s.a && m.known(min(g.at, s.at), m.all[g.at].operands...) && m.known(min(g.at, s.at), s.a.value)
		})
		if partner < 0 {
			places[s.at] = s.call(o.results[0], o.outputs)
			continue
		}
		g := gradients[partner]
		gradients = slices.Delete(gradients, partner, partner+1)
		m.pair([2]int{g.at, s.at}, places, func(result string, outputs []string) string {
			return customCall("convlab.conv", result, m.all[g.at].operands, g.numbers(), m.all[g.at].inputs, outputs)
		})
	}
}

// kernelGradient is operation at: of a convolution whose output's gradient is v.
type kernelGradient struct {
	at int
	conv
	v factor
}

// kernelGradients are those that are no sums: they add up the gradient of a bias
// on the way, which is such a sum.
func (m *merger) kernelGradients() (all []kernelGradient) {
	for i := range m.all {
		if _, is := m.sum(i); is {
			continue
		}
		if c, ok := read(&m.all[i]); ok && c.gradient == 1 && c.cout >= FewestChannels {
			all = append(all, kernelGradient{i, c, m.factor(&m.all[i], 1, c.cout)})
		}
	}
	return all
}

// pair puts one call in the place of two operations, which gives the results of
// both, in this order; the first in the program gets it.
func (m *merger) pair(at [2]int, places map[int]string, call func(result string, outputs []string) string) {
	first := min(at[0], at[1])
	name := "%both" + strings.TrimPrefix(m.all[first].results[0], "%")
	var outputs []string
	for i, at := range at {
		t := m.all[at].outputs[0]
		outputs = append(outputs, t)
		places[at] = fmt.Sprintf(`%s = "stablehlo.reshape"(%s#%d) : (%s) -> %s`, m.all[at].results[0], name, i, t, t)
	}
	places[first] = call(name+":2", outputs) + "\n    " + places[first]
}

// known tells whether these values are there before operation at.
func (m *merger) known(at int, values ...string) bool {
	return !slices.ContainsFunc(values, func(v string) bool {
		i, ok := m.defined[v]
		return ok && i >= at
	})
}

// sum reads operation i as a sum by channel.
func (m *merger) sum(i int) (s sum, ok bool) {
	o := &m.all[i]
	c, ok := read(o)
	one := [3]int{1, 1, 1}
	if !ok || c.gradient == 0 || c.kernel != one || c.stride != one || c.pad != [3]int{} || c.in != c.out || c.cout < FewestChannels {
		return s, false
	}
	s = sum{at: i, rows: c.batch * c.in[0] * c.in[1] * c.in[2], channels: c.cout}
	left, right := m.factor(o, 0, c.cout), m.factor(o, 1, c.cout)
	switch {
	case c.cin == 1 && c.groups == 1 && m.everywhere(o.operands[0], "dense<1.0>"):
		s.a = right
	case c.cin == c.groups && c.cout == c.groups:
		s.a, s.b = left, right
	default:
		return s, false
	}
	return s, true
}

// factor is an operand without what may be left to our kernels: other sizes of
// the same positions, and a number for each channel that is subtracted.
func (m *merger) factor(o *operation, operand, channels int) factor {
	f := factor{value: o.operands[operand], typ: o.inputs[operand]}
	fits := func(t string) bool {
		dims, ok := tensor(t)
		return ok && dims[len(dims)-1] == channels
	}
	if flat, ok := m.is(f.value, "stablehlo.reshape"); ok && fits(flat.inputs[0]) {
		f = factor{value: flat.operands[0], typ: flat.inputs[0]}
	}
	if minus, ok := m.is(f.value, "stablehlo.subtract"); ok && fits(f.typ) {
		if offset, ok := m.perChannel(minus.operands[1], f.typ, channels); ok {
			return factor{minus.operands[0], f.typ, offset}
		}
	}
	return f
}

// call is the operation that calls our kernels, for s or, if it has two
// outputs, for the sum of a and s.
func (s sum) call(result string, outputs []string) string {
	numbers := []int{s.rows, s.channels, 0, 0, 0, 0, 0}
	operands, inputs := []string{s.a.value}, []string{s.a.typ}
	with := func(i int, value, typ string) {
		if value != "" {
			numbers[i] = 1
			operands, inputs = append(operands, value), append(inputs, typ)
		}
	}
	flat := fmt.Sprintf("tensor<%dxf32>", s.channels)
	with(2, s.b.value, s.b.typ)
	with(3, s.a.offset, flat)
	with(4, s.b.offset, flat)
	if s.b.value == "" || len(outputs) == 2 {
		numbers[5] = 1
	}
	if s.b.value != "" {
		numbers[6] = 1
	}
	return customCall("convlab.sums", result, operands, numbers, inputs, outputs)
}
