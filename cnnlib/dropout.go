package cnnlib

import (
	"fmt"

	"convlab/internal/geometry"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Dropout sets each value to zero with probability Rate while training and
// scales the others by 1/(1−Rate). Otherwise it changes nothing.
type Dropout struct {
	Rate float64 // from 0 up to, not including, 1
}

// Name implements Layer.
func (d Dropout) Name() string { return fmt.Sprintf("Dropout %g", d.Rate) }

// Check implements Layer.
func (d Dropout) Check(in []int) (Info, error) {
	if !(d.Rate >= 0 && d.Rate < 1) {
		return Info{}, fmt.Errorf("rate must be from 0 up to 1, got %g", d.Rate)
	}
	return Info{Output: in, Pointwise: true}, nil
}

// Build implements Layer.
func (d Dropout) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	g := x.Graph()
	if d.Rate == 0 || !scope.IsTraining(g) {
		return x
	}
	dropped := graph.LessThan(randomBits(scope, g, x.Shape().Dimensions), graph.Const(g, uint32(d.Rate*(1<<32))))
	return graph.Where(dropped, graph.ZerosLike(x), graph.MulScalar(x, 1/(1-d.Rate)))
}

// ONNX implements ONNXFormer.
func (d Dropout) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Dropout", []string{x, g.Floats([]float32{float32(d.Rate)})}), nil
}

// randomBits is uint32 [dims...], every bit drawn independently of the others
// and anew in each execution, from the random state of scope's store.
//
// A number is a hash of its index and of three words drawn for the occasion.
// XLA computes that in the loop that uses it; the bits of its own generator
// took a fifth of a training step on the CPU. The mixing is lowbias32
// (C. Wellons, "Prospecting for hash functions", 2018) with the words added
// between its stages, so that two draws share no pattern.
func randomBits(scope *model.Scope, g *graph.Graph, dims []int) *graph.Node {
	state := randomState(scope.Store())
	next, drawn := graph.RNGStateSplit(state.NodeValue(g))
	state.SetNodeValue(next)
	word := func(i int) *graph.Node {
		return graph.Reshape(graph.ConvertDType(graph.Slice(drawn, graph.AxisElem(i)), dtypes.Uint32))
	}
	shift := func(x *graph.Node, by uint32) *graph.Node {
		return graph.BitwiseXor(x, graph.BitwiseShiftRightLogicalScalar(x, by))
	}
	x := graph.Iota(g, shapes.Make(dtypes.Uint32, geometry.Volume(dims)), 0)
	x = shift(graph.BitwiseXor(x, word(0)), 16)
	x = graph.Mul(x, graph.Const(g, uint32(0x7feb352d)))
	x = shift(graph.Add(x, word(1)), 15)
	x = graph.Mul(x, graph.Const(g, uint32(0x846ca68b)))
	x = shift(graph.Add(x, word(2)), 16)
	return graph.Reshape(x, dims...)
}

func randomState(store *model.Store) *model.Variable {
	path := model.JoinPath("/", model.RNGStateVariableName)
	if store.GetVariable(path) == nil {
		if err := store.ResetRNGState(); err != nil {
			panic(err) // inside a graph, as GoMLX does
		}
	}
	return store.GetVariable(path)
}
