package recipes_test

import (
	"fmt"

	"convlab/recipes"
)

func Example() {
	for _, name := range recipes.Names() {
		r, err := recipes.Named(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		s, err := r.Net.Summary(r.InputShape())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-9s %2d epochs, %8d parameters, %4.0f MFLOP to train on an example\n", r.Name, r.Epochs, s.Params, 6*float64(s.MACs)/1e6)
	}
	// Output:
	// plain     80 epochs, 11585546 parameters,  111 MFLOP to train on an example
	// augmented 80 epochs, 11585546 parameters,  111 MFLOP to train on an example
	// fast       8 epochs,   498080 parameters,  198 MFLOP to train on an example
	// wide      12 epochs,  1972768 parameters,  709 MFLOP to train on an example
	// resnet20  30 epochs,   272474 parameters,  245 MFLOP to train on an example
	// segments  20 epochs,  1093420 parameters,  161 MFLOP to train on an example
	// moves      8 epochs,    17806 parameters,   11 MFLOP to train on an example
}
