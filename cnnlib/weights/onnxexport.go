package weights

import (
	"context"
	"fmt"
	"io"

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
func exportONNX(ctx context.Context, m *cnnlib.Model, file string) error {
	graph, _, err := modelONNX(ctx, m)
	if err != nil {
		return err
	}
	data, err := onnx.Write(&onnx.Model{IR: onnxIR, Producer: "convlab", Opset: onnxOpset, Graph: *graph})
	if err != nil {
		return fmt.Errorf("weights: %s: %w", file, err)
	}
	return writeWhole(ctx, file, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// modelONNX is a model as nodes, and its weights.
func modelONNX(ctx context.Context, m *cnnlib.Model) (*onnx.Graph, []Tensor, error) {
	state, err := stateOf(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	mean, std := m.Normalization()
	graph, err := graphONNX(m.Root(), state, mean, std)
	return graph, state, err
}

// graphONNX is a network as nodes. state has the weights of its layers in
// order.
func graphONNX(root *cnnlib.Place, state []Tensor, mean, std []float32) (*onnx.Graph, error) {
	w := newONNXWriter()
	w.Inputs = []onnx.Value{{Name: "pixels", Type: onnx.Uint8, Dims: batchOf(channelsFirst(root.In))}}
	w.Outputs = []onnx.Value{{Name: "logits", Type: onnx.Float, Dims: batchOf(channelsFirst(root.Info.Output))}}
	for _, t := range state {
		if err := w.weight(t); err != nil {
			return nil, err
		}
	}
	y, err := w.place(root, w.normalize("pixels", mean, std, len(root.In)-1), &state)
	if err != nil {
		return nil, err
	}
	w.rename(y, "logits")
	return &w.Graph, nil
}

// normalize is what a Model does to pixels: x/255, less mean, by std.
func (w *onnxWriter) normalize(x string, mean, std []float32, axes int) string {
	w.step = "input"
	x = w.Node("Cast", []string{x}, cnnlib.ONNXAttribute{Name: "to", Value: onnx.Float})
	x = w.Node("Div", []string{x, w.Floats([]float32{255})})
	plain := true
	for c := range mean {
		plain = plain && mean[c] == 0 && std[c] == 1
	}
	if plain {
		return x
	}
	dims := []int{len(mean)}
	for range axes {
		dims = append(dims, 1)
	}
	x = w.Node("Sub", []string{x, w.Floats(mean, dims...)})
	return w.Node("Div", []string{x, w.Floats(std, dims...)})
}

// place adds the layer at p, which takes the value x, and gives the value that
// it makes. The weights that it has come first in state.
func (w *onnxWriter) place(p *cnnlib.Place, x string, state *[]Tensor) (string, error) {
	switch {
	case len(p.Parts) == 0:
		return w.layer(p, x, state)
	case !p.Parallel:
		var err error
		for _, part := range p.Parts {
			if x, err = w.place(part, x, state); err != nil {
				return "", err
			}
		}
		return x, nil
	}
	results := make([]string, len(p.Parts))
	for i, part := range p.Parts {
		var err error
		if results[i], err = w.place(part, x, state); err != nil {
			return "", err
		}
	}
	w.step = string(p.Path)
	return w.join(p, results)
}

// layer adds a layer without parts.
func (w *onnxWriter) layer(p *cnnlib.Place, x string, state *[]Tensor) (string, error) {
	w.step = string(p.Path)
	failed := func(err error) error { return fmt.Errorf("weights: layer %s (%s): %w", p.Path, p.Title(), err) }
	former, ok := p.Layer.(cnnlib.ONNXFormer)
	if !ok {
		return "", failed(fmt.Errorf("%T does not implement cnnlib.ONNXFormer, so it cannot be written to an ONNX file", p.Layer))
	}
	names := make([]string, len(p.Info.Weights))
	for i := range names {
		if i >= len(*state) {
			return "", failed(fmt.Errorf("its weight %s is not there", p.Info.Weights[i].Name))
		}
		names[i] = (*state)[i].Name
	}
	*state = (*state)[len(names):]
	y, err := former.ONNX(w, x, p.In, names)
	if err == nil {
		err = w.err
	}
	if err == nil && !w.names[y] {
		err = fmt.Errorf("its ONNX form gives the value %q, which nothing makes", y)
	}
	if err != nil {
		return "", failed(err)
	}
	return y, nil
}

// join adds what makes one value of the results of branches.
func (w *onnxWriter) join(p *cnnlib.Place, results []string) (string, error) {
	y, op := results[0], "Add"
	switch p.Join {
	case cnnlib.Concat:
		if len(results) > 1 {
			y = w.Node("Concat", results, cnnlib.ONNXAttribute{Name: "axis", Value: 1})
		}
		return y, nil
	case cnnlib.Product:
		op = "Mul"
	case cnnlib.Sum:
	default:
		return "", fmt.Errorf("weights: layer %s (%s): this join has no ONNX form here", p.Path, p.Title())
	}
	for i, part := range p.Parts {
		var missing []int // axes, that ONNX broadcasts [batch, channels] as [batch, channels, 1...]
		for axis := len(part.Info.Output); axis < len(p.Info.Output); axis++ {
			missing = append(missing, axis+1)
		}
		x := results[i]
		if len(missing) > 0 {
			x = w.Node("Unsqueeze", []string{x, w.Ints(missing...)})
		}
		if i == 0 {
			y = x
		} else {
			y = w.Node(op, []string{y, x})
		}
	}
	return y, nil
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
