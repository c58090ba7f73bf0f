package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// The two networks of the lesson, for the same images.
func ExampleLessonNet() {
	for _, name := range []string{"lenet", "lessonnet"} {
		n, err := nets.Named(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		info, err := n.Net.Check(nets.CIFARInput())
		fmt.Println(name, info.Output, info.Params(), "parameters,", info.MACs, "multiplications", err)
	}
	// Output:
	// lenet [10] 81302 parameters, 371856 multiplications <nil>
	// lessonnet [10] 11585546 parameters, 18552192 multiplications <nil>
}
