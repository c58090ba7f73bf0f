// Package onnx reads and writes what networks need of ONNX's protobuf
// messages (onnx.proto of github.com/onnx/onnx), on protowire.
//
//	model, err := onnx.Read(data)
//	for _, node := range model.Graph.Nodes {
//		fmt.Println(node.Op, node.Inputs, node.Outputs)
//	}
//
// The generated code for all of onnx.proto would make a message of several
// hundred bytes from two bytes of a file. This reader has limits, takes
// tensors as slices of the file, and follows no name of another file: it gives
// the name.
package onnx

// Model is a ModelProto.
type Model struct {
	IR       int64
	Producer string
	Opset    int64 // of the default domain, 0 if not named
	Graph    Graph
}

// Graph is a GraphProto.
type Graph struct {
	Name            string
	Nodes           []Node
	Initializers    []Tensor
	Inputs, Outputs []Value
}

// Node is a NodeProto.
type Node struct {
	Name, Op, Domain string
	Inputs, Outputs  []string
	Attrs            []Attr
}

// Attr is an AttributeProto; Type says which field holds its value.
type Attr struct {
	Name   string
	Type   int
	Float  float32
	Int    int64
	String string
	Floats []float32
	Ints   []int64
	Tensor *Tensor
	Graph  *Graph // of a branch
}

// Types of an Attr, with their numbers in onnx.proto.
const (
	FloatAttr  = 1
	IntAttr    = 2
	StringAttr = 3
	TensorAttr = 4
	GraphAttr  = 5
	FloatsAttr = 6
	IntsAttr   = 7
)

// Tensor is a TensorProto. Data is little endian, row-major; its length is
// not compared with Dims.
type Tensor struct {
	Name string
	Type int // as Float
	Dims []int64
	Data []byte
	// External is where the numbers are, if not here.
	External *External
}

// External is a part of another file.
type External struct {
	Location       string
	Offset, Length int64 // Length is 0 if the file does not say
}

// Types of a Tensor's numbers, as in onnx.proto.
const (
	Float  = 1
	Uint8  = 2
	Int8   = 3
	Int32  = 6
	Int64  = 7
	Bool   = 9
	Half   = 10
	Double = 11
	BFloat = 16
)

// Value is a ValueInfoProto of a tensor.
type Value struct {
	Name string
	Type int
	Dims []Dim // nil if the file does not say
}

// Dim is a size, or a name for one that is open.
type Dim struct {
	Size int64
	Name string
}

// Limits of what is read.
const (
	maxItems = 1 << 20 // nodes, names, attributes, values, sizes and numbers that are not the bytes of a tensor, in all
	maxName  = 1 << 12
	maxDepth = 4 // graphs within graphs
)

// Limit is the size that protobuf allows a file.
const Limit = 1<<31 - 1
