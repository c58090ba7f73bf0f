package weights

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// importONNX puts the weights of an ONNX file into m if the file is m's
// network.
func importONNX(m *cnnlib.Model, file string) error {
	theirs, err := ReadONNX(file, m.Input()...)
	if err != nil {
		return err
	}
	mean, std := m.Normalization()
	if theirs.Mean != nil && !(slices.Equal(mean, theirs.Mean) && slices.Equal(std, theirs.Std)) {
		return fmt.Errorf("weights: %s normalises pixels with mean %v and deviation %v, the model with %v and %v", file, theirs.Mean, theirs.Std, mean, std)
	}
	state, err := StateDict(m)
	if err != nil {
		return err
	}
	ours, err := asRead(m, state)
	if err != nil {
		return err
	}
	a, b := operations(theirs.chain), operations(ours)
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || !a[i].same(b[i]) {
			return fmt.Errorf("weights: %s is another network: operation %d is %s there, %s here", file, i, spoken(a, i), spoken(b, i))
		}
	}
	byName := make(map[string]Tensor)
	for i := range b {
		for k, w := range b[i].weights {
			t := a[i].weights[k]
			t.Name = w.Name
			byName[w.Name] = t
		}
	}
	for i, t := range state {
		from, ok := byName[t.Name]
		if !ok || !slices.Equal(from.Shape, t.Shape) {
			return fmt.Errorf("weights: %s: which numbers are the network's %s, shape %v, cannot be told", file, t.Name, t.Shape)
		}
		state[i] = from
	}
	if _, err := SetStateDict(m, state); err != nil {
		return fmt.Errorf("%w (from %s)", err, file)
	}
	return nil
}

// asRead is what m would be read as from an ONNX file, with the names of its
// own weights.
func asRead(m *cnnlib.Model, state []Tensor) (chain, error) {
	graph, err := graphONNX(m.Root(), state, nil, nil)
	if err != nil {
		return nil, err
	}
	im := newImporter("the network as ONNX", &onnx.Model{Opset: onnxOpset, Graph: *graph}, math.MaxInt/maxShared)
	net, err := im.network(nil)
	if err != nil {
		return nil, err
	}
	return net.chain, nil
}

// operation is a step of what a network computes when it does not train: a
// layer, or the beginning, the middle or the end of branches.
type operation struct {
	name    string // of what is no layer
	layer   cnnlib.Layer
	weights []Tensor
}

func (o operation) same(p operation) bool {
	return o.name == p.name && reflect.DeepEqual(o.layer, p.layer)
}

// operations lists c. Branches whose order does not matter are sorted.
func operations(c chain) []operation {
	var all []operation
	for _, t := range c {
		switch l := t.op.(type) {
		case branches:
			parts := make([][]operation, len(l.chains))
			for i, part := range l.chains {
				parts[i] = operations(part)
			}
			if l.join != cnnlib.Concat {
				slices.SortStableFunc(parts, func(a, b []operation) int { return strings.Compare(fmt.Sprint(words(a)), fmt.Sprint(words(b))) })
			}
			for i, part := range parts {
				all = append(all, operation{name: fmt.Sprintf("branch %d of %d", i, len(parts))})
				all = append(all, part...)
			}
			all = append(all, operation{name: l.join.String()})
		case cnnlib.Dropout:
		case cnnlib.BatchNorm:
			l.Momentum = 0
			all = append(all, operation{layer: l, weights: t.weights})
		case cnnlib.Layer:
			all = append(all, operation{layer: l, weights: t.weights})
		}
	}
	return all
}

func words(all []operation) []string {
	out := make([]string, len(all))
	for i := range all {
		out[i] = spoken(all, i)
	}
	return out
}

// spoken is operation i in words: the layer with its fields that are not zero.
func spoken(all []operation, i int) string {
	if i >= len(all) {
		return "missing"
	}
	o := all[i]
	if o.layer == nil {
		return o.name
	}
	v := reflect.ValueOf(o.layer)
	words := []string{v.Type().Name()}
	for f := range v.NumField() {
		if !v.Field(f).IsZero() {
			words = append(words, fmt.Sprintf("%s %v", v.Type().Field(f).Name, v.Field(f).Interface()))
		}
	}
	return strings.Join(words, " ")
}
