package cnnlib_test

import (
	"fmt"
	"slices"

	"convlab/cnnlib"
)

// Lesson 2.1: with uniform kernels a unit hears the middle of its field most.
func ExampleModel_Influence() {
	layer := cnnlib.Conv{Out: 1, Kernel: 3, NoBias: true}
	m := must(cnnlib.New(pureGo(), cnnlib.Sequential{layer, layer, layer}, []int{7, 7, 1}, cnnlib.Options{}))
	for i := range 3 {
		if err := m.SetWeight(cnnlib.At(i), "weight", slices.Repeat([]float32{1}, 9)); err != nil {
			panic(err)
		}
	}
	map7 := must(m.Influence(make([]uint8, 49), 1, ""))
	for _, v := range map7[3*7 : 4*7] {
		fmt.Printf("%.0f ", v*27*27/7)
	}
	fmt.Printf("centre %.1f %%, corner %.2f %%\n", 100*map7[24], 100*map7[0])
	// Output:
	// 1 3 6 7 6 3 1 centre 6.7 %, corner 0.14 %
}
