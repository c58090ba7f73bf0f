package stablehlo

import "bytes"

// A function is what counts of one.
type function struct {
	name               string
	line               int
	inputs, outputs    []Tensor
	memory, operations int64
	calls              []call
	entered, done      bool // by total
}

type call struct {
	name string
	line int
}

// module reads module @name { functions }, or functions alone, to the end of
// the text.
func (s *source) module() (map[string]*function, error) {
	functions := map[string]*function{}
	in := s.keyword("module")
	if !in && !bytes.HasPrefix(s.text[s.at:], []byte("func.func")) {
		return nil, s.unexpected("module or func.func, with which a StableHLO program begins,")
	}
	if in {
		if s.next() == '@' {
			if _, err := s.name('@'); err != nil {
				return nil, err
			}
		}
		if s.keyword("attributes") {
			if err := s.alone(); err != nil {
				return nil, err
			}
		}
		if err := s.want("{"); err != nil {
			return nil, err
		}
	}
	for {
		switch {
		case in && s.has("}"):
			if s.next() != 0 || s.at < len(s.text) {
				return nil, s.unexpected("the end of the text, after the module,")
			}
			return functions, nil
		case !in && s.next() == 0 && s.at == len(s.text) && len(functions) > 0:
			return functions, nil
		}
		f, err := s.function()
		if err != nil {
			return nil, err
		}
		if functions[f.name] != nil {
			return nil, s.errorf("there are two functions @%s", f.name)
		}
		if functions[f.name] = f; len(functions) > mostFunctions {
			return nil, s.errorf("more than %d functions", mostFunctions)
		}
	}
}

// alone reads the attributes of a module that runs on one device, as JAX
// writes them.
func (s *source) alone() error {
	return s.list("{", "}", func() error {
		for _, name := range []string{"mhlo.num_partitions", "mhlo.num_replicas"} {
			if s.keyword(name) {
				return s.want("=", "1", ":", "i32")
			}
		}
		return s.unexpected("mhlo.num_partitions = 1 or mhlo.num_replicas = 1")
	})
}

// function reads func.func @name(%a: type) -> type { statements }.
func (s *source) function() (*function, error) {
	if !s.keyword("func.func") {
		return nil, s.unexpected("func.func")
	}
	f := &function{line: s.line()}
	if !s.keyword("public") {
		s.keyword("private")
	}
	var err error
	if f.name, err = s.name('@'); err != nil {
		return nil, err
	}
	if f.inputs, err = s.arguments(); err != nil {
		return nil, err
	}
	if s.has("->") {
		if f.outputs, err = s.tensors(); err != nil {
			return nil, err
		}
	}
	s.fn = f
	return f, s.block(0)
}

// arguments reads (%a: type, %b: type).
func (s *source) arguments() ([]Tensor, error) {
	var all []Tensor
	err := s.list("(", ")", func() error {
		if _, err := s.name('%'); err != nil {
			return err
		}
		if err := s.want(":"); err != nil {
			return err
		}
		t, err := s.tensor()
		all = append(all, t)
		return err
	})
	return all, err
}

// mostRegions is how deep blocks may stand within blocks.
const mostRegions = 16

// block reads { statements }, with a name and arguments before them or
// without.
func (s *source) block(depth int) error {
	if depth > mostRegions {
		return s.errorf("blocks within blocks, deeper than %d", mostRegions)
	}
	if err := s.want("{"); err != nil {
		return err
	}
	if depth > 0 && s.next() == '^' {
		if _, err := s.name('^'); err != nil {
			return err
		}
		if s.next() == '(' {
			if _, err := s.arguments(); err != nil {
				return err
			}
		}
		if err := s.want(":"); err != nil {
			return err
		}
	}
	for !s.has("}") {
		if err := s.statement(depth); err != nil {
			return err
		}
	}
	return nil
}
