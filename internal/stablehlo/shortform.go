package stablehlo

// short reads the rest of a statement in the short form. That form is
// different for each operation; this takes all of them at once: operands,
// words, numbers and named lists, attributes, types. What belongs to another
// operation XLA refuses.
func (s *source) short(op *operation, _, depth int) error {
	switch op.name {
	case "func.return", "stablehlo.return":
		return s.returned(op)
	case "func.call":
		name, err := s.name('@')
		if err != nil {
			return err
		}
		op.callee = name
	case "stablehlo.while":
		return s.while(op, depth)
	case "stablehlo.if", "stablehlo.case", "stablehlo.reduce_window", "stablehlo.gather":
		return s.errorf("%s is read in its generic form, \"%s\"(…), only", op.name, op.name)
	case "stablehlo.constant":
		if !s.keyword("dense") {
			return s.unexpected("dense<")
		}
		value, err := s.dense()
		if err == nil {
			op.results = []Tensor{*value.tensor}
		}
		return err
	}
	if s.next() == '(' {
		err := s.list("(", ")", func() error {
			if err := s.operand(op); err != nil || !s.keyword("init") {
				return err
			}
			if err := s.want(":"); err != nil {
				return err
			}
			return s.operand(op)
		})
		if err != nil {
			return err
		}
		if op.name == "stablehlo.reduce" {
			if err := s.applied(op); err != nil {
				return err
			}
		}
		if s.next() != ':' && s.next() != '{' {
			if err := s.items(op); err != nil {
				return err
			}
		}
	} else if err := s.items(op); err != nil {
		return err
	}
	if s.next() == '{' {
		if err := s.dictionary(op.attributes); err != nil {
			return err
		}
	}
	if err := s.want(":"); err != nil {
		return err
	}
	return s.signature(op)
}

// returned reads the operands and types that a function or a block gives.
func (s *source) returned(op *operation) error {
	if s.next() != '%' {
		return nil
	}
	for {
		if err := s.operand(op); err != nil {
			return err
		}
		if !s.has(",") {
			break
		}
	}
	if err := s.want(":"); err != nil {
		return err
	}
	return s.signature(op)
}

// applied reads applies stablehlo.add across.
func (s *source) applied(op *operation) error {
	if !s.keyword("applies") {
		return s.unexpected("applies and an operation (a block is read in the generic form only)")
	}
	s.space()
	begin := s.at
	name := s.word(false)
	if blocks, known := operations[name]; !known || blocks != 0 {
		s.at = begin
		return s.unexpected("an operation on numbers")
	}
	if !s.keyword("across") {
		return s.unexpected("across")
	}
	op.operands++
	return nil
}

// items reads what stands between commas: %a, %a [0:2, 1:3], LT, dims = [1].
func (s *source) items(op *operation) error {
	for {
		var err error
		if s.next() == '%' {
			if err = s.operand(op); err == nil && s.next() == '[' {
				err = s.ranges()
			}
		} else {
			err = s.item(op)
		}
		if err != nil {
			return err
		}
		if !s.has(",") {
			return nil
		}
	}
}

// ranges reads [0:2, 0:9:3].
func (s *source) ranges() error {
	return s.list("[", "]", func() error {
		for {
			if _, err := s.integer(); err != nil {
				return err
			}
			if !s.has(":") {
				return nil
			}
		}
	})
}

// shortNames are the names that items have.
var shortNames = map[string]bool{"dim": true, "dims": true, "dimensions": true, "low": true, "high": true, "interior": true, "batching_dims": true,
	"contracting_dims": true, "precision": true, "dim_numbers": true, "window": true,
	"EQ": true, "NE": true, "GE": true, "GT": true, "LE": true, "LT": true, "FLOAT": true, "TOTALORDER": true, "SIGNED": true, "UNSIGNED": true}

// item reads a word, or a name with its value.
func (s *source) item(op *operation) error {
	s.space()
	begin := s.at
	name := s.word(false)
	if !shortNames[name] {
		s.at = begin
		return s.unexpected("an operand or a setting that is known here")
	}
	if !s.has("=") {
		return nil
	}
	if name == "window" {
		return s.window(op)
	}
	if name == "dim_numbers" {
		var err error
		op.conv.inputs, op.conv.kernel, err = s.convolved()
		return err
	}
	if s.next() != '[' {
		_, err := s.integer()
		return err
	}
	for {
		err := s.list("[", "]", func() error {
			if name == "precision" {
				if s.word(false) == "" {
					return s.unexpected("a precision")
				}
				return nil
			}
			_, err := s.integer()
			return err
		})
		if err != nil || !s.keyword("x") {
			return err
		}
	}
}

// window reads {stride = [1, 1], pad = [[0, 0], [0, 0]]} of a convolution.
func (s *source) window(op *operation) error {
	generic := map[string]string{"stride": "window_strides", "pad": "padding", "lhs_dilate": "lhs_dilation", "rhs_dilate": "rhs_dilation", "reverse": "window_reversal"}
	return s.list("{", "}", func() error {
		name := generic[s.word(false)]
		if name == "" {
			return s.unexpected("stride, pad, lhs_dilate, rhs_dilate or reverse")
		}
		if _, twice := op.attributes[name]; twice {
			return s.errorf("%s stands there twice", name)
		}
		if err := s.want("="); err != nil {
			return err
		}
		value, err := s.attribute(0)
		op.attributes[name] = value
		return err
	})
}

// while reads (%a = %b) : types cond {…} do {…}.
func (s *source) while(op *operation, depth int) error {
	err := s.list("(", ")", func() error {
		if _, err := s.name('%'); err != nil {
			return err
		}
		if err := s.want("="); err != nil {
			return err
		}
		return s.operand(op)
	})
	if err != nil {
		return err
	}
	if err := s.want(":"); err != nil {
		return err
	}
	if err := s.signature(op); err != nil {
		return err
	}
	for _, part := range []string{"cond", "do"} {
		if !s.keyword(part) {
			return s.unexpected(part)
		}
		if err := s.block(depth + 1); err != nil {
			return err
		}
	}
	return nil
}
