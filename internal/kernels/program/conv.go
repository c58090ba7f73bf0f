package program

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A convolution is for our kernels if it names its spatial axes in the order
// that Marked gives: for all who do not look, it is the same convolution.
// There are at least two axes then.

// Marked is the order in which a convolution for our kernels names its axes:
// the last one first.
func Marked(axes int) []int {
	order := make([]int, axes)
	for i := range order {
		order[i] = axes - 1 - i
	}
	return order
}

// Rewrite puts calls of our kernels in the place of the convolutions that are
// marked for them, and tells how many calls there are. A program for several
// devices is left alone: its sizes are those of all devices together.
func Rewrite(text string) (rewritten string, changed int) {
	if !strings.Contains(text, `"stablehlo.convolution"`) || strings.Contains(text, "sdy.mesh") {
		return text, 0
	}
	all, ok := parse(text)
	if !ok {
		return text, 0
	}
	var b strings.Builder
	from := 0
	merged := merge(text, all)
	for i := range all {
		call, ok := merged[i]
		if !ok {
			if call, ok = callOf(&all[i]); !ok {
				continue
			}
		}
		if call == "" {
			continue
		}
		b.WriteString(text[from:all[i].start])
		b.WriteString(call)
		from = all[i].end
		changed += strings.Count(call, "stablehlo.custom_call")
	}
	b.WriteString(text[from:])
	return b.String(), changed
}

// conv is what a call tells the kernels: sizes of three spatial axes, those of
// a convolution with fewer with ones in front.
type conv struct {
	gradient, relu, batch, cin, cout, groups, turned int
	in, out, kernel, stride, dilation, hole, pad     [3]int
}

// numbers are in the order in which xla.c reads them.
func (c *conv) numbers() []int {
	all := []int{c.gradient, c.relu, c.batch, c.cin, c.cout, c.groups, c.turned}
	for _, axes := range [][3]int{c.in, c.out, c.kernel, c.stride, c.dilation, c.hole, c.pad} {
		all = append(all, axes[:]...)
	}
	return all
}

// callOf is the call in the place of a convolution that is marked.
func callOf(o *operation) (string, bool) {
	c, ok := read(o)
	if !ok {
		return "", false
	}
	return c.call(o.results[0], o.operands, o.inputs, o.outputs[0]), true
}

// call is the operation that calls our kernels.
func (c *conv) call(result string, operands, inputs []string, output string) string {
	return customCall("convlab.conv", result, operands, c.numbers(), inputs, []string{output})
}

// customCall is the operation that calls a handler of xla.c.
func customCall(target, result string, operands []string, numbers []int, inputs, outputs []string) string {
	layouts := func(types []string) string {
		all := make([]string, len(types))
		for i, t := range types {
			all[i] = layout(t)
		}
		return strings.Join(all, ", ")
	}
	types := strings.Join(outputs, ", ")
	if len(outputs) > 1 {
		types = "(" + types + ")"
	}
	return fmt.Sprintf(`%s = "stablehlo.custom_call"(%s) {call_target_name = "%s", api_version = 4 : i32, backend_config = {numbers = array<i64: %s>}, operand_layouts = [%s], result_layouts = [%s]} : (%s) -> %s`,
		result, strings.Join(operands, ", "), target, join(numbers), layouts(inputs), layouts(outputs), strings.Join(inputs, ", "), types)
}

