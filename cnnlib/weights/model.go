package weights

import (
	"context"
	"fmt"
	"strings"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/match"

	"github.com/gomlx/gomlx/core/tensors"
)

// slot is a weight of a model: where it lives here, and what it is in PyTorch.
type slot struct {
	path   string // variable of the store
	name   string // in PyTorch's state dict
	shape  []int  // here: [spatial..., in, out]
	theirs []int  // there: [out, in, spatial...]
}

// slots lists the weights of m in the order of PyTorch's state dict.
func slots(m *cnnlib.Model) []slot {
	var all []slot
	for _, step := range m.Root().Steps() {
		if len(step.Parts) > 0 {
			continue // a join
		}
		for _, w := range step.Info.Weights {
			name := strings.ReplaceAll(w.Name, "/", ".")
			if step.Name != "" {
				name = step.Name + "." + name
			}
			all = append(all, slot{step.Scope() + "/" + w.Name, name, w.Shape, permuted(w.Shape, toTheirs(len(w.Shape)))})
		}
	}
	return all
}

// StateDict returns the weights of m as PyTorch has them: convolution kernels
// [out, in, height, width], matrices [out, in], and the names of the modules,
// which are their indexes as in a torch.nn.Sequential ("0.weight") unless
// cnnlib.Named gives them others ("layer1.0.conv1.weight"). Flatten already
// has PyTorch's order here, so the matrix after it needs no permutation.
func StateDict(m *cnnlib.Model) ([]Tensor, error) { return stateOf(context.Background(), m) }

// stateOf is StateDict, which ends between two tensors when ctx does.
func stateOf(ctx context.Context, m *cnnlib.Model) ([]Tensor, error) {
	var state []Tensor
	for _, s := range slots(m) {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("weights: %w", err)
		}
		v := m.Store().GetVariable(s.path)
		if v == nil {
			return nil, fmt.Errorf("weights: the model has no variable %s", s.path)
		}
		value, err := v.Value()
		if err != nil {
			return nil, fmt.Errorf("weights: %s: %w", s.path, err)
		}
		values, err := tensors.CopyFlatData[float32](value)
		if err != nil {
			return nil, fmt.Errorf("weights: %s: %w", s.path, err)
		}
		state = append(state, NewTensor(s.name, transpose(values, s.shape, toTheirs(len(s.shape))), s.theirs...))
	}
	return state, nil
}

// SetStateDict puts a state dict into m, by the names that StateDict gives. They
// may have a prefix in common, such as "module.", and other tensors may stand beside
// them: the Report tells. Where the names are those of another program, the
// modules are found by kinds and shapes and by the numbers in their names, if
// that can be done in one way only. The order of state does not matter. Nothing
// is set when anything does not fit.
func SetStateDict(m *cnnlib.Model, state []Tensor) (Report, error) {
	return setStateDict(context.Background(), m, state)
}

// setStateDict is SetStateDict, which ends before it sets anything when ctx
// does.
func setStateDict(ctx context.Context, m *cnnlib.Model, state []Tensor) (Report, error) {
	all := make([]stored, len(state))
	for i, t := range state {
		all[i] = stored{t, func() ([]byte, error) { return t.Data, nil }}
	}
	report, err := setState(ctx, m, all, false)
	if err != nil {
		return Report{}, fmt.Errorf("weights: %w", err)
	}
	return report, nil
}

// setState matches the tensors of a file with the weights of m and reads those
// that are needed, until ctx ends. ordered says that they are in the order of PyTorch's modules.
func setState(ctx context.Context, m *cnnlib.Model, state []stored, ordered bool) (Report, error) {
	all := slots(m)
	want, have := make([]match.Weight, len(all)), make([]match.Weight, len(state))
	for i, s := range all {
		want[i] = match.Weight{Name: s.name, Shape: s.theirs}
	}
	for i, t := range state {
		have[i] = match.Weight{Name: t.Name, Shape: t.Shape, Whole: t.DType.whole()}
	}
	found, err := match.Find(want, have, ordered)
	if err != nil {
		return Report{}, err
	}
	values := make([]*tensors.Tensor, len(all))
	for i, s := range all {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		t := state[found.Taken[i]]
		if t.Data, err = t.read(); err != nil {
			return Report{}, err
		}
		if err := t.check(); err != nil {
			return Report{}, err
		}
		theirs, err := t.Float32s()
		if err != nil {
			return Report{}, err
		}
		values[i] = tensors.FromFlatDataAndDimensions(transpose(theirs, s.theirs, toOurs(len(s.shape))), s.shape...)
	}
	for i, s := range all {
		v := m.Store().GetVariable(s.path)
		if v == nil {
			return Report{}, fmt.Errorf("the model has no variable %s", s.path)
		}
		if err := v.SetValue(values[i]); err != nil {
			return Report{}, fmt.Errorf("%s: %w", s.path, err)
		}
	}
	report := Report{How: found.How}
	for _, i := range found.Left {
		report.Left = append(report.Left, state[i].Name)
	}
	return report, nil
}
