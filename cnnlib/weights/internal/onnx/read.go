package onnx

import (
	"encoding/binary"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Error says what is wrong and at which byte.
type Error struct {
	At     int
	Where  string
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("byte %d (%s): %s", e.At, e.Where, e.Reason) }

// message is the bytes of a message and where they lie in the file.
type message struct {
	data  []byte
	at    int
	where string
	left  *int // items that may still be read
}

// field is one field of a message; bytes is what it holds if it is of that
// kind, else number.
type field struct {
	message
	number uint64
	kind   protowire.Type
}

func (m message) bad(format string, args ...any) error {
	return &Error{m.at, m.where, fmt.Sprintf(format, args...)}
}

// each calls do for every field. Unknown ones may be passed over.
func (m message) each(do func(n protowire.Number, f field) error) error {
	for at := 0; at < len(m.data); {
		rest := m.data[at:]
		n, kind, size := protowire.ConsumeTag(rest)
		if size < 0 {
			return message{at: m.at + at, where: m.where}.bad("%v", protowire.ParseError(size))
		}
		f := field{message: message{at: m.at + at, where: m.where, left: m.left}, kind: kind}
		rest = rest[size:]
		length := protowire.ConsumeFieldValue(n, kind, rest)
		if length < 0 {
			return f.bad("field %d: %v", n, protowire.ParseError(length))
		}
		switch kind {
		case protowire.VarintType:
			f.number, _ = protowire.ConsumeVarint(rest)
		case protowire.Fixed32Type:
			v, _ := protowire.ConsumeFixed32(rest)
			f.number = uint64(v)
		case protowire.Fixed64Type:
			f.number, _ = protowire.ConsumeFixed64(rest)
		case protowire.BytesType:
			f.data, _ = protowire.ConsumeBytes(rest)
			f.at += size + length - len(f.data)
		}
		if err := do(n, f); err != nil {
			return err
		}
		at += size + length
	}
	return nil
}

// inner is the message in f.
func (f field) inner(where string) (message, error) {
	if f.kind != protowire.BytesType {
		return message{}, f.bad("%s should be a message", where)
	}
	return message{f.data, f.at, where, f.left}, nil
}

func (f field) text() (string, error) {
	if f.kind != protowire.BytesType {
		return "", f.bad("a text was expected")
	}
	if len(f.data) > maxName {
		return "", f.bad("a text of %d bytes, at most %d are read", len(f.data), maxName)
	}
	return string(f.data), nil
}

func (f field) integer() (int64, error) {
	if f.kind != protowire.VarintType {
		return 0, f.bad("a whole number was expected")
	}
	return int64(f.number), nil
}

// spend counts items.
func (m message) spend(n int) error {
	if *m.left < n {
		return m.bad("more than %d nodes, names, attributes and numbers", maxItems)
	}
	*m.left -= n
	return nil
}

// integers appends the numbers of f, packed or one.
func (f field) integers(to []int64) ([]int64, error) {
	if f.kind == protowire.VarintType {
		return append(to, int64(f.number)), f.spend(1)
	} else if f.kind != protowire.BytesType {
		return nil, f.bad("whole numbers were expected")
	}
	for rest := f.data; len(rest) > 0; {
		v, n := protowire.ConsumeVarint(rest)
		if n < 0 {
			return nil, f.bad("%v", protowire.ParseError(n))
		}
		if err := f.spend(1); err != nil {
			return nil, err
		}
		to, rest = append(to, int64(v)), rest[n:]
	}
	return to, nil
}

// fixed gives the little-endian numbers of f, of size bytes each, packed or one.
func (f field) fixed(size int) ([]byte, error) {
	switch {
	case f.kind == protowire.BytesType && len(f.data)%size == 0:
		return f.data, nil
	case f.kind == protowire.Fixed32Type && size == 4:
		return binary.LittleEndian.AppendUint32(nil, uint32(f.number)), nil
	case f.kind == protowire.Fixed64Type && size == 8:
		return binary.LittleEndian.AppendUint64(nil, f.number), nil
	}
	return nil, f.bad("numbers of %d bytes were expected", size)
}

// add decodes the message in f into a new element of list.
func add[T any](list *[]T, f field, where string, read func(*T, message) error) error {
	if err := f.spend(1); err != nil {
		return err
	}
	m, err := f.inner(where)
	if err != nil {
		return err
	}
	var v T
	if err := read(&v, m); err != nil {
		return err
	}
	*list = append(*list, v)
	return nil
}

// addText appends the text of f.
func addText(list *[]string, f field) error {
	s, err := f.text()
	if err == nil {
		err = f.spend(1)
	}
	*list = append(*list, s)
	return err
}

// Read takes a ModelProto apart. Tensors of the result share data.
func Read(data []byte) (*Model, error) {
	model := &Model{}
	left := maxItems
	all := message{data, 0, "model", &left}
	graphs := 0
	err := all.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			model.IR, err = f.integer()
		case 2:
			model.Producer, err = f.text()
		case 7:
			var m message
			if graphs++; graphs > 1 {
				return f.bad("a second graph")
			}
			if m, err = f.inner("graph"); err == nil {
				err = readGraph(&model.Graph, m)
			}
		case 8:
			err = readOpset(model, f)
		}
		return err
	})
	if err == nil && graphs == 0 {
		err = all.bad("no graph in it: this is no ONNX model")
	}
	if err != nil {
		return nil, err
	}
	return model, nil
}

