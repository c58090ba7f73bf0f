package stablehlo

import (
	"fmt"
	"slices"
)

// operations are those that are allowed, with the number of blocks that they
// take in the generic form. The exporter of package weights writes those of
// layers; the others are plain arithmetic.
var operations = map[string]int{
	// Constants and changes of shape.
	"stablehlo.constant": 0, "stablehlo.iota": 0, "stablehlo.convert": 0, "stablehlo.reshape": 0, "stablehlo.broadcast_in_dim": 0, "stablehlo.slice": 0,
	"stablehlo.transpose": 0, "stablehlo.concatenate": 0, "stablehlo.pad": 0, "stablehlo.reverse": 0, "stablehlo.gather": 0,
	// Number by number.
	"stablehlo.abs": 0, "stablehlo.negate": 0, "stablehlo.sign": 0, "stablehlo.exponential": 0, "stablehlo.exponential_minus_one": 0, "stablehlo.log": 0,
	"stablehlo.log_plus_one": 0, "stablehlo.logistic": 0, "stablehlo.tanh": 0, "stablehlo.sine": 0, "stablehlo.cosine": 0, "stablehlo.sqrt": 0,
	"stablehlo.rsqrt": 0, "stablehlo.cbrt": 0, "stablehlo.ceil": 0, "stablehlo.floor": 0, "stablehlo.round_nearest_afz": 0, "stablehlo.round_nearest_even": 0,
	"stablehlo.is_finite": 0, "stablehlo.not": 0, "chlo.erf": 0,
	"stablehlo.add": 0, "stablehlo.subtract": 0, "stablehlo.multiply": 0, "stablehlo.divide": 0, "stablehlo.remainder": 0, "stablehlo.power": 0,
	"stablehlo.maximum": 0, "stablehlo.minimum": 0, "stablehlo.atan2": 0, "stablehlo.and": 0, "stablehlo.or": 0, "stablehlo.xor": 0,
	"stablehlo.compare": 0, "stablehlo.select": 0, "stablehlo.clamp": 0,
	// Sums and products.
	"stablehlo.dot_general": 0, "stablehlo.convolution": 0, "stablehlo.reduce": 1, "stablehlo.reduce_window": 1,
	// Functions.
	"func.call": 0, "func.return": 0, "stablehlo.return": 0,
}

// loops are allowed on demand; a case has any number of blocks.
var loops = map[string]int{"stablehlo.while": 2, "stablehlo.if": 2, "stablehlo.case": -1}

// An operation is one that was read.
type operation struct {
	name             string
	attributes       map[string]attribute
	operands         int
	inputs, results  []Tensor // as its types say; short forms may leave inputs out
	callee           string
	conv             attribute // of a convolution: which dimensions are which
	line, resultsNum int
}

// statement reads results = operation.
func (s *source) statement(depth int) error {
	op := operation{attributes: map[string]attribute{}}
	if s.next() == '%' {
		if err := s.results(&op); err != nil {
			return err
		}
	}
	s.space()
	begin, generic := s.at, s.has(`"`)
	op.name, op.line = s.word(false), s.line()
	if op.name == "" || generic && !(s.at < len(s.text) && s.text[s.at] == '"') {
		s.at = begin
		return s.unexpected("an operation")
	}
	if generic {
		s.at++
	} else if short := map[string]string{"call": "func.call", "return": "func.return"}[op.name]; short != "" {
		op.name = short
	}
	blocks, known := operations[op.name]
	if count, loop := loops[op.name]; loop {
		if blocks, known = count, true; !s.loops {
			return s.errorf("%s is a loop or a choice, and those may run for ever: --allow-loops allows them", op.name)
		}
	}
	if !known {
		return s.errorf("the operation %s is not one of those that a network is made of", op.name)
	}
	read := s.short
	if generic {
		read = s.generic
	}
	if err := read(&op, blocks, depth); err != nil {
		return err
	}
	return s.account(&op)
}

// results reads %a, %b:2 = .
func (s *source) results(op *operation) error {
	for {
		if _, err := s.name('%'); err != nil {
			return err
		}
		op.resultsNum++
		if s.at < len(s.text) && s.text[s.at] == ':' {
			s.at++
			if _, err := s.integer(); err != nil {
				return err
			}
		}
		if !s.has(",") {
			return s.want("=")
		}
	}
}

// operand reads %a or %a#1.
func (s *source) operand(op *operation) error {
	op.operands++
	if _, err := s.name('%'); err != nil {
		return err
	}
	if s.at < len(s.text) && s.text[s.at] == '#' {
		s.at++
		if s.digits() == 0 {
			return s.unexpected("the number of a result")
		}
	}
	return nil
}

