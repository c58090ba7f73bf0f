package weights

import (
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib/weights/internal/onnx"
)

// input takes the graph's input and, of pixels, the nodes that normalise them.
func (im *importer) input() error {
	var inputs []onnx.Value
	for _, v := range im.graph.Inputs {
		if im.consts[v.Name] == nil { // older files list weights among the inputs
			inputs = append(inputs, v)
		}
	}
	if len(inputs) != 1 {
		return im.bad("graph", "%d inputs, networks here have one", len(inputs))
	}
	v := inputs[0]
	at := fmt.Sprintf("input %.80q", v.Name)
	if len(v.Dims) < 3 || len(v.Dims) > 5 {
		return im.bad(at, "%d axes; [batch, channels, height, width] is needed, or with 1 or 3 spatial axes", len(v.Dims))
	}
	var first []int // channels, spatial...
	for i, d := range v.Dims {
		switch {
		case i == 0:
			im.batch = d.Size
		case d.Size < 1 || d.Size > math.MaxInt32:
			return im.bad(at, "axis %d has size %d (%.40q): all but the batch need a fixed size (python -m onnxruntime.tools.make_dynamic_shape_fixed sets one)", i, d.Size, d.Name)
		default:
			first = append(first, int(d.Size))
		}
	}
	if _, err := numbers(first, maxOutput); err != nil {
		return im.bad(at, "%v", err)
	}
	im.value, im.shape = v.Name, append(first[1:len(first):len(first)], first[0])
	im.net.In = slices.Clone(im.shape)
	switch v.Type {
	case onnx.Float:
		return nil
	case onnx.Uint8:
		return im.pixels(at, first[0])
	}
	return im.bad(at, "type %d, float32 (%d) or uint8 (%d) is needed", v.Type, onnx.Float, onnx.Uint8)
}

// pixels takes Cast, Div by 255 and, if they are there, Sub and Div.
func (im *importer) pixels(at string, channels int) error {
	im.net.Mean, im.net.Std = make([]float32, channels), slices.Repeat([]float32{1}, channels)
	if n, ok := im.follow("Cast"); !ok || intOf(n, "to", 0) != onnx.Float {
		return im.bad(at, "pixels (uint8) should go into a Cast to float32")
	}
	n, ok := im.follow("Div")
	if ok {
		scale, err := im.perChannel(n, 1)
		ok = err == nil && scale[0] == 255
	}
	if !ok {
		return im.bad(at, "the Cast should go into a Div by 255")
	}
	var err error
	if n, ok := im.follow("Sub"); ok {
		if im.net.Mean, err = im.perChannel(n, channels); err != nil {
			return err
		}
	}
	if n, ok := im.follow("Div"); ok {
		im.net.Std, err = im.perChannel(n, channels)
	}
	return err
}

// follow takes the next node if it is an op on the value so far.
func (im *importer) follow(op string) (onnx.Node, bool) {
	if im.next >= len(im.nodes) {
		return onnx.Node{}, false
	}
	n := im.nodes[im.next]
	if n.Op != op || len(n.Inputs) == 0 || n.Inputs[0] != im.value || len(n.Outputs) != 1 {
		return onnx.Node{}, false
	}
	im.next++
	im.value = n.Outputs[0]
	return n, true
}

// perChannel is the second input of n: one number, or one for each channel in
// the shape [channels, 1, 1] that ONNX's broadcasting needs.
func (im *importer) perChannel(n onnx.Node, channels int) ([]float32, error) {
	t, err := im.weight(n, 1)
	if err != nil {
		return nil, err
	}
	values, err := t.Float32s()
	if err != nil {
		return nil, im.bad(im.at(n), "%v", err)
	}
	shape := t.Shape
	if len(shape) == len(im.shape)+1 && shape[0] == 1 { // the batch
		shape = shape[1:]
	}
	if len(values) == 1 && len(shape) <= len(im.shape) {
		return slices.Repeat(values, channels), nil
	}
	want := slices.Repeat([]int{1}, len(im.shape))
	want[0] = channels
	if !slices.Equal(shape, want) {
		return nil, im.bad(im.at(n), "one number or a shape of %v is needed, got shape %v", want, t.Shape)
	}
	return values, nil
}
