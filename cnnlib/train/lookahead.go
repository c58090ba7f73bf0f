package train

import (
	"fmt"
	"math"
	"strings"

	"convlab/cnnlib"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// Lookahead (Zhang et al. 2019) as in airbench: a second, slow copy of the
// network. Every lookaheadSteps steps it goes a part of the way to the
// weights, and they are set back to it. That part is 1 at first and
// 1 − 0.95⁵ at the end, where the slow copy is the result. Running means and
// variances are averaged like weights.
const (
	lookaheadSteps = 5
	slowAt         = "/slow"
)

// keepOf is how much of the slow copy is kept after so many of all steps.
func keepOf(done, steps int) float64 {
	return math.Pow(0.95, 5) * math.Pow(float64(done)/float64(steps), 3)
}

// newLookahead is the graph that brings slow copy and weights together: of the
// slow copy keep (float32 scalar) is kept.
func newLookahead(m *cnnlib.Model) (*model.Exec, error) {
	exec, err := model.NewExec(m.Backend(), m.Store(), func(scope *model.Scope, keep *graph.Node) *graph.Node {
		g := keep.Graph()
		var all []*model.Variable
		for v := range scope.Store().IterVariables() {
			if strings.HasPrefix(v.Path(), m.Root().Scope()+"/") && v.DType() == dtypes.Float32 {
				all = append(all, v)
			}
		}
		for _, v := range all {
			state := scope.Store().Scope(slowAt + v.Scope()).WithInitializer(initializer.Zero)
			slow, now := remembered(state, v, "", v.Shape()), v.NodeValue(g)
			was := slow.NodeValue(g)
			next := graph.Add(was, graph.Mul(graph.Sub(now, was), graph.OneMinus(keep)))
			slow.SetNodeValue(next)
			v.SetNodeValue(next)
		}
		return keep
	})
	if err != nil {
		return nil, fmt.Errorf("train: lookahead: %w", err)
	}
	return exec, nil
}

// lookahead does what is due after so many of all steps.
func (r *run) lookahead(done int) error {
	if r.slow == nil {
		return nil
	}
	steps, keep := r.steps()*r.cfg.Epochs, 0.0
	switch {
	case done == 0: // the slow copy starts as the weights are
	case done%lookaheadSteps == 0:
		keep = keepOf(done, steps)
	case done == steps:
		keep = 1
	default:
		return nil
	}
	if _, err := r.devices.call(r.slow, 0, tensors.FromScalar(float32(keep))); err != nil {
		return fmt.Errorf("train: lookahead: %w", err)
	}
	return nil
}
