package weights

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// importONNX puts the weights of an ONNX file into m if the file is m's
// network.
func importONNX(m *cnnlib.Model, file string) error {
	theirs, err := ReadONNX(file)
	if err != nil {
		return err
	}
	state, err := StateDict(m)
	if err != nil {
		return err
	}
	mean, std := m.Normalization()
	if theirs.Mean != nil && !(slices.Equal(mean, theirs.Mean) && slices.Equal(std, theirs.Std)) {
		return fmt.Errorf("weights: %s normalises pixels with mean %v and deviation %v, the model with %v and %v", file, theirs.Mean, theirs.Std, mean, std)
	}
	a, err := operations(theirs.Net, theirs.In, theirs.State)
	if err != nil {
		return err
	}
	b, err := operations(m.Net(), m.Input(), state)
	if err != nil {
		return err
	}
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || !reflect.DeepEqual(a[i], b[i]) {
			return fmt.Errorf("weights: %s is another network: operation %d is %s there, %s here", file, i, spoken(a, i), spoken(b, i))
		}
	}
	if len(theirs.State) != len(state) {
		return fmt.Errorf("weights: %s has %d weights, the network has %d", file, len(theirs.State), len(state))
	}
	for i := range state {
		theirs.State[i].Name = state[i].Name
	}
	if _, err := SetStateDict(m, theirs.State); err != nil {
		return fmt.Errorf("%w (from %s)", err, file)
	}
	return nil
}

// operations is what a network computes when it does not train: the nodes
// that it would be written as, without names.
func operations(net cnnlib.Sequential, in []int, state []Tensor) ([]onnx.Node, error) {
	root, err := cnnlib.Resolve(net, in)
	if err != nil {
		return nil, err
	}
	graph, err := graphONNX(root, state, nil, nil)
	if err != nil {
		return nil, err
	}
	var nodes []onnx.Node
	for _, n := range graph.Nodes {
		if n.Op != "Dropout" {
			attrs := slices.DeleteFunc(n.Attrs, func(a onnx.Attr) bool { return a.Name == "momentum" })
			nodes = append(nodes, onnx.Node{Op: n.Op, Attrs: attrs})
		}
	}
	return nodes, nil
}

func spoken(nodes []onnx.Node, i int) string {
	if i >= len(nodes) {
		return "missing"
	}
	words := []string{nodes[i].Op}
	for _, a := range nodes[i].Attrs {
		switch a.Type {
		case onnx.IntAttr:
			words = append(words, fmt.Sprintf("%s %d", a.Name, a.Int))
		case onnx.IntsAttr:
			words = append(words, fmt.Sprintf("%s %d", a.Name, a.Ints))
		case onnx.FloatAttr:
			words = append(words, fmt.Sprintf("%s %g", a.Name, a.Float))
		}
	}
	return strings.Join(words, " ")
}