func readOpset(model *Model, f field) error {
	m, err := f.inner("opset_import")
	if err != nil {
		return err
	}
	domain, version := "", int64(0)
	err = m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			domain, err = f.text()
		case 2:
			version, err = f.integer()
		}
		return err
	})
	if err == nil && (domain == "" || domain == "ai.onnx") {
		model.Opset = version
	}
	return err
}

func readGraph(g *Graph, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			err = add(&g.Nodes, f, fmt.Sprintf("node %d", len(g.Nodes)), readNode)
		case 2:
			g.Name, err = f.text()
		case 5:
			err = add(&g.Initializers, f, fmt.Sprintf("initializer %d", len(g.Initializers)), readTensor)
		case 11:
			err = add(&g.Inputs, f, fmt.Sprintf("input %d", len(g.Inputs)), readValue)
		case 12:
			err = add(&g.Outputs, f, fmt.Sprintf("output %d", len(g.Outputs)), readValue)
		case 15:
			err = f.bad("sparse initializers are not read")
		}
		return err
	})
}

func readNode(node *Node, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			err = addText(&node.Inputs, f)
		case 2:
			err = addText(&node.Outputs, f)
		case 3:
			node.Name, err = f.text()
		case 4:
			node.Op, err = f.text()
		case 5:
			err = add(&node.Attrs, f, m.where+" attribute", readAttr)
		case 7:
			node.Domain, err = f.text()
		}
		return err
	})
}

func readAttr(a *Attr, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		var bits []byte
		switch n {
		case 1:
			a.Name, err = f.text()
		case 2:
			if bits, err = f.fixed(4); err == nil && len(bits) == 4 {
				a.Float = math.Float32frombits(binary.LittleEndian.Uint32(bits))
			}
		case 3:
			a.Int, err = f.integer()
		case 4:
			a.String, err = f.text()
		case 5:
			var t message
			if t, err = f.inner(m.where + " tensor"); err == nil {
				a.Tensor = &Tensor{}
				err = readTensor(a.Tensor, t)
			}
		case 7:
			if bits, err = f.fixed(4); err == nil {
				err = f.spend(len(bits) / 4)
			}
			for i := 0; err == nil && i+4 <= len(bits); i += 4 {
				a.Floats = append(a.Floats, math.Float32frombits(binary.LittleEndian.Uint32(bits[i:])))
			}
		case 8:
			a.Ints, err = f.integers(a.Ints)
		case 20:
			var kind int64
			kind, err = f.integer()
			a.Type = int(kind)
		}
		return err
	})
}

func readValue(v *Value, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			v.Name, err = f.text()
		case 2:
			var inner message
			if inner, err = f.inner(m.where + " type"); err == nil {
				err = inner.each(func(n protowire.Number, f field) error {
					if n != 1 {
						return nil // a sequence, a map: no tensor
					}
					tensor, err := f.inner(m.where + " tensor type")
					if err != nil {
						return err
					}
					return readTensorType(v, tensor)
				})
			}
		}
		return err
	})
}

func readTensorType(v *Value, m message) error {
	return m.each(func(n protowire.Number, f field) error {
		switch n {
		case 1:
			kind, err := f.integer()
			v.Type = int(kind)
			return err
		case 2:
			shape, err := f.inner(m.where + " shape")
			if err != nil {
				return err
			}
			v.Dims = []Dim{}
			return shape.each(func(n protowire.Number, f field) error {
				if n != 1 {
					return nil
				}
				return add(&v.Dims, f, shape.where, readDim)
			})
		}
		return nil
	})
}

func readDim(d *Dim, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			d.Size, err = f.integer()
		case 2:
			d.Name, err = f.text()
		}
		return err
	})
}
