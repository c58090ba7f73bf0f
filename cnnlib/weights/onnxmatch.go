package weights

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// importONNX puts the weights of an ONNX file into m if the file is m's
// network: node by node what Export writes of it, or the same operations once
// both are read.
func importONNX(ctx context.Context, m *cnnlib.Model, file string) error {
	im, err := openONNX(ctx, file)
	if err != nil {
		return err
	}
	graph, state, err := modelONNX(ctx, m)
	if err != nil {
		return err
	}
	found := sameGraph(im.graph, graph, state)
	if found == nil {
		if found, err = matched(m, im, state); err != nil {
			return err
		}
	}
	if _, err := setStateDict(ctx, m, found); err != nil {
		return fmt.Errorf("%w (from %s)", err, file)
	}
	return nil
}

// sameGraph gives the weights of a file that has the same nodes and constants as
// the graph that was written of a network with this state, by the same names;
// nil for another file.
func sameGraph(theirs, ours *onnx.Graph, state []Tensor) []Tensor {
	if !reflect.DeepEqual(theirs.Nodes, ours.Nodes) || !reflect.DeepEqual(theirs.Inputs, ours.Inputs) || len(theirs.Initializers) != len(ours.Initializers) {
		return nil
	}
	found := make([]Tensor, 0, len(state))
	for i, t := range theirs.Initializers {
		our := ours.Initializers[i]
		if t.Name != our.Name || t.Type != our.Type || !slices.Equal(t.Dims, our.Dims) || len(t.Data) != len(our.Data) {
			return nil
		}
		if i < len(state) { // the weights come first
			found = append(found, Tensor{state[i].Name, F32, state[i].Shape, t.Data})
		} else if !bytes.Equal(t.Data, our.Data) {
			return nil
		}
	}
	return found
}

// matched gives the weights of a file that computes what m does, named as m's.
func matched(m *cnnlib.Model, im *importer, state []Tensor) ([]Tensor, error) {
	file := im.file
	theirs, err := im.network(m.Input())
	if err != nil {
		return nil, err
	}
	mean, std := m.Normalization()
	if theirs.Mean != nil && !(slices.Equal(mean, theirs.Mean) && slices.Equal(std, theirs.Std)) {
		return nil, fmt.Errorf("weights: %s normalises pixels with mean %v and deviation %v, the model with %v and %v", file, theirs.Mean, theirs.Std, mean, std)
	}
	ours, err := asRead(m, state)
	if err != nil {
		return nil, err
	}
	a, b := operations(theirs.chain), operations(ours)
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || !a[i].same(b[i]) {
			return nil, fmt.Errorf("weights: %s is another network: operation %d is %s there, %s here", file, i, spoken(a, i), spoken(b, i))
		}
	}
	byName := make(map[string]Tensor)
	for i := range b {
		for k, w := range b[i].weights {
			t := a[i].weights[k]
			if w.Name == "" && !bytes.Equal(t.Data, w.Data) {
				return nil, fmt.Errorf("weights: %s is another network: operation %d, %s, scales and shifts the channels there, not here", file, i, spoken(a, i))
			}
			t.Name = w.Name
			byName[w.Name] = t
		}
	}
	found := make([]Tensor, len(state))
	for i, t := range state {
		from, ok := byName[t.Name]
		if !ok || !slices.Equal(from.Shape, t.Shape) {
			return nil, fmt.Errorf("weights: %s: which numbers are the network's %s, shape %v, cannot be told", file, t.Name, t.Shape)
		}
		found[i] = from
	}
	return found, nil
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
		case cnnlib.MaxPool:
			if down := l; l.Ceil {
				if down.Ceil = false; alikeOn(t, down) {
					l = down
				}
			}
			all = append(all, operation{layer: l})
		case cnnlib.AvgPool:
			if down := l; l.Ceil {
				if down.Ceil = false; alikeOn(t, down) {
					l = down
				}
			}
			all = append(all, operation{layer: l})
		case cnnlib.GroupNorm:
			all = append(all, operation{layer: cnnlib.GroupNorm{Groups: l.Groups, Epsilon: l.Epsilon}, weights: withWeights(t)})
		case cnnlib.InstanceNorm:
			all = append(all, operation{layer: cnnlib.InstanceNorm{Epsilon: l.Epsilon, Affine: true}, weights: withWeights(t)})
		case cnnlib.BatchNorm:
			l.Momentum = 0
			all = append(all, operation{layer: l, weights: t.weights})
		case cnnlib.Layer:
			all = append(all, operation{layer: l, weights: t.weights})
		}
	}
	return all
}

// alikeOn tells whether l makes of what t takes what t makes of it: a pool that
// rounds up need not make more than one that rounds down.
func alikeOn(t *term, l cnnlib.Layer) bool {
	info, err := l.Check(channelsLast(t.in))
	return err == nil && slices.Equal(channelsFirst(info.Output), t.out)
}

// withWeights is the weights of a norm, which may have none: ones and zeros then.
func withWeights(t *term) []Tensor {
	if len(t.weights) > 0 {
		return t.weights
	}
	channels := t.in[0]
	return []Tensor{NewTensor("", slices.Repeat([]float32{1}, channels), channels), NewTensor("", make([]float32, channels), channels)}
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