// generic reads "name"(%a, %b) <{properties}> ({blocks}) {attributes} : (types)
// -> types, without its name.
func (s *source) generic(op *operation, blocks, depth int) error {
	if err := s.list("(", ")", func() error { return s.operand(op) }); err != nil {
		return err
	}
	if s.has("<") {
		if err := s.dictionary(op.attributes); err != nil {
			return err
		}
		if err := s.want(">"); err != nil {
			return err
		}
	}
	count := 0
	if s.next() == '(' {
		err := s.list("(", ")", func() error { count++; return s.block(depth + 1) })
		if err != nil {
			return err
		}
	}
	if blocks >= 0 && count != blocks {
		return s.errorf("%s has %d blocks, should have %d", op.name, count, blocks)
	}
	if s.next() == '{' {
		if err := s.dictionary(op.attributes); err != nil {
			return err
		}
	}
	op.conv = op.attributes["dimension_numbers"]
	if err := s.want(":"); err != nil {
		return err
	}
	if s.next() != '(' {
		return s.unexpected("the types of operands in parentheses")
	}
	if op.name == "func.call" {
		return s.errorf("a call in the generic form: write func.call @name(%%a)")
	}
	return s.signature(op)
}

// signature reads (types) -> types, or the types of a short form, of which the
// last is that of the result.
func (s *source) signature(op *operation) (err error) {
	if s.next() != '(' {
		for {
			t, err := s.tensor()
			if err != nil {
				return err
			}
			op.inputs = append(op.inputs, t)
			if !s.has(",") {
				break
			}
		}
		if s.has("->") {
			op.results, err = s.tensors()
			return err
		}
		op.results = op.inputs
		if op.name == "stablehlo.select" {
			op.results = op.inputs[len(op.inputs)-1:]
		}
		return nil
	}
	if op.inputs, err = s.tensors(); err != nil {
		return err
	}
	if err := s.want("->"); err != nil {
		return err
	}
	op.results, err = s.tensors()
	return err
}

// account adds what an operation takes to its function.
func (s *source) account(op *operation) error {
	if op.name == "func.return" || op.name == "stablehlo.return" {
		return nil
	}
	f := s.fn
	f.operations = add(f.operations, 1)
	for _, t := range op.results {
		f.memory = add(f.memory, t.Bytes())
	}
	if op.name == "func.call" {
		f.calls = append(f.calls, call{op.callee, op.line})
	}
	extra, err := op.padded()
	if err != nil {
		return fmt.Errorf("line %d: %s: %w", op.line, op.name, err)
	}
	f.memory = add(f.memory, extra)
	return nil
}

// padded is the size of the inputs of a convolution or a pool with padding and
// dilation, which may be much larger than what goes in and comes out.
func (op *operation) padded() (int64, error) {
	switch op.name {
	case "stablehlo.convolution":
		if len(op.inputs) != 2 || len(op.conv.inputs) != len(op.inputs[0].Dims) || len(op.conv.kernel) != len(op.inputs[1].Dims) {
			return 0, fmt.Errorf("its dimensions are not told for both of its inputs")
		}
		if groups, told := op.attributes["batch_group_count"]; told && !slices.Equal(groups.ints, []int64{1}) { // XLA makes as many copies of the output
			return 0, fmt.Errorf("batch_group_count %d, which a network for training alone has; 1 is taken", groups.ints)
		}
		input, err := op.widened(op.inputs[0], axes(op.conv.inputs), "lhs_dilation", true)
		if err != nil {
			return 0, err
		}
		kernel, err := op.widened(op.inputs[1], axes(op.conv.kernel), "rhs_dilation", false)
		return add(input, kernel), err
	case "stablehlo.reduce_window":
		all := int64(0)
		for _, t := range op.inputs[:len(op.inputs)/2] {
			every := make([]int, len(t.Dims))
			for i := range every {
				every[i] = i
			}
			n, err := op.widened(t, every, "base_dilations", true)
			if err != nil {
				return 0, err
			}
			all = add(all, n)
		}
		return all, nil
	}
	return 0, nil
}

// axes are the places of the dimensions 0, 1, 2 … in [b, 0, 1, f].
func axes(names []string) []int {
	var all []int
	for i := range names {
		if at := slices.Index(names, fmt.Sprint(i)); at >= 0 {
			all = append(all, at)
		}
	}
	return all
}

// widened is the size of t with its axes dilated and padded, in bytes.
func (op *operation) widened(t Tensor, axes []int, dilation string, pad bool) (int64, error) {
	by, err := op.attributes[dilation].spread(len(axes), 1)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", dilation, err)
	}
	around := make([]int64, 2*len(axes))
	if pad {
		if around, err = op.attributes["padding"].spread(2*len(axes), 0); err != nil {
			return 0, fmt.Errorf("padding: %w", err)
		}
	}
	wide := Tensor{slices.Clone(t.Dims), t.Elem}
	for i, axis := range axes {
		n := add(times(max(0, t.Dims[axis]-1), max(0, by[i])), 1)
		wide.Dims[axis] = add(add(n, max(0, around[2*i])), max(0, around[2*i+1]))
	}
	return wide.Bytes(), nil
}
