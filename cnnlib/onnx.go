package cnnlib

// ONNXFormer is a layer that can be written as operations of ONNX.
type ONNXFormer interface {
	Layer
	// ONNX adds the layer to g as operations on the value x, which holds
	// batches of examples of shape in with the channels first: [batch,
	// channels, spatial...]. weights are the values of the layer's Weights, in
	// their order and in PyTorch's layout: kernels [out, in, spatial...],
	// matrices [out, in]. It gives the value that the layer makes.
	ONNX(g ONNXGraph, x string, in []int, weights []string) (y string, err error)
}

// ONNXGraph is the graph of an ONNX file while it is written.
type ONNXGraph interface {
	// Node adds an operation of ONNX's standard set, version 20, on values,
	// and gives its first output.
	Node(op string, inputs []string, attributes ...ONNXAttribute) string
	// Floats adds a constant of type float; without dims it is a scalar.
	Floats(values []float32, dims ...int) string
	// Ints adds a constant vector of type int64.
	Ints(values ...int) string
}

// ONNXAttribute is a named setting of an operation. Value is an int, []int,
// float64 or string.
type ONNXAttribute struct {
	Name  string
	Value any
}
