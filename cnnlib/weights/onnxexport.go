package weights

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// The version of ONNX's operators that files are written for: the first with
// Gelu and with a dilated AveragePool. Files of versions firstOpset to
// lastOpset are read.
const (
	onnxOpset  = 20
	onnxIR     = 9 // of the file format, belongs to opset 20
	firstOpset = 7
	lastOpset  = 26
)

// exportONNX writes m with its weights. The graph takes "pixels", uint8
// [batch, channels, height, width] with an open batch size, scales and
// normalises them as m does, and gives "logits", float32 [batch, classes].
func exportONNX(m *cnnlib.Model, file string) error {
	steps := m.Root().Steps()
	state, err := StateDict(m)
	if err != nil {
		return err
	}
	mean, std := m.Normalization()
	graph, err := graphONNX(steps, state, mean, std)
	if err != nil {
		return err
	}
	data, err := onnx.Write(&onnx.Model{IR: onnxIR, Producer: "convlab", Opset: onnxOpset, Graph: *graph})
	if err != nil {
		return fmt.Errorf("weights: %s: %w", file, err)
	}
	return writeWhole(file, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// drawing is a graph that grows node by node.
type drawing struct {
	onnx.Graph
	step  string // "input" or the index of the layer
	x     string // the value that the nodes so far give
	names map[string]bool
}

// node adds a node on x and constants, named after its step and kind.
func (d *drawing) node(op string, constants []string, attrs ...onnx.Attr) {
	name := d.step + "." + op
	for d.names[name] {
		name += "'" // a shuffle reshapes twice
	}
	d.names[name] = true
	d.Nodes = append(d.Nodes, onnx.Node{Name: name, Op: op, Inputs: append([]string{d.x}, constants...), Outputs: []string{name}, Attrs: attrs})
	d.x = name
}

func (d *drawing) constant(name string, kind int, data []byte, dims ...int64) string {
	d.Initializers = append(d.Initializers, onnx.Tensor{Name: name, Type: kind, Dims: dims, Data: data})
	return name
}

func (d *drawing) floats(name string, values []float32, dims ...int64) string {
	return d.constant(name, onnx.Float, New(name, values).Data, dims...)
}

func (d *drawing) reshape(name string, dims ...int64) {
	var data []byte
	for _, v := range dims {
		data = binary.LittleEndian.AppendUint64(data, uint64(v))
	}
	d.node("Reshape", []string{d.constant(d.step+"."+name, onnx.Int64, data, int64(len(dims)))})
}

// graphONNX is a network as nodes. state has the weights of the steps in
// order.
func graphONNX(steps []*cnnlib.Place, state []Tensor, mean, std []float32) (*onnx.Graph, error) {
	d := &drawing{Graph: onnx.Graph{Name: "convlab"}, step: "input", x: "pixels", names: make(map[string]bool)}
	in, last := steps[0].In, steps[len(steps)-1].Info.Output
	d.Inputs = []onnx.Value{{Name: "pixels", Type: onnx.Uint8, Dims: batchOf(channelsFirst(in))}}
	d.Outputs = []onnx.Value{{Name: "logits", Type: onnx.Float, Dims: batchOf(channelsFirst(last))}}
	d.normalize(mean, std, len(in)-1)
	for _, s := range steps {
		d.step, _, _ = strings.Cut(string(s.Path), ".")
		var names []string
		for range s.Info.Weights {
			if len(s.Parts) > 0 {
				break // those of its parts
			}
			t := state[0]
			state = state[1:]
			dims := make([]int64, len(t.Shape))
			for i, size := range t.Shape {
				dims[i] = int64(size)
			}
			names = append(names, d.constant(t.Name, onnx.Float, t.Data, dims...))
		}
		if err := d.add(s, names); err != nil {
			return nil, fmt.Errorf("weights: layer %s (%s): %w", s.Path, s.Title(), err)
		}
	}
	if len(d.Nodes) > 0 {
		d.Nodes[len(d.Nodes)-1].Outputs[0] = "logits"
	}
	return &d.Graph, nil
}

// normalize is what a Model does to pixels: x/255, less mean, by std.
func (d *drawing) normalize(mean, std []float32, axes int) {
	d.node("Cast", nil, intAttr("to", onnx.Float))
	d.node("Div", []string{d.floats("scale", []float32{255})})
	plain := true
	for c := range mean {
		plain = plain && mean[c] == 0 && std[c] == 1
	}
	if plain {
		return
	}
	dims := append([]int64{int64(len(mean))}, repeated(1, axes)...)
	d.node("Sub", []string{d.floats("mean", mean, dims...)})
	d.node("Div", []string{d.floats("std", std, dims...)})
}

// add draws one step with its weights' names.
func (d *drawing) add(s *cnnlib.Place, w []string) error {
	spatial := s.In[:len(s.In)-1]
	channels := int64(s.In[len(s.In)-1])
	switch l := s.Layer.(type) {
	case cnnlib.Conv:
		d.node("Conv", w, windowAttrs(s.Info.Window, intAttr("group", int64(max(l.Groups, 1))))...)
	case cnnlib.DepthwiseConv:
		d.node("Conv", w, windowAttrs(s.Info.Window, intAttr("group", channels))...)
	case cnnlib.TransposedConv:
		var more []int64
		for _, win := range s.Info.Window {
			more = append(more, int64(win.OutputPadding))
		}
		d.node("ConvTranspose", w, windowAttrs(s.Info.Window, intAttr("group", int64(max(l.Groups, 1))), intsAttr("output_padding", more))...)
	case cnnlib.MaxPool:
		d.node("MaxPool", nil, windowAttrs(s.Info.Window, intAttr("ceil_mode", bit(s.Info.Window[0].Ceil)))...)
	case cnnlib.AvgPool:
		d.node("AveragePool", nil, windowAttrs(s.Info.Window, intAttr("ceil_mode", bit(s.Info.Window[0].Ceil)), intAttr("count_include_pad", bit(!l.ExcludePad)))...)
	case cnnlib.GlobalAvgPool:
		d.node("GlobalAveragePool", nil)
		d.node("Flatten", nil, intAttr("axis", 1))
	case cnnlib.GlobalMaxPool:
		d.node("GlobalMaxPool", nil)
		d.node("Flatten", nil, intAttr("axis", 1))
	case cnnlib.BatchNorm:
		d.node("BatchNormalization", w, floatAttr("epsilon", orDefault(l.Epsilon, 1e-5)), floatAttr("momentum", 1-orDefault(l.Momentum, 0.1)))
	case cnnlib.ReLU:
		d.node("Relu", nil)
	case cnnlib.LeakyReLU:
		d.node("LeakyRelu", nil, floatAttr("alpha", orDefault(l.Slope, 0.01)))
	case cnnlib.ELU:
		d.node("Elu", nil, floatAttr("alpha", orDefault(l.Alpha, 1)))
	case cnnlib.GELU:
		d.node("Gelu", nil)
	case cnnlib.Sigmoid:
		d.node("Sigmoid", nil)
	case cnnlib.Tanh:
		d.node("Tanh", nil)
	case cnnlib.SiLU:
		x := d.x
		d.node("Sigmoid", nil)
		d.node("Mul", []string{x})
	case cnnlib.Scale:
		d.node("Mul", []string{d.floats(d.step+".by", []float32{float32(l.By)})})
	case cnnlib.Dropout:
		d.node("Dropout", []string{d.floats(d.step+".ratio", []float32{float32(l.Rate)})})
	case cnnlib.Flatten:
		d.node("Flatten", nil, intAttr("axis", 1))
	case cnnlib.Dense:
		d.node("Gemm", w, intAttr("transB", 1))
	case cnnlib.ChannelShuffle:
		groups, size := int64(l.Groups), []int64{}
		order := []int64{0, 2, 1}
		for i, n := range spatial {
			size, order = append(size, int64(n)), append(order, int64(3+i))
		}
		d.reshape("split", append([]int64{0, groups, channels / groups}, size...)...)
		d.node("Transpose", nil, intsAttr("perm", order))
		d.reshape("join", append([]int64{0, channels}, size...)...)
	default:
		return fmt.Errorf("%T has no ONNX form here", s.Layer)
	}
	return nil
}

func windowAttrs(windows []cnnlib.Sliding, more ...onnx.Attr) []onnx.Attr {
	var kernel, strides, dilations, before, after []int64
	for _, w := range windows {
		kernel, strides, dilations = append(kernel, int64(w.Kernel)), append(strides, int64(w.Stride)), append(dilations, int64(w.Dilation))
		before, after = append(before, int64(w.PadBefore)), append(after, int64(w.PadAfter))
	}
	return append([]onnx.Attr{intsAttr("kernel_shape", kernel), intsAttr("strides", strides), intsAttr("dilations", dilations),
		intsAttr("pads", append(before, after...))}, more...)
}

func intAttr(name string, v int64) onnx.Attr {
	return onnx.Attr{Name: name, Type: onnx.IntAttr, Int: v}
}

func intsAttr(name string, v []int64) onnx.Attr {
	return onnx.Attr{Name: name, Type: onnx.IntsAttr, Ints: v}
}

func floatAttr(name string, v float64) onnx.Attr {
	return onnx.Attr{Name: name, Type: onnx.FloatAttr, Float: float32(v)}
}

func orDefault(v, otherwise float64) float64 {
	if v == 0 || math.IsNaN(v) {
		return otherwise
	}
	return v
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func repeated(v int64, n int) []int64 {
	all := make([]int64, n)
	for i := range all {
		all[i] = v
	}
	return all
}

// channelsFirst turns [spatial..., channels] into [channels, spatial...].
func channelsFirst(shape []int) []int {
	last := len(shape) - 1
	return append([]int{shape[last]}, shape[:last]...)
}

func batchOf(shape []int) []onnx.Dim {
	dims := []onnx.Dim{{Name: "batch"}}
	for _, n := range shape {
		dims = append(dims, onnx.Dim{Size: int64(n)})
	}
	return dims
}
