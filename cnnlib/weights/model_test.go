package weights

import (
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/labtest"
)

func lenet(t *testing.T, seed uint64) *cnnlib.Model {
	t.Helper()
	m, err := cnnlib.New(labtest.Go(t), nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func state(t *testing.T, m *cnnlib.Model) []Tensor {
	t.Helper()
	s, err := StateDict(m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStateDictIsPyTorchs(t *testing.T) {
	s := state(t, lenet(t, 1))
	var names []string
	for _, tensor := range s {
		names = append(names, tensor.Name)
	}
	// nn.Sequential counts ReLU, pool and flatten too.
	if got := strings.Join(names, " "); got != "0.weight 0.bias 3.weight 3.bias 7.weight 7.bias 9.weight 9.bias 11.weight 11.bias" {
		t.Errorf("names %s", got)
	}
	if s[2].Shape[0] != 16 || s[2].Shape[1] != 6 || s[2].Shape[2] != 3 || s[4].Shape[0] != 120 || s[4].Shape[1] != 576 {
		t.Errorf("shapes %v and %v, want [16 6 3 3] and [120 576]", s[2].Shape, s[4].Shape)
	}
}

func TestFilesRoundTrip(t *testing.T) {
	from := lenet(t, 1)
	want := state(t, from)
	for _, name := range []string{"net.pth", "net.pt", "net.safetensors"} {
		file, to := filepath.Join(t.TempDir(), name), lenet(t, 2)
		if err := Export(from, file); err != nil {
			t.Fatal(err)
		}
		if _, err := Import(to, file); err != nil {
			t.Fatal(err)
		}
		sameState(t, name, state(t, to), want)
	}
	if err := Export(from, filepath.Join(t.TempDir(), "net.bin")); err == nil || !strings.Contains(err.Error(), ".safetensors") {
		t.Errorf("another ending: error %v", err)
	}
}

func TestSetStateDict(t *testing.T) {
	want := state(t, lenet(t, 1))
	change := func(do func(s []Tensor) []Tensor) (*cnnlib.Model, error) {
		m := lenet(t, 2)
		_, err := SetStateDict(m, do(append([]Tensor(nil), want...)))
		return m, err
	}
	m, err := change(func(s []Tensor) []Tensor { // the modules of another program
		for i := range s {
			s[i].Name = "layers." + s[i].Name
		}
		return append(s, Tensor{Name: "bn.num_batches_tracked", DType: I64, Data: make([]byte, 8)})
	})
	if err != nil {
		t.Fatal(err)
	}
	sameState(t, "in order", state(t, m), want)
	untouched := state(t, lenet(t, 2))
	for word, do := range map[string]func([]Tensor) []Tensor{
		"missing: 11.bias [10]":  func(s []Tensor) []Tensor { return s[:9] },
		"left over: 12.bias [1]": func(s []Tensor) []Tensor { return append(s, NewTensor("12.bias", []float32{1}, 1)) },
		"has shape [10 85]": func(s []Tensor) []Tensor {
			s[8] = NewTensor("11.weight", make([]float32, 850), 10, 85)
			return s
		},
		"9 of 10 weights are there by name; missing: 0.weight [6 3 3 3]; left over: conv.weight [6 3 3 3]": func(s []Tensor) []Tensor {
			s[0].Name = "conv.weight"
			return s
		},
		`type "F8" is not known`: func(s []Tensor) []Tensor { s[3].DType = "F8"; return s },
	} {
		m, err := change(do)
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%q: error %v", word, err)
		}
		sameState(t, word, state(t, m), untouched)
	}
}
