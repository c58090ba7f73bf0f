package weights

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/tensors"
)

// slot is a weight of a model: where it lives here, and what it is in PyTorch.
type slot struct {
	path   string // variable of the store
	name   string // in the state dict of a torch.nn.Sequential
	shape  []int  // here: [spatial..., in, out]
	theirs []int  // there: [out, in, spatial...]
}

// slots lists the weights of m in the order of PyTorch's state dict.
func slots(m *cnnlib.Model) ([]slot, error) {
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
	return all, nil
}

// toTheirs is the order of our axes in PyTorch: [spatial..., in, out] becomes
// [out, in, spatial...]; a bias stays.
func toTheirs(rank int) []int {
	order := make([]int, rank)
	for i := range order {
		order[i] = i - 2
	}
	if rank > 1 {
		order[0], order[1] = rank-1, rank-2
	} else if rank == 1 {
		order[0] = 0
	}
	return order
}

// toOurs is the opposite of toTheirs.
func toOurs(rank int) []int {
	order := make([]int, rank)
	for to, from := range toTheirs(rank) {
		order[from] = to
	}
	return order
}

func permuted(shape, order []int) []int {
	out := make([]int, len(order))
	for i, from := range order {
		out[i] = shape[from]
	}
	return out
}

// transpose gives axis i of the result axis order[i] of values.
func transpose(values []float32, shape, order []int) []float32 {
	strides := make([]int, len(shape))
	n := 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		strides[axis] = n
		n *= shape[axis]
	}
	dims, steps := permuted(shape, order), permuted(strides, order)
	out := make([]float32, 0, n)
	index := make([]int, len(dims))
	for at := 0; len(out) < n; {
		out = append(out, values[at])
		for axis := len(dims) - 1; axis >= 0; axis-- {
			at += steps[axis]
			if index[axis]++; index[axis] < dims[axis] {
				break
			}
			at -= dims[axis] * steps[axis]
			index[axis] = 0
		}
	}
	return out
}

// StateDict is the weights of m as PyTorch has them: names as "0.weight", the
// layer's index first, convolution kernels [out, in, height, width], matrices
// [out, in]. A Flatten here has PyTorch's order already, so the matrix after
// it needs no more than that.
func StateDict(m *cnnlib.Model) ([]Tensor, error) {
	all, err := slots(m)
	if err != nil {
		return nil, err
	}
	var state []Tensor
	for _, s := range all {
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
		state = append(state, New(s.name, transpose(values, s.shape, toTheirs(len(s.shape))), s.theirs...))
	}
	return state, nil
}

// SetStateDict puts a state dict into m: by name or, where the names are those
// of another program's modules, in order, if then all shapes fit. Batch
// counts (num_batches_tracked) are passed over. Nothing is set when anything
// does not fit.
func SetStateDict(m *cnnlib.Model, state []Tensor) error {
	all, err := slots(m)
	if err != nil {
		return err
	}
	state = slices.DeleteFunc(slices.Clone(state), func(t Tensor) bool { return strings.HasSuffix(t.Name, "num_batches_tracked") })
	byName := make(map[string]Tensor)
	for _, t := range state {
		byName[t.Name] = t
	}
	named := 0
	for _, s := range all {
		if _, ok := byName[s.name]; ok {
			named++
		}
	}
	if named < len(all) && len(state) == len(all) && named == 0 {
		for i, s := range all { // other names: in order
			byName[s.name] = state[i]
		}
	}
	var wrong []error
	values := make([]*tensors.Tensor, len(all))
	for i, s := range all {
		t, ok := byName[s.name]
		if !ok {
			wrong = append(wrong, fmt.Errorf("weights: %s, shape %v, is missing", s.name, s.theirs))
			continue
		}
		if !slices.Equal(t.Shape, s.theirs) {
			wrong = append(wrong, fmt.Errorf("weights: %s has shape %v, the network's %s has %v", t.Name, t.Shape, s.name, s.theirs))
			continue
		}
		theirs, err := t.Float32s()
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		values[i] = tensors.FromFlatDataAndDimensions(transpose(theirs, s.theirs, toOurs(len(s.shape))), s.shape...)
	}
	if len(state) != len(all) {
		wrong = append(wrong, fmt.Errorf("weights: %d tensors are given, the network has %d", len(state), len(all)))
	}
	if len(wrong) > 0 {
		return errors.Join(wrong[:min(len(wrong), 8)]...)
	}
	for i, s := range all {
		if err := m.Store().GetVariable(s.path).SetValue(values[i]); err != nil {
			return fmt.Errorf("weights: %s: %w", s.path, err)
		}
	}
	return nil
}

// Export writes m to a file as its name asks: the weights alone to
// .safetensors, .pth or .pt, the whole network to .onnx.
func Export(m *cnnlib.Model, file string) error {
	if strings.EqualFold(filepath.Ext(file), ".onnx") {
		return exportONNX(m, file)
	}
	state, err := StateDict(m)
	if err != nil {
		return err
	}
	return WriteFile(file, state)
}

// Import puts the weights of a file into m. A file that describes the network
// too (ONNX) has to describe m's, but for Dropout.
func Import(m *cnnlib.Model, file string) error {
	if strings.EqualFold(filepath.Ext(file), ".onnx") {
		return importONNX(m, file)
	}
	state, err := ReadFile(file)
	if err != nil {
		return err
	}
	if err := SetStateDict(m, state); err != nil {
		return fmt.Errorf("%w (from %s)", err, file)
	}
	return nil
}
