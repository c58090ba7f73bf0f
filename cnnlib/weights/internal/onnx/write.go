package onnx

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

type out []byte

func (b *out) number(n protowire.Number, v int64) {
	*b = protowire.AppendVarint(protowire.AppendTag(*b, n, protowire.VarintType), uint64(v))
}

func (b *out) bytes(n protowire.Number, v []byte) {
	*b = protowire.AppendBytes(protowire.AppendTag(*b, n, protowire.BytesType), v)
}

func (b *out) text(n protowire.Number, s string) {
	if s != "" {
		b.bytes(n, []byte(s))
	}
}

func (b *out) float(n protowire.Number, v float32) {
	*b = protowire.AppendFixed32(protowire.AppendTag(*b, n, protowire.Fixed32Type), math.Float32bits(v))
}

// Write gives the bytes of a ModelProto.
func Write(m *Model) ([]byte, error) {
	var b, opset out
	b.number(1, m.IR)
	b.text(2, m.Producer)
	b.bytes(7, writeGraph(&m.Graph))
	opset.number(2, m.Opset)
	b.bytes(8, opset)
	if len(b) > Limit {
		return nil, fmt.Errorf("an ONNX file holds at most 2 GiB, the model takes %d bytes", len(b))
	}
	return b, nil
}

func writeGraph(g *Graph) []byte {
	var b out
	for _, node := range g.Nodes {
		b.bytes(1, writeNode(node))
	}
	b.text(2, g.Name)
	for _, t := range g.Initializers {
		b.bytes(5, writeTensor(t))
	}
	for _, v := range g.Inputs {
		b.bytes(11, writeValue(v))
	}
	for _, v := range g.Outputs {
		b.bytes(12, writeValue(v))
	}
	return b
}

func writeNode(node Node) []byte {
	var b out
	for _, s := range node.Inputs {
		b.bytes(1, []byte(s)) // "" is an input left out
	}
	for _, s := range node.Outputs {
		b.bytes(2, []byte(s))
	}
	b.text(3, node.Name)
	b.text(4, node.Op)
	for _, a := range node.Attrs {
		b.bytes(5, writeAttr(a))
	}
	b.text(7, node.Domain)
	return b
}

func writeAttr(a Attr) []byte {
	var b out
	b.text(1, a.Name)
	switch a.Type {
	case FloatAttr:
		b.float(2, a.Float)
	case IntAttr:
		b.number(3, a.Int)
	case StringAttr:
		b.bytes(4, []byte(a.String))
	case TensorAttr:
		if a.Tensor != nil {
			b.bytes(5, writeTensor(*a.Tensor))
		}
	case GraphAttr:
		if a.Graph != nil {
			b.bytes(6, writeGraph(a.Graph))
		}
	case FloatsAttr:
		for _, v := range a.Floats {
			b.float(7, v)
		}
	case IntsAttr:
		for _, v := range a.Ints {
			b.number(8, v)
		}
	}
	b.number(20, int64(a.Type))
	return b
}

func writeTensor(t Tensor) []byte {
	var b out
	for _, d := range t.Dims {
		b.number(1, d)
	}
	b.number(2, int64(t.Type))
	b.text(8, t.Name)
	b.bytes(9, t.Data)
	return b
}

func writeValue(v Value) []byte {
	var shape, tensor, kind, b out
	for _, d := range v.Dims {
		var dim out
		if d.Name != "" {
			dim.text(2, d.Name)
		} else {
			dim.number(1, d.Size)
		}
		shape.bytes(1, dim)
	}
	tensor.number(1, int64(v.Type))
	if v.Dims != nil {
		tensor.bytes(2, shape)
	}
	kind.bytes(1, tensor)
	b.text(1, v.Name)
	b.bytes(2, kind)
	return b
}
