package stablehlo

import (
	"fmt"
	"slices"
)

// An attribute is what an operation's attribute says, as far as it matters
// here.
type attribute struct {
	ints   []int64  // of an array, a list or a dense value of whole numbers
	bytes  bool     // a dense value is given as bytes, not as numbers
	tensor *Tensor  // the type of a dense value
	inputs []string // of the dimensions of a convolution: those of its input
	kernel []string // and of its kernel
}

// attributeNames are those that are allowed.
var attributeNames = []string{
	"value", "broadcast_dimensions", "compare_type", "comparison_direction", "limit_indices", "start_indices", "strides",
	"batch_group_count", "feature_group_count", "dimension_numbers", "dot_dimension_numbers", "precision_config",
	"padding", "lhs_dilation", "rhs_dilation", "window_strides", "window_reversal",
	"window_dimensions", "base_dilations", "window_dilations",
	"iota_dimension", "dimension", "dimensions", "permutation",
	"edge_padding_low", "edge_padding_high", "interior_padding", "slice_sizes", "indices_are_sorted", "callee",
}

// dictionary reads attributes between braces.
func (s *source) dictionary(into map[string]attribute) error {
	return s.list("{", "}", func() error {
		s.space()
		begin := s.at
		name := s.word(false)
		if !slices.Contains(attributeNames, name) {
			s.at = begin
			return s.unexpected("an attribute that is known here")
		}
		if _, twice := into[name]; twice {
			return s.errorf("attribute %s stands there twice", name)
		}
		if err := s.want("="); err != nil {
			return err
		}
		value, err := s.attribute(0)
		into[name] = value
		return err
	})
}

// attribute reads a value of an attribute.
func (s *source) attribute(depth int) (attribute, error) {
	var a attribute
	switch c := s.next(); {
	case c == '[':
		if depth > mostDims {
			return a, s.errorf("lists within lists, deeper than %d", mostDims)
		}
		return a, s.list("[", "]", func() error {
			one, err := s.attribute(depth + 1)
			if err == nil {
				a.ints = append(a.ints, one.ints...)
			}
			return err
		})
	case c == '#':
		return s.named()
	case c == '-' || digit(c):
		if err := s.number(&a.ints); err != nil {
			return a, err
		}
		return a, s.element()
	case s.keyword("true"), s.keyword("false"):
		return a, nil
	case s.keyword("array"):
		if err := s.want("<"); err != nil {
			return a, err
		}
		if kind := s.word(false); kind != "i64" && kind != "i1" {
			return a, s.unexpected("i64 or i1")
		}
		if s.has(">") {
			return a, nil
		}
		return a, s.list(":", ">", func() error { return s.number(&a.ints) })
	case s.keyword("dense"):
		return s.dense()
	}
	return a, s.unexpected("a value that is known here")
}

// element reads the type that may stand behind a number.
func (s *source) element() error {
	if !s.has(":") {
		return nil
	}
	if sizes[s.word(false)] == 0 {
		return s.unexpected("a type of numbers")
	}
	return nil
}

// named reads an attribute of StableHLO's own.
func (s *source) named() (a attribute, err error) {
	if !s.has("#stablehlo") {
		return a, s.unexpected("an attribute of StableHLO")
	}
	if s.at < len(s.text) && s.text[s.at] == '<' { // #stablehlo<precision HIGHEST>
		s.at++
		kind, value := s.word(false), s.word(false)
		if (kind != "precision" && kind != "comparison_type" && kind != "comparison_direction") || value == "" {
			return a, s.unexpected("a precision or a comparison")
		}
		return a, s.want(">")
	}
	for _, kind := range []string{".conv<", ".dot<", ".gather<"} {
		if !s.has(kind) {
			continue
		}
		if kind == ".conv<" {
			if a.inputs, a.kernel, err = s.convolved(); err != nil {
				return a, err
			}
			return a, s.want(">")
		}
		s.at-- // "<" opens the list
		return a, s.list("<", ">", func() error {
			if name := s.word(false); name == "" || !s.has("=") {
				return s.unexpected("a name and its dimensions")
			}
			var ints []int64
			if s.next() != '[' {
				return s.number(&ints)
			}
			return s.list("[", "]", func() error { return s.number(&ints) })
		})
	}
	return a, s.unexpected("an attribute of StableHLO that is known here")
}

