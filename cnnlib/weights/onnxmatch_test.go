package weights

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestONNXOfAnotherNetwork is not imported.
func TestONNXOfAnotherNetwork(t *testing.T) {
	b := labtest.Go(t)
	from := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5}, cnnlib.Flatten{}, cnnlib.Dense{Out: 5}}
	in := []int{8, 8, 3}
	m, err := cnnlib.New(b, from, in, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.onnx")
	if err := Export(m, file); err != nil {
		t.Fatal(err)
	}
	to := func(change func(net cnnlib.Sequential) cnnlib.Sequential, opt cnnlib.Options) error {
		other, err := cnnlib.New(b, change(slices.Clone(from)), in, opt)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Import(other, file)
		return err
	}
	if err := to(func(net cnnlib.Sequential) cnnlib.Sequential { return append(net[:2:2], net[3:]...) }, cnnlib.Options{}); err != nil {
		t.Errorf("without Dropout: %v", err)
	}
	for want, change := range map[string]func(net cnnlib.Sequential) cnnlib.Sequential{
		"operation 1 is ReLU there, Tanh here": func(net cnnlib.Sequential) cnnlib.Sequential { net[1] = cnnlib.Tanh{}; return net },
		"is missing there":                     func(net cnnlib.Sequential) cnnlib.Sequential { return append(net, cnnlib.ReLU{}) },
		"Conv Out 4 Kernel 3 there, Conv Out 4 Kernel 3 Stride 2 here": func(net cnnlib.Sequential) cnnlib.Sequential {
			net[0] = cnnlib.Conv{Out: 4, Kernel: 3, Stride: 2}
			return net
		},
	} {
		if err := to(change, cnnlib.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
	shift := cnnlib.Options{Mean: []float32{1, 1, 1}, Std: []float32{1, 1, 1}}
	if err := to(func(net cnnlib.Sequential) cnnlib.Sequential { return net }, shift); err == nil || !strings.Contains(err.Error(), "normalises") {
		t.Errorf("another normalization: error %v", err)
	}
}
