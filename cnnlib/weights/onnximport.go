package weights

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"

	"github.com/gomlx/compute"
)

// Network is what a file describes in full: layers and weights.
type Network struct {
	Net       cnnlib.Sequential
	In        []int     // shape of one example: height, width, channels
	Mean, Std []float32 // of pixels scaled to 0..1, per channel; nil if the file takes pixels that are normalised already
	State     []Tensor  // the weights, as in StateDict
}

// Model puts the network on a backend.
func (n *Network) Model(b compute.Backend) (*cnnlib.Model, error) {
	m, err := cnnlib.New(b, n.Net, n.In, cnnlib.Options{Mean: n.Mean, Std: n.Std})
	if err == nil {
		_, err = SetStateDict(m, n.State)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// ReadONNX reads a network from an ONNX file: a chain of the layers that
// cnnlib has, with all weights inside. Anything else is an error that names
// the node and its operator.
//
// The input is float32 or uint8 [batch, channels, height, width], or with 1
// or 3 spatial axes. uint8 has to be followed by what Export writes: Cast,
// Div by 255 and, if it is normalised, Sub and Div. A float32 input is taken
// as normalised in a way that the file does not tell: set Mean and Std.
func ReadONNX(file string) (*Network, error) {
	f, size, err := open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readONNX(file, f, size)
}

func readONNX(file string, r io.ReaderAt, size int64) (*Network, error) {
	if size > onnx.Limit {
		return nil, &FormatError{file, "size", fmt.Sprintf("%d bytes, an ONNX file has at most 2 GiB", size)}
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	model, err := onnx.Read(data)
	var bad *onnx.Error
	if errors.As(err, &bad) {
		return nil, &FormatError{file, fmt.Sprintf("byte %d (%s)", bad.At, bad.Where), bad.Reason}
	} else if err != nil {
		return nil, err
	}
	if model.Opset < firstOpset || model.Opset > lastOpset {
		return nil, &FormatError{file, "opset_import", fmt.Sprintf("version %d of ONNX's operators, %d to %d are read", model.Opset, firstOpset, lastOpset)}
	}
	im := &importer{file: file, graph: &model.Graph, room: maxShared * len(data), taps: maxTaps,
		consts: make(map[string]*onnx.Tensor), sizes: make(map[string][]int64), net: &Network{}}
	if err := im.run(); err != nil {
		return nil, err
	}
	return im.net, nil
}

// Limits of the network that is read, for one example. It is run later, by
// whoever reads it.
const (
	maxOutput = 1 << 28 // numbers that a layer gives
	maxTaps   = 1 << 28 // pixels that all windows of all pools read along their axes
	maxWindow = 1 << 12 // pixels of one window of a pool
)

// importer walks along the chain of nodes.
type importer struct {
	file   string
	graph  *onnx.Graph
	room   int // bytes of weights that may still be taken
	taps   int // pixels that windows of pools may still count
	consts map[string]*onnx.Tensor
	sizes  map[string][]int64 // what nodes computed of the sizes of the chain's values
	nodes  []onnx.Node        // without those that are constants
	next   int                // index of the node after the one that is looked at
	net    *Network

	value  string // what the layers so far give, in ONNX
	shape  []int  // of one example of it, here
	pooled bool   // in ONNX it has spatial axes of 1 that are gone here
	batch  int64  // size of the batch, 0 if open
}

func (im *importer) bad(at, format string, args ...any) error {
	return &FormatError{im.file, at, fmt.Sprintf(format, args...)}
}

// at names a node.
func (im *importer) at(n onnx.Node) string {
	if !standard(n) {
		n.Op = n.Domain + "." + n.Op
	}
	return fmt.Sprintf("node %.80q (%.80s)", n.Name, n.Op)
}

func (im *importer) run() error {
	for i := range im.graph.Initializers {
		t := &im.graph.Initializers[i]
		if im.consts[t.Name] != nil {
			return im.bad("graph", "initializer %.80q is there twice", t.Name)
		}
		im.consts[t.Name] = t
	}
	for i, n := range im.graph.Nodes {
		if n.Name == "" {
			n.Name = fmt.Sprintf("#%d", i)
		}
		if n.Op != "Constant" {
			im.nodes = append(im.nodes, n)
			continue
		}
		if len(n.Attrs) != 1 || n.Attrs[0].Tensor == nil || len(n.Outputs) != 1 || im.consts[n.Outputs[0]] != nil {
			return im.bad(im.at(n), "only a constant with one tensor and a name of its own is read")
		}
		im.consts[n.Outputs[0]] = n.Attrs[0].Tensor
	}
	if err := im.input(); err != nil {
		return err
	}
	for im.next < len(im.nodes) {
		n := im.nodes[im.next]
		im.next++
		if im.computeSizes(n) {
			continue
		}
		op := operator(n.Op)
		if op == nil || !standard(n) {
			return im.bad(im.at(n), "cnnlib has no layer for this operator")
		}
		if len(n.Inputs) == 0 || len(n.Outputs) == 0 {
			return im.bad(im.at(n), "no input or no output")
		}
		if n.Inputs[0] != im.value {
			return im.bad(im.at(n), "it takes %.80q, not %.80q from the node before it: only a chain of layers is read", n.Inputs[0], im.value)
		}
		for _, extra := range n.Outputs[1:] {
			if extra != "" && n.Op != "Dropout" {
				return im.bad(im.at(n), "its second output %.80q has no place in a chain", extra)
			}
		}
		im.value = n.Outputs[0]
		if im.consts[im.value] != nil {
			return im.bad(im.at(n), "its output %.80q has the name of a constant", im.value)
		}
		if err := op(im, n); err != nil {
			return err
		}
	}
	switch out := im.graph.Outputs; {
	case len(out) != 1 || out[0].Name != im.value:
		return im.bad("graph", "%d outputs; one is read, and it has to be what the last node gives, %.80q", len(out), im.value)
	case im.pooled:
		return im.bad("graph", "the output has spatial axes of size 1: add a Flatten")
	case len(im.net.Net) == 0:
		return im.bad("graph", "no layers in it")
	}
	return nil
}

// weight is input i of n as a tensor of floats.
func (im *importer) weight(n onnx.Node, i int) (Tensor, error) {
	if i >= len(n.Inputs) || im.consts[n.Inputs[i]] == nil {
		return Tensor{}, im.bad(im.at(n), "input %d is no constant of the file", i)
	}
	c := im.consts[n.Inputs[i]]
	t := Tensor{Name: n.Inputs[i], DType: map[int]DType{onnx.Float: F32, onnx.Double: F64, onnx.Half: F16, onnx.BFloat: BF16}[c.Type], Data: c.Data}
	for _, d := range c.Dims {
		if d < 0 || d > math.MaxInt32 {
			return Tensor{}, im.bad(im.at(n), "constant %.80q has a size of %d", t.Name, d)
		}
		t.Shape = append(t.Shape, int(d))
	}
	size := t.DType.Size()
	if size == 0 {
		return Tensor{}, im.bad(im.at(n), "constant %.80q has numbers of type %d, floats are needed", t.Name, c.Type)
	}
	if count, err := numbers(t.Shape, len(t.Data)/size); err != nil || count*size != len(t.Data) {
		return Tensor{}, im.bad(im.at(n), "constant %.80q of shape %v has %d bytes", t.Name, t.Shape, len(t.Data))
	}
	if im.room -= len(t.Data); im.room < 0 {
		return Tensor{}, im.bad(im.at(n), "the weights take more than %d times the file", maxShared)
	}
	return t, nil
}

// add appends a layer with its weights, in the order of PyTorch's state dict.
func (im *importer) add(n onnx.Node, layer cnnlib.Layer, weights ...Tensor) error {
	if im.pooled {
		return im.bad(im.at(n), "it takes what a global pooling gave: a Flatten should come between")
	}
	info, err := layer.Check(im.shape)
	if err != nil {
		return im.bad(im.at(n), "%v", err)
	}
	if _, err := numbers(info.Output, maxOutput); err != nil {
		return im.bad(im.at(n), "%v", err)
	}
	if len(weights) != len(info.Weights) {
		return im.bad(im.at(n), "%d weights, the layer has %d", len(weights), len(info.Weights))
	}
	for i, w := range info.Weights {
		t := weights[i]
		if want := permuted(w.Shape, toTheirs(len(w.Shape))); !slices.Equal(t.Shape, want) {
			return im.bad(im.at(n), "constant %.80q has shape %v, should have %v", t.Name, t.Shape, want)
		}
		t.Name = fmt.Sprintf("%d.%s", len(im.net.Net), w.Name)
		im.net.State = append(im.net.State, t)
	}
	im.net.Net = append(im.net.Net, layer)
	im.shape = info.Output
	return nil
}
