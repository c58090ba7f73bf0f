package weights_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
)

// The names of a file may have a prefix that a wrapper put before them, and what training kept may
// stand beside them.
func ExampleImport() {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	b, err := cnnlib.OpenBackend()
	must(err)
	trained, err := cnnlib.New(b.Backend, nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1})
	must(err)
	state, err := weights.StateDict(trained)
	must(err)
	for i := range state {
		state[i].Name = "module." + state[i].Name
	}
	state = append(state, weights.NewTensor("n_averaged", []float32{7}))
	dir, err := os.MkdirTemp("", "averaged")
	must(err)
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "averaged.safetensors")
	must(weights.WriteFile(file, state))

	m, err := cnnlib.New(b.Backend, nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 2})
	must(err)
	report, err := weights.Import(m, file)
	must(err)
	fmt.Println(report)
	// Output:
	// weights matched by name after "module."; left out: n_averaged
}
