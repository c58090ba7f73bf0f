package program

import (
	"fmt"
	"slices"
	"strings"
)

// merge finds sums by channel (see sums.go), and convolutions whose bias, and whose ReLU behind that, our kernels
// add in the same pass over memory. For each it gives the call, in the place of
// the last operation that it replaces: what stands before it and is used no
// more is dropped by XLA. The map's keys are numbers of operations; for the
// convolution itself it has "": it needs no call of its own.
//
// What it looks for is what package lower and cnnlib's Conv write:
//
//	%2 = convolution(%0, %1)
//	%3 = select(true, %2, …)             the joint at which gradients are put in
//	%6 = add(%3, %5)                     %5: the bias, broadcast, behind a joint too
//	%8 = compare LE (%6, 0)              ReLU, if nobody else uses %6
//	%9 = select(%8, 0, %6)
func merge(text string, all []operation) map[int]string {
	defined := map[string]int{}
	for i, o := range all {
		for _, r := range o.results {
			defined[r] = i
		}
	}
	uses := usesOf(text, defined)
	m := merger{all, defined, uses}
	calls := map[int]string{}
	m.sums(calls)
	for i := range all {
		if all[i].name != "stablehlo.add" || len(all[i].operands) != 2 {
			continue
		}
		c, o, bias, ok := m.biased(&all[i])
		if !ok {
			continue
		}
		last := i
		if r, ok := m.rectified(i); ok {
			c.relu, last = 1, r
		}
		calls[m.defined[o.results[0]]] = ""
		calls[last] = c.call(all[last].results[0], append(slices.Clone(o.operands), bias), append(slices.Clone(o.inputs), fmt.Sprintf("tensor<%dxf32>", c.cout)), o.outputs[0])
	}
	return calls
}

type merger struct {
	all     []operation
	defined map[string]int // the operation that gives a value
	uses    map[string]int
}

// is gives the operation that a value comes from, if it has this name.
func (m *merger) is(value, name string) (*operation, bool) {
	i, ok := m.defined[value]
	if !ok || m.all[i].name != name {
		return nil, false
	}
	return &m.all[i], true
}

// joined is what stands behind a joint, or the value itself.
func (m *merger) joined(value string) string {
	if joint, ok := m.is(value, "stablehlo.select"); ok && len(joint.operands) == 3 && m.constant(joint.operands[0], "dense<true>") {
		return joint.operands[1]
	}
	return value
}

// biased reads an addition of a bias to a convolution.
func (m *merger) biased(add *operation) (c conv, o *operation, bias string, ok bool) {
	y := m.joined(add.operands[0])
	if m.uses[add.operands[0]] != 1 || m.uses[y] != 1 {
		return c, nil, "", false
	}
	if o, ok = m.is(y, "stablehlo.convolution"); !ok {
		return c, nil, "", false
	}
	if c, ok = read(o); !ok || c.gradient == 1 {
		return c, nil, "", false
	}
	bias, ok = m.perChannel(m.joined(add.operands[1]), o.outputs[0], c.cout)
	return c, o, bias, ok
}

// perChannel reads an array of this type that has the same number at all
// positions of a channel: those numbers.
func (m *merger) perChannel(value, typ string, channels int) (numbers string, ok bool) {
	wide, ok := m.is(value, "stablehlo.broadcast_in_dim")
	if !ok || wide.outputs[0] != typ {
		return "", false
	}
	dims, _ := tensor(typ)
	var order []int
	for i := range dims {
		order = append(order, i)
	}
	if at, ok := integers(wide.attributes["broadcast_dimensions"], len(dims)); !ok || !slices.Equal(at, order) {
		return "", false
	}
	flat, ok := m.is(wide.operands[0], "stablehlo.reshape")
	if !ok || flat.inputs[0] != fmt.Sprintf("tensor<%dxf32>", channels) || flat.outputs[0] != "tensor<"+strings.Repeat("1x", len(dims)-1)+fmt.Sprintf("%dxf32>", channels) {
		return "", false
	}
	return flat.operands[0], true
}

// rectified finds the ReLU of what operation i gives, if that is all that is
// done with it.
func (m *merger) rectified(i int) (last int, ok bool) {
	value := m.all[i].results[0]
	if m.uses[value] != 2 {
		return 0, false
	}
	for j := i + 1; j < len(m.all); j++ {
		o := &m.all[j]
		if o.name != "stablehlo.select" || len(o.operands) != 3 || o.operands[2] != value || !m.zeros(o.operands[1]) {
			continue
		}
		test, ok := m.is(o.operands[0], "stablehlo.compare")
		return j, ok && test.operands[0] == value && m.zeros(test.operands[1]) && m.uses[o.operands[0]] == 1 &&
			strings.Contains(test.attributes["comparison_direction"], "comparison_direction LE>")
	}
	return 0, false
}

func (m *merger) constant(value, want string) bool {
	o, ok := m.is(value, "stablehlo.constant")
	if !ok {
		return false
	}
	v, _, _ := strings.Cut(o.attributes["value"], " ")
	return v == want
}

// everywhere tells whether a value is this constant everywhere.
func (m *merger) everywhere(value, want string) bool {
	if o, ok := m.is(value, "stablehlo.broadcast_in_dim"); ok {
		value = o.operands[0]
	}
	return m.constant(value, want)
}

// zeros tells whether a value is zero everywhere.
func (m *merger) zeros(value string) bool { return m.everywhere(value, "dense<0.0>") }

// usesOf counts how often each value stands in the text besides where it is
// defined, in regions too.
func usesOf(text string, defined map[string]int) map[string]int {
	uses := map[string]int{}
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			continue
		}
		from := i
		for i++; i < len(text) && isName(text[i]); i++ {
		}
		uses[text[from:i]]++
		i--
	}
	for v := range defined {
		uses[v]--
	}
	return uses
}
