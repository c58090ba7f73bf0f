package nets_test

import (
	"fmt"
	"strings"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// A block adds 32 channels with each of its layers; a transition halves the
// channels and the image.
func ExampleDenseNet121() {
	root, err := cnnlib.Resolve(nets.DenseNet121(1000), []int{224, 224, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range root.Parts[0].Parts {
		if strings.Contains(part.Name, "block") || strings.Contains(part.Name, "transition") {
			fmt.Println(part.Name, part.In, "to", part.Info.Output)
		}
	}
	// Output:
	// features.denseblock1 [56 56 64] to [56 56 256]
	// features.transition1 [56 56 256] to [28 28 128]
	// features.denseblock2 [28 28 128] to [28 28 512]
	// features.transition2 [28 28 512] to [14 14 256]
	// features.denseblock3 [14 14 256] to [14 14 1024]
	// features.transition3 [14 14 1024] to [7 7 512]
	// features.denseblock4 [7 7 512] to [7 7 1024]
}
