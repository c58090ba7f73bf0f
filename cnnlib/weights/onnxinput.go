package weights

import (
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib/weights/internal/onnx"
)

// input takes the graph's input and, of pixels, the nodes that normalise them.
// in is the shape of one example that is wanted, if there is one.
func (im *importer) input(in []int) error {
	var inputs []onnx.Value
	for _, v := range im.graph.Inputs {
		if im.tensor[v.Name] == nil { // older files list weights among the inputs
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
	if in != nil && len(in) != len(v.Dims)-1 {
		return im.bad(at, "it has %d axes beside the batch, the size that is wanted, %v, has %d", len(v.Dims)-1, in, len(in))
	}
	im.batch = max(v.Dims[0].Size, 0)
	var shape []int // channels, spatial...
	for i, d := range v.Dims[1:] {
		size := d.Size
		if in != nil {
			wanted := int64(channelsFirst(in)[i])
			if size != 0 && size != wanted {
				return im.bad(at, "axis %d has size %d, %d is wanted", i+1, size, wanted)
			}
			size = wanted
		}
		if size < 1 || size > math.MaxInt32 {
			return im.bad(at, "axis %d has size %d (%.40q): tell the shape of one example, height, width and channels (on the command line --input 48x192x3)", i+1, size, d.Name)
		}
		shape = append(shape, int(size))
	}
	if _, err := numbers(shape, maxOutput); err != nil {
		return im.bad(at, "%v", err)
	}
	im.net.In = channelsLast(shape)
	name := v.Name
	switch v.Type {
	case onnx.Float:
	case onnx.Uint8:
		var err error
		if name, err = im.pixels(at, name, shape); err != nil {
			return err
		}
	default:
		return im.bad(at, "type %d, float32 (%d) or uint8 (%d) is needed", v.Type, onnx.Float, onnx.Uint8)
	}
	im.value[name] = newValue(value{shape: shape})
	return nil
}

// pixels takes Cast, Div by 255 and, if they are there, Sub and Div of the value
// called x, and gives the name of what they make.
func (im *importer) pixels(at, x string, shape []int) (string, error) {
	n, x, ok := im.follow("Cast", x)
	if !ok || intOf(n, "to", 0) != onnx.Float {
		return "", im.bad(at, "pixels (uint8) should go into a Cast to float32")
	}
	n, x, ok = im.follow("Div", x)
	if ok {
		scale, err := im.ofChannels(n, shape)
		ok = err == nil && (perChannel{values: scale}).is(255)
	}
	if !ok {
		return "", im.bad(at, "the Cast should go into a Div by 255")
	}
	im.net.Mean, im.net.Std = make([]float32, shape[0]), slices.Repeat([]float32{1}, shape[0])
	for _, part := range []struct {
		op string
		to *[]float32
	}{{"Sub", &im.net.Mean}, {"Div", &im.net.Std}} {
		if n, y, ok := im.follow(part.op, x); ok {
			var err error
			if *part.to, err = im.ofChannels(n, shape); err != nil {
				return "", err
			}
			x = y
		}
	}
	return x, nil
}

// follow takes the next node if it is an op on the value called x and a
// constant, and gives the name of its output.
func (im *importer) follow(op, x string) (onnx.Node, string, bool) {
	if im.next >= len(im.nodes) {
		return onnx.Node{}, x, false
	}
	n := im.nodes[im.next]
	if n.Op != op || !standard(n) || len(n.Inputs) == 0 || n.Inputs[0] != x || len(n.Outputs) != 1 || im.fresh(n, n.Outputs[0]) != nil {
		return onnx.Node{}, x, false
	}
	im.next++
	return n, n.Outputs[0], true
}

// ofChannels is the second input of n as a number for each channel.
func (im *importer) ofChannels(n onnx.Node, shape []int) ([]float32, error) {
	if !given(n, 1) {
		return nil, im.wrong(n, "it has no input 1")
	}
	c, err := im.constant(n, n.Inputs[1])
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, im.wrong(n, "input 1 is no constant of the file")
	}
	p, err := im.scales(n, c, shape, false)
	if err != nil {
		return nil, err
	}
	if len(p.values) == 1 {
		return slices.Repeat(p.values, shape[0]), im.take(n, 4*shape[0])
	}
	return p.values, nil
}
