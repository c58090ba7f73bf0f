package weights

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// A safetensors file is the length of its header as 8 bytes little endian, the
// header as JSON, and the data of the tensors one after the other
// (github.com/huggingface/safetensors).

type entry struct {
	DType   DType  `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

func readSafetensors(file string, r io.ReaderAt, size int64) ([]stored, error) {
	bad := func(at, format string, args ...any) ([]stored, error) {
		return nil, &FormatError{file, at, fmt.Sprintf(format, args...)}
	}
	var start [8]byte
	if _, err := r.ReadAt(start[:], 0); err != nil {
		return bad("byte 0", "%d bytes are too few for a safetensors file or a zip of PyTorch", size)
	}
	length := binary.LittleEndian.Uint64(start[:])
	if length > maxHeader || int64(length) > size-8 {
		return bad("byte 0", "a header of %d bytes in a file of %d: this is no safetensors file, nor a zip of PyTorch", length, size)
	}
	head := make([]byte, length)
	if _, err := r.ReadAt(head, 8); err != nil {
		return bad("byte 8", "%v", err)
	}
	names, entries, err := decodeHeader(head)
	if err != nil {
		return bad("header", "%v", err)
	}
	room := int(size - 8 - int64(length))
	order := make([]int, len(entries)) // by place in the file
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return slices.Compare(entries[a].Offsets[:], entries[b].Offsets[:]) })
	next := 0
	tensors := make([]stored, len(entries))
	for _, i := range order {
		e, name := entries[i], fmt.Sprintf("tensor %q", names[i])
		if e.DType.Size() == 0 {
			if e.DType == "C64" || e.DType == "C128" {
				return bad(name, "complex numbers, which no layer here has: save their real and imag")
			}
			return bad(name, "unknown type %q", e.DType)
		}
		n, err := numbers(e.Shape, room/e.DType.Size())
		if err != nil {
			return bad(name, "%v", err)
		}
		from, to := e.Offsets[0], e.Offsets[1]
		if from != next || to < from || to > room || to-from != n*e.DType.Size() {
			return bad(name, "it lies from %d to %d of %d; shape %v of %s takes %d bytes from %d on", from, to, room, e.Shape, e.DType, n*e.DType.Size(), next)
		}
		next = to
		tensors[i] = stored{Tensor{names[i], e.DType, e.Shape, nil}, func() ([]byte, error) {
			data := make([]byte, to-from)
			if _, err := r.ReadAt(data, 8+int64(length)+int64(from)); err != nil && to > from {
				_, err := bad(name, "%v", err)
				return nil, err
			}
			return data, nil
		}}
	}
	if next != room {
		return bad("end", "%d bytes belong to no tensor", room-next)
	}
	return tensors, nil
}

// decodeHeader gives the tensors in the order of the header, and refuses a
// name that is there twice.
func decodeHeader(head []byte) (names []string, entries []entry, err error) {
	d := json.NewDecoder(bytes.NewReader(head))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, fmt.Errorf("not a JSON object: %v", err)
	}
	seen := make(map[string]bool)
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		name := t.(string) // the decoder lets nothing else be a key
		if seen[name] {
			return nil, nil, fmt.Errorf("%q is there twice", name)
		}
		seen[name] = true
		if name == "__metadata__" {
			var ignored map[string]string
			if err := d.Decode(&ignored); err != nil {
				return nil, nil, err
			}
			continue
		}
		var e entry
		if err := d.Decode(&e); err != nil {
			return nil, nil, err
		}
		if len(entries) == maxTensors {
			return nil, nil, fmt.Errorf("more than %d tensors", maxTensors)
		}
		names, entries = append(names, name), append(entries, e)
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return nil, nil, err
	}
	if rest := bytes.TrimRight(head[d.InputOffset():], " "); len(rest) > 0 {
		return nil, nil, fmt.Errorf("%d bytes after the object", len(rest))
	}
	return names, entries, nil
}

func writeSafetensors(w io.Writer, tensors []Tensor) error {
	var head bytes.Buffer
	head.WriteByte('{')
	at := 0
	for i, t := range tensors {
		name, err := json.Marshal(t.Name)
		if err != nil {
			return err
		}
		shape := t.Shape
		if shape == nil {
			shape = []int{}
		}
		e, err := json.Marshal(entry{t.DType, shape, [2]int{at, at + len(t.Data)}})
		if err != nil {
			return err
		}
		if i > 0 {
			head.WriteByte(',')
		}
		fmt.Fprintf(&head, "%s:%s", name, e)
		at += len(t.Data)
	}
	head.WriteByte('}')
	for head.Len()%8 != 0 { // the data starts at a multiple of 8
		head.WriteByte(' ')
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(head.Len())); err != nil {
		return err
	}
	if _, err := head.WriteTo(w); err != nil {
		return err
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}
