package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Scale multiplies every value by By, which is not trained. After the last
// Dense it sets how sharp the first probabilities are.
//
// x: any shape → the same shape.
type Scale struct {
	By float64
}

// Name implements Layer.
func (s Scale) Name() string { return fmt.Sprintf("Scale %.3g", s.By) }

// Check implements Layer.
func (s Scale) Check(in []int) (Info, error) {
	if s.By == 0 {
		return Info{}, fmt.Errorf("a factor of 0 leaves nothing")
	}
	return finite(in, "factor", s.By)
}

// Build implements Layer.
func (s Scale) Build(_ *model.Scope, x *graph.Node) *graph.Node { return graph.MulScalar(x, s.By) }

// ONNX implements ONNXFormer.
func (s Scale) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Mul", []string{x, g.Floats([]float32{float32(s.By)})}), nil
}
