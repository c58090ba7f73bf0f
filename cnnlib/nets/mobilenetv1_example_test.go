package nets_test

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// Most of its multiplications are in convolutions of one pixel; those that look
// further have a kernel for each channel.
func ExampleMobileNetV1() {
	root, err := cnnlib.Resolve(nets.MobileNetV1(1000), []int{224, 224, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	macs := map[string]int64{}
	for _, step := range root.Steps() {
		switch l := step.Layer.(type) {
		case cnnlib.DepthwiseConv:
			macs["depthwise"] += step.Info.MACs
		case cnnlib.Conv:
			macs[fmt.Sprintf("%dx%d", l.Kernel, l.Kernel)] += step.Info.MACs
		}
	}
	for _, kind := range []string{"3x3", "depthwise", "1x1"} {
		fmt.Printf("%s: %.0f %%\n", kind, 100*float64(macs[kind])/float64(root.Info.MACs))
	}
	// Output:
	// 3x3: 2 %
	// depthwise: 3 %
	// 1x1: 95 %
}
