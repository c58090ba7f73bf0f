package weights

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"

	"github.com/gomlx/compute"
)

// Network is a whole network from a file: its layers and their weights.
type Network struct {
	Net       cnnlib.Sequential
	In        []int     // shape of one example: height, width, channels
	Mean, Std []float32 // of pixels scaled to 0..1, per channel; nil if the file takes pixels that are normalised already
	State     []Tensor  // the weights, as in StateDict

	chain chain // of layers, with the names that the file gives their weights
}

// Model makes a model of the network on a backend.
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

// ReadONNX reads a network from an ONNX file: layers of cnnlib in series and
// in parallel, with all weights. Where the file names its weights after
// modules, as PyTorch does, the layers have these names. What cannot be read is
// an error that names the node, its operator and why.
//
// The input is float32 or uint8 [batch, channels, height, width], or with 1
// or 3 spatial axes. uint8 has to be followed by what Export writes: Cast,
// Div by 255 and, if it is normalised, Sub and Div. A float32 input is taken
// as normalised in a way that the file does not tell: set Mean and Std. in is
// the shape of one example, [height, width, channels]; it is needed where the
// file leaves height or width open.
//
// Numbers may be in a file of their own, as PyTorch writes them, beside this
// one.
func ReadONNX(file string, in ...int) (*Network, error) {
	im, err := openONNX(context.Background(), file)
	if err != nil {
		return nil, err
	}
	return im.network(in)
}

// openONNX reads a file, and the files beside it that it keeps numbers in.
func openONNX(ctx context.Context, file string) (*importer, error) {
	f, size, err := open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readONNX(file, stoppableReader{ctx, f}, size, beside(ctx, file))
}

// readONNX reads a file of this size. outside is the files beside it.
func readONNX(file string, r io.ReaderAt, size int64, outside *neighbours) (*importer, error) {
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
	im := newImporter(file, model, len(data))
	return im, outside.fill(im, &model.Graph)
}

// network makes layers of the graph that im has.
func (im *importer) network(in []int) (*Network, error) {
	if err := im.run(in); err != nil {
		return nil, err
	}
	whole, err := im.reduce()
	if err != nil {
		return nil, err
	}
	whole, err = im.layers(im.joinIdioms(whole))
	if err != nil {
		return nil, err
	}
	if len(whole) == 0 {
		return nil, im.bad("graph", "no layers in it")
	}
	return im.build(whole)
}

// Limits of the network that is read, for one example. It is run later, by
// whoever reads it.
const (
	maxNodes    = 1 << 14
	maxBranches = 64      // that are nested
	maxOutput   = 1 << 28 // numbers that a layer gives
	maxTaps     = 1 << 28 // pixels that all windows of all pools read along their axes, and those that are resized
	maxWindow   = 1 << 12 // pixels of one window of a pool
)

// importer is a graph that is read node by node: a map from the names of values
// to what they are.
type importer struct {
	file    string
	opset   int64
	graph   *onnx.Graph
	room    int // bytes of weights that may still be taken
	taps    int // pixels that windows of pools may still count
	nodes   []onnx.Node
	next    int   // index of the node after the one that is looked at
	batch   int64 // size of the batch, 0 if open
	inlined int   // nodes of conditional branches
	tensor  map[string]*onnx.Tensor
	known   map[string]*constant
	value   map[string]*value
	concats joins

	net Network
}

func newImporter(file string, model *onnx.Model, size int) *importer {
	return &importer{file: file, opset: model.Opset, graph: &model.Graph, room: maxShared * size, taps: maxTaps,
		tensor: make(map[string]*onnx.Tensor), known: make(map[string]*constant), value: make(map[string]*value)}
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

// wrong is an error of node n.
func (im *importer) wrong(n onnx.Node, format string, args ...any) error {
	return im.bad(im.at(n), format, args...)
}

// run reads all nodes that the output depends on.
func (im *importer) run(in []int) error {
	if err := im.constants(im.graph); err != nil {
		return err
	}
	if out := im.graph.Outputs; len(out) != 1 {
		return im.bad("graph", "%d outputs, a network here has one", len(out))
	}
	im.nodes = needed(im.graph, im.graph.Outputs[0].Name)
	if len(im.nodes) > maxNodes {
		return im.bad("graph", "%d nodes, at most %d are read", len(im.nodes), maxNodes)
	}
	if err := im.input(in); err != nil {
		return err
	}
	for im.next < len(im.nodes) {
		n := im.nodes[im.next]
		im.next++
		if err := im.node(n); err != nil {
			return err
		}
	}
	return nil
}

// needed is the nodes of g that the value called out depends on, without
// constants. Nodes without a name are called by their number.
func needed(g *onnx.Graph, out string) []onnx.Node {
	names := map[string]bool{out: true}
	var nodes []onnx.Node
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := g.Nodes[i]
		if n.Op == "Constant" && standard(n) || !slices.ContainsFunc(n.Outputs, func(s string) bool { return s != "" && names[s] }) {
			continue
		}
		if n.Name == "" {
			n.Name = fmt.Sprintf("#%d", i)
		}
		nodes = append(nodes, n)
		for _, s := range append(captured(n), n.Inputs...) {
			names[s] = true
		}
	}
	slices.Reverse(nodes)
	return nodes
}
