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

// ResNet20 has three stages; each halves the image of the one before.
func ExampleResNet20() {
	summary, err := nets.ResNet20(10).Summary(nets.CIFARInput())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range summary.Rows {
		if row.Depth == 0 {
			fmt.Println(row.Path, row.Layer, row.Output, row.Params)
		}
	}
	fmt.Println(summary.Params, "parameters")
	// Output:
	// 0 Conv 16@3x3 [32 32 16] 432
	// 1 BatchNorm [32 32 16] 32
	// 2 ReLU [32 32 16] 0
	// 3 Sequential [32 32 16] 14016
	// 4 Sequential [16 16 32] 51648
	// 5 Sequential [8 8 64] 205696
	// 6 GlobalAvgPool [64] 0
	// 7 Dense 10 [10] 650
	// 272474 parameters
}

// A U-Net gives the scores of every class at every pixel.
func ExampleUNet() {
	info, err := nets.UNet(3, 16).Check([]int{32, 48, 3})
	fmt.Println(info.Output, info.Params(), err)
	_, err = nets.UNet(3, 16).Check([]int{40, 40, 3})
	fmt.Println(err)
	// Output:
	// [32 48 3] 1942611 <nil>
	// cnnlib: layer 1.1.1.1.1.1.1 (Concat): branch 0 gives [5 5 128], branch 1 [4 4 128]: Concat joins channels, all other sizes have to be equal
}
