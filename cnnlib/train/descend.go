package train

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Descend lets an optimizer minimise a function of a few numbers, for a
// picture of its path (lesson 3.5). loss adds the function to the graph:
// float32 [len(start)] → scalar. The result is start, followed by the numbers
// after each of the steps.
func Descend(b compute.Backend, o Optimizer, learningRate float64, start []float32, loss func(x *graph.Node) *graph.Node, steps int) ([][]float32, error) {
	if err := checkOptimizer(o, learningRate); err != nil {
		return nil, err
	}
	if len(start) == 0 || steps < 0 {
		return nil, fmt.Errorf("train: %d numbers cannot make %d steps", len(start), steps)
	}
	store := model.NewStore()
	x := store.VariableWithValue("/x", start)
	exec, err := model.NewExec(b, store, func(scope *model.Scope, rates *graph.Node) *graph.Node {
		move(o, scope, loss(x.NodeValue(rates.Graph())), rates)
		return x.NodeValue(rates.Graph())
	})
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	defer exec.Finalize()
	path := [][]float32{start}
	for step := range steps {
		rates := o.Rates(learningRate, step+1)
		after, err := exec.Call1(tensors.FromFlatDataAndDimensions(rates, len(rates)))
		if err != nil {
			return nil, fmt.Errorf("train: step %d: %w", step+1, err)
		}
		now, err := tensors.CopyFlatData[float32](after)
		if err != nil {
			return nil, fmt.Errorf("train: step %d: %w", step+1, err)
		}
		path = append(path, now)
	}
	return path, nil
}
