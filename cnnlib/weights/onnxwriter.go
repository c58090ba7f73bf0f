package weights

import (
	"encoding/binary"
	"fmt"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// onnxWriter is a graph that grows node by node. It is the cnnlib.ONNXGraph
// that layers draw themselves into.
type onnxWriter struct {
	onnx.Graph
	step      string // path of the layer; names begin with it
	names     map[string]bool
	constants map[string]string // names of those that are there, by type, shape and numbers
	err       error             // the first thing that was wrong
}

func newONNXWriter() *onnxWriter {
	return &onnxWriter{Graph: onnx.Graph{Name: "convlab"}, constants: make(map[string]string),
		names: map[string]bool{"": true, "pixels": true, "logits": true}} // "" is an input left out
}

// fresh is a name like this one that nothing has.
func (w *onnxWriter) fresh(name string) string {
	for w.names[name] {
		name += "'" // a shuffle reshapes twice
	}
	w.names[name] = true
	return name
}

// weight adds a weight under its own name.
func (w *onnxWriter) weight(t Tensor) error {
	if w.names[t.Name] {
		return fmt.Errorf("weights: the name %q of a weight is reserved or there twice", t.Name)
	}
	w.names[t.Name] = true
	w.Initializers = append(w.Initializers, onnx.Tensor{Name: t.Name, Type: onnx.Float, Dims: int64s(t.Shape), Data: t.Data})
	return nil
}

// Node implements cnnlib.ONNXGraph.
func (w *onnxWriter) Node(op string, inputs []string, attributes ...cnnlib.ONNXAttribute) string {
	n := onnx.Node{Op: op, Inputs: slices.Clone(inputs)}
	for _, name := range inputs {
		if !w.names[name] && w.err == nil {
			w.err = fmt.Errorf("the operation %s takes %q, which nothing makes", op, name)
		}
	}
	for _, a := range attributes {
		attr, err := attrOf(a)
		if err != nil && w.err == nil {
			w.err = fmt.Errorf("the operation %s: %w", op, err)
		}
		n.Attrs = append(n.Attrs, attr)
	}
	n.Name = w.fresh(w.step + "." + op)
	n.Outputs = []string{n.Name}
	w.Nodes = append(w.Nodes, n)
	return n.Name
}

func attrOf(a cnnlib.ONNXAttribute) (onnx.Attr, error) {
	attr := onnx.Attr{Name: a.Name}
	switch v := a.Value.(type) {
	case int:
		attr.Type, attr.Int = onnx.IntAttr, int64(v)
	case []int:
		attr.Type, attr.Ints = onnx.IntsAttr, int64s(v)
	case float64:
		attr.Type, attr.Float = onnx.FloatAttr, float32(v)
	case string:
		attr.Type, attr.String = onnx.StringAttr, v
	default:
		return attr, fmt.Errorf("attribute %s is a %T; int, []int, float64 and string are written", a.Name, a.Value)
	}
	return attr, nil
}

// Floats implements cnnlib.ONNXGraph.
func (w *onnxWriter) Floats(values []float32, dims ...int) string {
	return w.constant(onnx.Float, NewTensor("", values).Data, dims, len(values))
}

// Ints implements cnnlib.ONNXGraph.
func (w *onnxWriter) Ints(values ...int) string {
	var data []byte
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, uint64(v))
	}
	return w.constant(onnx.Int64, data, []int{len(values)}, len(values))
}

// constant adds a constant, or finds the equal one that is there.
func (w *onnxWriter) constant(kind int, data []byte, dims []int, count int) string {
	if n, err := numbers(dims, count); (err != nil || n != count) && w.err == nil {
		w.err = fmt.Errorf("a constant of shape %v has %d numbers", dims, count)
	}
	key := fmt.Sprint(kind, dims, string(data))
	if name, ok := w.constants[key]; ok {
		return name
	}
	name := w.fresh(w.step + ".constant")
	w.constants[key] = name
	w.Initializers = append(w.Initializers, onnx.Tensor{Name: name, Type: kind, Dims: int64s(dims), Data: data})
	return name
}

// rename gives a value another name.
func (w *onnxWriter) rename(from, to string) {
	for _, n := range w.Nodes {
		for _, names := range [][]string{n.Inputs, n.Outputs} {
			for i, name := range names {
				if name == from {
					names[i] = to
				}
			}
		}
	}
}

func int64s(v []int) []int64 {
	all := make([]int64, len(v))
	for i, n := range v {
		all[i] = int64(n)
	}
	return all
}
