package nets_test

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// An inception looks at the same image in four ways at once and joins what
// they give.
func ExampleGoogLeNet() {
	root, err := cnnlib.Resolve(nets.GoogLeNet(1000), []int{224, 224, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range root.Parts {
		if part.Name == "inception3a" {
			for _, branch := range part.Parts {
				fmt.Println(branch.Name, branch.Info.Output)
			}
			fmt.Println(part.Name, part.Info.Output)
		}
	}
	// Output:
	// inception3a.branch1 [28 28 64]
	// inception3a.branch2 [28 28 128]
	// inception3a.branch3 [28 28 32]
	// inception3a.branch4 [28 28 32]
	// inception3a [28 28 256]
}
