package onnx

import (
	"encoding/binary"
	"fmt"

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
	depth int  // of graphs within graphs
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
		f := field{message: message{at: m.at + at, where: m.where, left: m.left, depth: m.depth}, kind: kind}
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
	return message{f.data, f.at, where, f.left, f.depth}, nil
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