// convolved reads [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f].
func (s *source) convolved() (inputs, kernel []string, err error) {
	names := func(into *[]string) error {
		return s.list("[", "]", func() error {
			name := s.word(true)
			if name == "" || len(*into) == mostDims {
				return s.unexpected("the name of a dimension")
			}
			*into = append(*into, name)
			return nil
		})
	}
	var outputs []string
	for i, part := range []*[]string{&inputs, &kernel, &outputs} {
		if sign := []string{"", "x", "->"}[i]; sign != "" {
			if err := s.want(sign); err != nil {
				return nil, nil, err
			}
		}
		if err := names(part); err != nil {
			return nil, nil, err
		}
	}
	return inputs, kernel, nil
}

// dense reads the rest of dense<numbers> : type.
func (s *source) dense() (attribute, error) {
	var a attribute
	if err := s.want("<"); err != nil {
		return a, err
	}
	if s.next() == '"' {
		if !s.has(`"0x`) {
			return a, s.unexpected(`"0x and bytes`)
		}
		s.hex()
		if s.at >= len(s.text) || s.text[s.at] != '"' {
			return a, s.unexpected("a hexadecimal digit or the end of the text in quotes")
		}
		s.at++
		a.bytes = true
	} else if s.next() != '>' {
		if err := s.numbers(&a.ints, 0); err != nil {
			return a, err
		}
	}
	if err := s.want(">", ":"); err != nil {
		return a, err
	}
	t, err := s.tensor()
	a.tensor = &t
	return a, err
}

// numbers reads a number or lists of them.
func (s *source) numbers(into *[]int64, depth int) error {
	if s.next() != '[' {
		return s.number(into)
	}
	if depth > mostDims {
		return s.errorf("lists within lists, deeper than %d", mostDims)
	}
	return s.list("[", "]", func() error { return s.numbers(into, depth+1) })
}

// mostInts is how many whole numbers of an attribute are kept.
const mostInts = 4 * mostDims

// number reads a number, true or false. A whole number is kept.
func (s *source) number(into *[]int64) error {
	c := s.next()
	if letter(c) {
		if s.keyword("true") || s.keyword("false") {
			return nil
		}
		return s.unexpected("a number")
	}
	begin := s.at
	s.has("-")
	if rest := s.text[s.at:]; len(rest) > 2 && rest[0] == '0' && rest[1] == 'x' && hexadecimal(rest[2]) {
		s.at += 2
		s.hex()
		return nil
	}
	digits := s.digits()
	if digits == 0 {
		s.at = begin
		return s.unexpected("a number")
	}
	whole := s.at
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		s.digits()
		if s.at < len(s.text) && s.text[s.at]|0x20 == 'e' {
			s.at++
			if s.at < len(s.text) && (s.text[s.at] == '-' || s.text[s.at] == '+') {
				s.at++
			}
			if s.digits() == 0 {
				return s.unexpected("an exponent")
			}
		}
	}
	if s.at == whole && len(*into) < mostInts {
		s.at = begin
		n, err := s.integer()
		if err != nil && digits > 17 { // too large to matter: it is a constant of 64 bits
			s.at, n, err = whole, int64(1)<<62, nil
		}
		*into = append(*into, n)
		return err
	}
	return nil
}

// digits goes over decimal digits.
func (s *source) digits() int {
	begin := s.at
	for s.at < len(s.text) && digit(s.text[s.at]) {
		s.at++
	}
	return s.at - begin
}

func hexadecimal(c byte) bool { return digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// hex goes over hexadecimal digits.
func (s *source) hex() {
	for s.at < len(s.text) && hexadecimal(s.text[s.at]) {
		s.at++
	}
}

// spread makes n numbers of those of an attribute: one stands for all, none
// for n times the number that is left out.
func (a attribute) spread(n int, leftOut int64) ([]int64, error) {
	switch {
	case a.bytes:
		return nil, fmt.Errorf("an attribute is given as bytes")
	case len(a.ints) == n:
		return a.ints, nil
	case len(a.ints) == 0:
		return slices.Repeat([]int64{leftOut}, n), nil
	case len(a.ints) == 1:
		return slices.Repeat(a.ints, n), nil
	}
	return nil, fmt.Errorf("an attribute has %d numbers where %d should be", len(a.ints), n)
}
