package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// Lesson 2.1: three 3x3 see 7x7; with stride 2 each, 15x15.
func ExampleSequential_ReceptiveField() {
	for stride := 1; stride <= 2; stride++ {
		layer := cnnlib.Conv{Out: 8, Kernel: 3, Stride: stride}
		net := cnnlib.Sequential{layer, layer, layer}
		fmt.Printf("%+v\n", must(net.ReceptiveField([]int{32, 32, 3}, "2"))[0])
	}
	from, to, err := nets.LeNet().Sees(nets.CIFARInput(), "5", 0, 5)
	fmt.Println(from, to, err)
	// Output:
	// {Size:7 Jump:1 Start:0}
	// {Size:15 Jump:8 Start:0}
	// [0 20] [9 29] <nil>
}