// read understands a convolution that is marked.
func read(o *operation) (c conv, ok bool) {
	if o.name != "stablehlo.convolution" || o.regions || len(o.operands) != 2 || len(o.results) != 1 {
		return c, false
	}
	var dims [3][]int
	for i, t := range []string{o.inputs[0], o.inputs[1], o.outputs[0]} {
		if dims[i], ok = tensor(t); !ok {
			return c, false
		}
	}
	x, w, y := dims[0], dims[1], dims[2]
	axes := len(x) - 2
	if axes < 2 || axes > 3 || len(w) != len(x) || len(y) != len(x) {
		return c, false
	}
	stride, ok1 := integers(o.attributes["window_strides"], axes)
	hole, ok2 := integers(o.attributes["lhs_dilation"], axes)
	dilation, ok3 := integers(o.attributes["rhs_dilation"], axes)
	pads, ok4 := integers(o.attributes["padding"], 2*axes)
	groups, ok5 := integers(o.attributes["feature_group_count"], 1)
	batches, ok6 := integers(o.attributes["batch_group_count"], 1)
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || strings.Contains(o.attributes["window_reversal"], "true") {
		return c, false
	}
	// Attributes name the axes from the last to the first.
	names := join(Marked(axes))
	set := func(to *[3]int, ones int, values func(axis int) int) {
		*to = [3]int{ones, ones, ones}
		for axis := range axes {
			to[3-axes+axis] = values(axis)
		}
	}
	reversed := func(v []int) func(int) int { return func(axis int) int { return v[axes-1-axis] } }
	shape := func(v []int, from int) func(int) int { return func(axis int) int { return v[from+axis] } }
	set(&c.pad, 0, func(axis int) int { return pads[2*(axes-1-axis)] })
	set(&c.hole, 1, reversed(hole))
	set(&c.in, 1, shape(x, 1))
	c.batch, c.cin = x[0], x[axes+1]
	switch strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(o.attributes["dimension_numbers"], "#stablehlo.conv<"), ">"), names, "_") {
	case "[b, _, f]x[_, o, i]->[b, _, f]":
		c.turned = 1
		if groups[0] != 1 {
			return c, false
		}
		fallthrough
	case "[b, _, f]x[_, i, o]->[b, _, f]":
		if batches[0] != 1 {
			return c, false
		}
		set(&c.stride, 1, reversed(stride))
		set(&c.dilation, 1, reversed(dilation))
		set(&c.out, 1, shape(y, 1))
		set(&c.kernel, 1, shape(w, 0))
		c.cout, c.groups = y[axes+1], groups[0]
		for i := range c.hole {
			if c.hole[i] > 1 && c.stride[i] > 1 {
				return c, false
			}
		}
	case "[f, _, b]x[i, _, o]->[_, b, f]": // the kernel gradient: batch and channels, stride and dilation change places
		if groups[0] != 1 || c.hole != [3]int{1, 1, 1} {
			return c, false
		}
		set(&c.stride, 1, reversed(dilation))
		set(&c.dilation, 1, reversed(stride))
		set(&c.out, 1, shape(w, 1))
		set(&c.kernel, 1, shape(y, 0))
		c.gradient, c.cout, c.groups = 1, w[axes+1], batches[0]
	default:
		return c, false
	}
	return c, c.fits(w, y)
}

// fits tells whether the arrays have the sizes that the kernels take from c:
// they read and write what it says.
func (c *conv) fits(w, y []int) bool {
	for _, axes := range [][3]int{c.in, c.out, c.kernel, c.stride, c.dilation, c.hole} {
		if slices.Min(axes[:]) < 1 {
			return false
		}
	}
	for i, n := range c.in { // far below where an int of C ends
		const most = 1 << 22
		pad := max(c.pad[i], -c.pad[i])
		if max(n, c.out[i], c.kernel[i], c.stride[i], c.dilation[i], c.hole[i], pad) > most ||
			n*c.hole[i]+c.out[i]*c.stride[i]+c.kernel[i]*c.dilation[i]+pad > most {
			return false
		}
	}
	if max(c.batch, c.cin, c.cout) > 1<<24 || c.batch < 1 || c.cin < 1 || c.cout < 1 || c.groups < 1 || c.cin%c.groups != 0 || c.cout%c.groups != 0 {
		return false
	}
	kernel, batch := w, y[0] // of x's partner
	if c.gradient == 1 {
		kernel, batch = y, w[0]
	}
	channels := []int{c.cin / c.groups, c.cout}
	if c.turned == 1 {
		channels = []int{c.cout, c.cin}
	}
	return batch == c.batch && slices.Equal(kernel[len(kernel)-2:], channels)
}

// tensor reads the sizes of a type of float32.
func tensor(t string) (dims []int, ok bool) {
	inside, ok := strings.CutSuffix(strings.TrimPrefix(t, "tensor<"), "xf32>")
	if !ok || !strings.HasPrefix(t, "tensor<") {
		return nil, false
	}
	for _, part := range strings.Split(inside, "x") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		dims = append(dims, n)
	}
	return dims, true
}

// integers reads "array<i64: 1, 2>", "dense<[[1, 1], [2, 2]]> : tensor<2x2xi64>",
// "dense<1> : …" or "4 : i64" as n numbers.
func integers(text string, n int) (all []int, ok bool) {
	text = strings.TrimPrefix(text, "array<i64:")
	text = strings.TrimPrefix(text, "dense<")
	if end := strings.IndexAny(text, ">:"); end >= 0 {
		text = text[:end]
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("[], ", r) }) {
		v, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		all = append(all, v)
	}
	for len(all) == 1 && len(all) < n { // one for all
		for len(all) < n {
			all = append(all, all[0])
		}
	}
	return all, len(all) == n
}

// layout is that of an array whose last axis lies side by side.
func layout(t string) string {
	dims, _ := tensor(t)
	return fmt.Sprintf("dense<[%s]> : tensor<%dxindex>", join(Marked(len(dims))), len(dims))
}

func join(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}
