package nets_test

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// A network tells what it is before anything is computed.
func Example() {
	root, err := cnnlib.Resolve(nets.ResNet18(1000), []int{224, 224, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(root.Info.Params(), "parameters,", root.Info.MACs, "multiplications")
	block := root.Parts[5].Parts[0]
	fmt.Println(block.Name, block.In, "to", block.Info.Output)
	for _, step := range block.Steps() {
		fmt.Println(step.Path, step.Name, step.Title())
	}
	// Output:
	// 11689512 parameters, 1814073344 multiplications
	// layer2.0 [56 56 64] to [28 28 128]
	// 5.0.0.0.0 layer2.0.conv1 Conv 128@3x3 s2
	// 5.0.0.0.1 layer2.0.bn1 BatchNorm
	// 5.0.0.0.2 layer2.0.relu ReLU
	// 5.0.0.0.3 layer2.0.conv2 Conv 128@3x3
	// 5.0.0.0.4 layer2.0.bn2 BatchNorm
	// 5.0.0.1.0 layer2.0.downsample.0 Conv 128@1x1 s2
	// 5.0.0.1.1 layer2.0.downsample.1 BatchNorm
	// 5.0.0 layer2.0 Sum
	// 5.0.1 layer2.0.relu ReLU
}
