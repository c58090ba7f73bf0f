package train

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// objective is what is computed of each batch's logits and targets: the loss,
// the number of right answers and the sums of the metrics.
type objective struct {
	loss       Loss
	metrics    []Metric
	target     Target
	classified bool // whether there are right answers
}

// newObjective checks that all of it can be had of a network's outputs of that
// shape and of the targets. A nil loss is cross entropy.
func newObjective(loss Loss, metrics []Metric, output []int, target Target) (*objective, error) {
	if loss == nil {
		loss = CrossEntropy{}
	}
	if err := loss.Check(output, target); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, m := range metrics {
		if m == nil {
			return nil, fmt.Errorf("train: a metric is nil")
		}
		if err := m.Check(output, target); err != nil {
			return nil, err
		}
		if names[m.Name()] {
			return nil, fmt.Errorf("train: there are two metrics named %q", m.Name())
		}
		names[m.Name()] = true
	}
	return &objective{loss, metrics, target, classified(output, target)}, nil
}

// build adds it to the graph; targets are as they are in a batch.
func (o *objective) build(logits, targets *graph.Node) (loss *graph.Node, more []*graph.Node) {
	targets = o.target.values(targets)
	loss = o.loss.Build(logits, targets)
	if s := loss.Shape(); !s.IsScalar() || s.DType != dtypes.Float32 {
		panic(fmt.Errorf("train: the loss %T gives %s, should give a float32 scalar", o.loss, s))
	}
	right := graph.ScalarZero(logits.Graph(), dtypes.Float32)
	if o.classified {
		right = rightAnswers(logits, targets)
	}
	more = []*graph.Node{right}
	for _, m := range o.metrics {
		sums := m.Sums(logits, targets)
		if s := sums.Shape(); s.Rank() != 1 || s.DType != dtypes.Float32 {
			panic(fmt.Errorf("train: metric %q gives sums of shape %s, should give float32 [k]", m.Name(), s))
		}
		more = append(more, sums)
	}
	return loss, more
}

// tally is what a metric's sums came to so far.
type tally struct {
	Name string
	Sums []number
}

// add adds the sums of a batch to those of the batches before.
func (o *objective) add(all []tally, batch [][]float64) ([]tally, error) {
	if len(all) == 0 {
		for i, m := range o.metrics {
			all = append(all, tally{m.Name(), make([]number, len(batch[i]))})
		}
	}
	for i, sums := range batch {
		if len(sums) != len(all[i].Sums) {
			return nil, fmt.Errorf("train: metric %q gives %d sums, it gave %d of the batches before", all[i].Name, len(sums), len(all[i].Sums))
		}
		for k, v := range sums {
			all[i].Sums[k] += number(v)
		}
	}
	return all, nil
}

// fits tells whether the metrics of a begun epoch are those of now.
func (o *objective) fits(all []tally) bool {
	if len(all) != len(o.metrics) {
		return false
	}
	for i, m := range o.metrics {
		if all[i].Name != m.Name() {
			return false
		}
	}
	return true
}

// figures are the values of the metrics.
func (o *objective) figures(all []tally) []Figure {
	var figures []Figure
	for i, m := range o.metrics {
		sums := make([]float64, len(all[i].Sums))
		for k, v := range all[i].Sums {
			sums[k] = float64(v)
		}
		figures = append(figures, Figure{m.Name(), m.Value(sums)})
	}
	return figures
}

// numbers are the values of tensors of float32, which are freed.
func numbers(outputs []*tensors.Tensor) ([][]float64, error) {
	all := make([][]float64, len(outputs))
	for i, t := range outputs {
		var err error
		if all[i], err = numbersOf(t); err != nil {
			return nil, err
		}
		if err := t.FinalizeAll(); err != nil { // not left to the garbage collector
			return nil, err
		}
	}
	return all, nil
}

// numbersOf are the values of a tensor of float32.
func numbersOf(t *tensors.Tensor) (all []float64, err error) {
	err = tensors.ConstFlatData(t, func(flat []float32) {
		all = make([]float64, len(flat))
		for k, v := range flat {
			all[k] = float64(v)
		}
	})
	return all, err
}
