package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// Layers in series are a layer, so they nest; nothing is computed to find what
// they do.
func ExampleSequential() {
	block := cnnlib.Sequential{cnnlib.Conv{Out: 16, Kernel: 3, Same: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}}
	net := cnnlib.Sequential{block, cnnlib.MaxPool{Size: 2}, block, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10}}
	info, err := net.Check([]int{32, 32, 3})
	fmt.Println(info.Output, info.Params(), info.MACs, err)
	_, err = append(net, block).Check([]int{32, 32, 3})
	fmt.Println(err)
	// Output:
	// [10] 3002 1032352 <nil>
	// cnnlib: layer 5.0 (Conv 16@3x3): needs images [height, width, channels], or with 1 or 3 spatial axes, got shape [10]
}
