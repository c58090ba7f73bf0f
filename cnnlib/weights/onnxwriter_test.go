package weights

import (
	"strings"
	"testing"

	"convlab/cnnlib"
)

// TestONNXConstantsOnce: equal constants stand in the file once, weights with
// equal numbers each under its own name.
func TestONNXConstantsOnce(t *testing.T) {
	net := cnnlib.Sequential{cnnlib.ChannelShuffle{Groups: 2}, cnnlib.Named("a", cnnlib.BatchNorm{}), cnnlib.ChannelShuffle{Groups: 2}, cnnlib.Named("b", cnnlib.BatchNorm{})}
	root, err := cnnlib.Resolve(net, []int{4, 4, 6})
	if err != nil {
		t.Fatal(err)
	}
	var state []Tensor
	for _, name := range strings.Fields("a.weight a.bias a.running_mean a.running_var b.weight b.bias b.running_mean b.running_var") {
		state = append(state, NewTensor(name, make([]float32, 6), 6))
	}
	graph, err := graphONNX(root, state, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(graph.Initializers); n != 8+3 { // 255 and the two shapes of a shuffle
		t.Errorf("%d initializers, want 8 weights and 3 constants", n)
	}
	state[4].Name = "a.weight"
	if _, err := graphONNX(root, state, nil, nil); err == nil || !strings.Contains(err.Error(), `the name "a.weight" of a weight is reserved or there twice`) {
		t.Errorf("two weights of one name: error %v", err)
	}
}
