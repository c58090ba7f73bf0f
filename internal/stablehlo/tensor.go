package stablehlo

import (
	"fmt"
	"slices"
	"strings"
)

// A Tensor is the type of a value: its dimensions and the type of its
// elements as StableHLO names it, "f32".
type Tensor struct {
	Dims []int64
	Elem string
}

// sizes are those of the types of elements, in bytes.
var sizes = map[string]int64{"i1": 1, "i8": 1, "ui8": 1, "i16": 2, "ui16": 2, "f16": 2, "bf16": 2,
	"i32": 4, "ui32": 4, "f32": 4, "i64": 8, "ui64": 8, "f64": 8}

// mostDims is the largest rank.
const mostDims = 16

// String is the type as StableHLO writes it.
func (t Tensor) String() string {
	var b strings.Builder
	b.WriteString("tensor<")
	for _, d := range t.Dims {
		fmt.Fprintf(&b, "%dx", d)
	}
	return b.String() + t.Elem + ">"
}

// Bytes is the size of a value; math.MaxInt64 if that is too small.
func (t Tensor) Bytes() int64 {
	n := sizes[t.Elem]
	if slices.Contains(t.Dims, 0) {
		return 0
	}
	for _, d := range t.Dims {
		n = times(n, d)
	}
	return n
}

// tensor reads a type.
func (s *source) tensor() (Tensor, error) {
	if s.next(); !s.has("tensor<") {
		return Tensor{}, s.unexpected("the type of a tensor")
	}
	var t Tensor
	for s.at < len(s.text) && digit(s.text[s.at]) {
		n, err := s.integer()
		if err != nil {
			return Tensor{}, err
		}
		if s.at >= len(s.text) || s.text[s.at] != 'x' || len(t.Dims) == mostDims {
			return Tensor{}, s.unexpected(fmt.Sprintf("x and at most %d dimensions", mostDims))
		}
		s.at++
		t.Dims = append(t.Dims, n)
	}
	begin := s.at
	t.Elem = s.word(false)
	if sizes[t.Elem] == 0 {
		s.at = begin
		return Tensor{}, s.unexpected("a type of real or whole numbers (and fixed dimensions)")
	}
	return t, s.want(">")
}

// tensors reads a type or several in parentheses.
func (s *source) tensors() ([]Tensor, error) {
	var all []Tensor
	one := func() error {
		t, err := s.tensor()
		all = append(all, t)
		return err
	}
	var err error
	if s.next() == '(' {
		err = s.list("(", ")", one)
	} else {
		err = one()
	}
	return all, err
}
