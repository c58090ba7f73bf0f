package onnx

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func whole() *Model {
	return &Model{IR: 9, Producer: "test", Opset: 20, Graph: Graph{
		Name: "g",
		Nodes: []Node{{Name: "n", Op: "Conv", Domain: "d", Inputs: []string{"x", "", "w"}, Outputs: []string{"y"}, Attrs: []Attr{
			{Name: "f", Type: FloatAttr, Float: -1.5}, {Name: "i", Type: IntAttr, Int: -7}, {Name: "s", Type: StringAttr, String: "SAME"},
			{Name: "fs", Type: FloatsAttr, Floats: []float32{1, 2}}, {Name: "is", Type: IntsAttr, Ints: []int64{-1, 1 << 40}},
			{Name: "t", Type: TensorAttr, Tensor: &Tensor{Name: "c", Type: Int64, Dims: []int64{1}, Data: make([]byte, 8)}},
		}}},
		Initializers: []Tensor{{Name: "w", Type: Float, Dims: []int64{2, 1}, Data: []byte{1, 2, 3, 4, 5, 6, 7, 8}}},
		Inputs:       []Value{{Name: "x", Type: Uint8, Dims: []Dim{{Name: "batch"}, {Size: 3}}}, {Name: "unknown", Type: Float}},
		Outputs:      []Value{{Name: "y", Type: Float, Dims: []Dim{}}},
	}}
}

func TestWrittenAndRead(t *testing.T) {
	want := whole()
	data, err := Write(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(data)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("error %v\ngot  %+v\nwant %+v", err, got, want)
	}
}

// TestTypedLists: numbers in the lists that other programs use in place of raw
// bytes, packed and not.
func TestTypedLists(t *testing.T) {
	field := func(n protowire.Number, packed []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), packed)
	}
	one := func(n protowire.Number, v uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), v)
	}
	for name, c := range map[string]struct {
		fields []byte
		want   []byte
	}{
		"float_data":            {append(one(2, Float), field(4, []byte{0, 0, 128, 63})...), []byte{0, 0, 128, 63}},
		"float_data one by one": {append(one(2, Float), 0x25, 0, 0, 128, 63, 0x25, 0, 0, 0, 64), []byte{0, 0, 128, 63, 0, 0, 0, 64}},
		"int64_data":            {append(one(2, Int64), field(7, []byte{2, 3})...), []byte{2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0}},
		"int64_data one by one": {append(one(2, Int64), one(7, 5)...), []byte{5, 0, 0, 0, 0, 0, 0, 0}},
		"halves":                {append(one(2, Half), field(5, protowire.AppendVarint(nil, 0x3c00))...), []byte{0, 0x3c}},
		"bytes":                 {append(one(2, Uint8), field(5, []byte{7, 9})...), []byte{7, 9}},
		"int32":                 {append(one(2, Int32), field(5, []byte{7})...), []byte{7, 0, 0, 0}},
	} {
		left := maxItems
		var tensor Tensor
		if err := readTensor(&tensor, message{data: c.fields, where: "tensor", left: &left}); err != nil || !bytes.Equal(tensor.Data, c.want) {
			t.Errorf("%s: %v, error %v, want %v", name, tensor.Data, err, c.want)
		}
	}
}

// TestErrorsNameTheByte: the place is that in the file, also deep inside.
func TestErrorsNameTheByte(t *testing.T) {
	data, err := Write(whole())
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("SAME")) - 1
	data[at] = 0x7f // a text longer than its attribute
	_, err = Read(data)
	var bad *Error
	if !errors.As(err, &bad) || bad.At != at-1 || !strings.Contains(err.Error(), "node 0 attribute") {
		t.Errorf("error %v, the spoilt field is at byte %d", err, at-1)
	}
}

func FuzzRead(f *testing.F) {
	data, err := Write(whole())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(data)
		if err != nil {
			return
		}
		again, err := Write(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(again); err != nil {
			t.Errorf("read, written and not read: %v", err)
		}
	})
}

func ExampleRead() {
	data, err := os.ReadFile("../../testdata/made/constants.onnx")
	if err != nil {
		panic(err)
	}
	model, err := Read(data)
	if err != nil {
		panic(err)
	}
	for _, node := range model.Graph.Nodes {
		fmt.Println(node.Op, node.Inputs, node.Outputs)
	}
	// Output:
	// Constant [] [kernel]
	// Conv [x kernel] [v1]
	// Flatten [v1] [v2]
}
