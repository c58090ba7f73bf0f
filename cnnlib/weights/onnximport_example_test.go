package weights_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
)

// A network goes to ONNX and comes back with its layers and weights.
func ExampleReadONNX() {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	b, err := cnnlib.OpenBackend()
	must(err)
	m, err := cnnlib.New(b.Backend, nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1})
	must(err)
	dir, err := os.MkdirTemp("", "onnx")
	must(err)
	defer os.RemoveAll(dir)
	must(weights.Export(m, filepath.Join(dir, "lenet.onnx")))

	net, err := weights.ReadONNX(filepath.Join(dir, "lenet.onnx"))
	must(err)
	for i, layer := range net.Net {
		fmt.Println(i, layer.Name())
	}
	again, err := net.Model(b.Backend)
	must(err)
	fmt.Println(again.Input(), len(net.State), "weights, first", net.State[0].Name, net.State[0].Shape)
	// Output:
	// 0 Conv 6@3x3
	// 1 ReLU
	// 2 MaxPool 2x2
	// 3 Conv 16@3x3
	// 4 ReLU
	// 5 MaxPool 2x2
	// 6 Flatten
	// 7 Dense 120
	// 8 ReLU
	// 9 Dense 84
	// 10 ReLU
	// 11 Dense 10
	// [32 32 3] 10 weights, first 0.weight [6 3 3 3]
}
