package onnx

import (
	"encoding/binary"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// readTensor takes the numbers from raw_data or from the typed list that is
// there, or tells where in another file they are.
func readTensor(t *Tensor, m message) error {
	var ints []int64 // of int32_data and int64_data
	var kinds [16]bool
	err := m.each(func(n protowire.Number, f field) (err error) {
		var part []byte
		switch n {
		case 1:
			t.Dims, err = f.integers(t.Dims)
		case 2:
			var kind int64
			kind, err = f.integer()
			t.Type = int(kind)
		case 8:
			t.Name, err = f.text()
		case 4, 10: // float_data, double_data
			kinds[n] = true
			if part, err = f.fixed(map[protowire.Number]int{4: 4, 10: 8}[n]); err == nil {
				t.Data = join(t.Data, part)
			}
		case 5, 7: // int32_data, int64_data
			kinds[n] = true
			ints, err = f.integers(ints)
		case 9: // raw_data
			if kinds[n] {
				return f.bad("raw_data is there twice")
			}
			kinds[n] = true
			if f.kind != protowire.BytesType {
				return f.bad("raw_data should be bytes")
			}
			t.Data = f.data
		case 13: // external_data
			err = readExternal(t, f)
		case 14: // data_location
			var where int64
			if where, err = f.integer(); err == nil && where == 1 && t.External == nil {
				t.External = &External{}
			}
		case 3, 6, 11:
			err = f.bad("tensors in segments, of texts or of unsigned 64-bit numbers are not read")
		}
		return err
	})
	if err != nil {
		return err
	}
	filled := 0
	if t.External != nil {
		filled++
	}
	for _, n := range []int{4, 5, 7, 9, 10} {
		if kinds[n] {
			filled++
		}
	}
	if filled > 1 {
		return m.bad("tensor %.80q has its numbers in %d fields", t.Name, filled)
	}
	switch {
	case kinds[4] && t.Type != Float, kinds[10] && t.Type != Double, kinds[7] && t.Type != Int64:
		return m.bad("tensor %.80q of type %d has its numbers in the field of another type", t.Name, t.Type)
	case kinds[7] || kinds[5]:
		return t.fill(ints, m)
	}
	return nil
}

// readExternal reads an entry of external_data: a key and its value.
func readExternal(t *Tensor, f field) error {
	entry, err := f.inner(f.where + " external_data")
	if err != nil {
		return err
	}
	if t.External == nil {
		t.External = &External{}
	}
	var key, value string
	err = entry.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			key, err = f.text()
		case 2:
			value, err = f.text()
		}
		return err
	})
	if err != nil {
		return err
	}
	switch key {
	case "location":
		t.External.Location = value
	case "offset":
		t.External.Offset, err = strconv.ParseInt(value, 10, 64)
	case "length":
		t.External.Length, err = strconv.ParseInt(value, 10, 64)
	}
	if err != nil || t.External.Offset < 0 || t.External.Length < 0 {
		return entry.bad("%s is %.40q, a number from 0 is needed", key, value)
	}
	return nil
}

// join appends without writing into the file's bytes, which to may be.
func join(to, part []byte) []byte {
	if to == nil {
		return part[:len(part):len(part)]
	}
	return append(to, part...)
}

// fill lays out the numbers of int32_data or int64_data as the type asks for.
func (t *Tensor) fill(ints []int64, m message) error {
	for _, v := range ints {
		switch t.Type {
		case Int64:
			t.Data = binary.LittleEndian.AppendUint64(t.Data, uint64(v))
		case Int32:
			t.Data = binary.LittleEndian.AppendUint32(t.Data, uint32(v))
		case Half, BFloat:
			t.Data = binary.LittleEndian.AppendUint16(t.Data, uint16(v))
		case Uint8, Int8, Bool:
			t.Data = append(t.Data, uint8(v))
		default:
			return m.bad("tensor %.80q of type %d has its numbers in int32_data", t.Name, t.Type)
		}
	}
	return nil
}
