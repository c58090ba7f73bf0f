// Package stablehlo reads programs in StableHLO's text form before XLA is given
// them, so that a file from anywhere can be run: XLA itself takes custom calls
// into its own libraries, waits for data that never comes, loops for ever and
// allocates whatever a type says.
//
// [Check] accepts one module of functions of arithmetic on tensors of fixed
// shapes, in the generic form ("stablehlo.add"(%a, %b)) and in the short one
// (stablehlo.add %a, %b). It is a list of what is allowed: what it does not
// know is an error with the line and the operation's name. It replaces comments
// by spaces, and every other byte is part of something that it has
// understood, so that there is nothing left in a text that MLIR's parser could
// take for something else.
package stablehlo

import (
	"fmt"
	"math"
	"strings"
)

// Limits are what a program may ask for.
type Limits struct {
	Memory int64 // bytes, see Program.Memory
	Loops  bool  // while, case and if are allowed
}

// A Program is what a text that was accepted says.
type Program struct {
	Inputs, Outputs []Tensor // of its function main
	// Classes are those of a comment "// classes: cat,dog" before the module;
	// nil without one.
	Classes []string
	// Memory is in bytes: the text, the inputs and outputs of main, the results
	// of all operations (those of a function for each time that it is called),
	// inputs of convolutions and pools with their padding and dilation, and what
	// compiling an operation takes. XLA needs less, as it uses memory again.
	Memory int64
	// Operations counts them with calls replaced by what they call.
	Operations int64
}

// What compiling one operation takes at most, and how many functions there may
// be.
const (
	memoryOfOperation = 32 << 10
	mostFunctions     = 1024
)

// Check reads a program and overwrites its comments with spaces.
func Check(text []byte, limits Limits) (*Program, error) {
	s := &source{text: text, loops: limits.Loops}
	p := &Program{}
	s.commented = func(comment string) {
		if names, ok := strings.CutPrefix(comment, "// classes: "); ok && p.Classes == nil {
			p.Classes = strings.Split(strings.TrimRight(names, " \r"), ",")
		}
	}
	s.space()
	s.commented = nil
	functions, err := s.module()
	if err != nil {
		return nil, err
	}
	main := functions["main"]
	if main == nil {
		return nil, fmt.Errorf("there is no function main")
	}
	p.Inputs, p.Outputs = main.inputs, main.outputs
	if p.Memory, p.Operations, err = main.total(functions, 0); err != nil {
		return nil, err
	}
	for _, t := range append(append([]Tensor{}, p.Inputs...), p.Outputs...) {
		p.Memory = add(p.Memory, t.Bytes())
	}
	p.Memory = add(add(p.Memory, int64(len(text))), times(p.Operations, memoryOfOperation))
	if p.Memory > limits.Memory {
		return nil, &MemoryError{p.Memory, limits.Memory}
	}
	return p, nil
}

// A MemoryError is a program that needs too much, in bytes.
type MemoryError struct{ Needs, Limit int64 }

func (e *MemoryError) Error() string {
	return fmt.Sprintf("it may need %d MiB of memory, the limit is %d MiB", (e.Needs-1)>>20+1, e.Limit>>20)
}

// total is the memory and the number of operations of f with all that it
// calls.
func (f *function) total(functions map[string]*function, depth int) (memory, operations int64, err error) {
	if f.done {
		return f.memory, f.operations, nil
	}
	if f.entered {
		return 0, 0, fmt.Errorf("line %d: function @%s calls itself", f.line, f.name)
	}
	f.entered = true
	for _, c := range f.calls {
		called := functions[c.name]
		if called == nil {
			return 0, 0, fmt.Errorf("line %d: there is no function @%s", c.line, c.name)
		}
		m, n, err := called.total(functions, depth+1)
		if err != nil {
			return 0, 0, err
		}
		f.memory, f.operations = add(f.memory, m), add(f.operations, n)
	}
	f.done = true
	return f.memory, f.operations, nil
}

// add and times are those of numbers from 0 on; what is too large is the
// largest.
func add(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func times(a, b int64) int64 {
	if a != 0 && b > math.MaxInt64/a {
		return math.MaxInt64
	}
	return a * b
}
