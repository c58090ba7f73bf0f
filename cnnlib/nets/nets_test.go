package nets_test

import (
	"bytes"
	"cmp"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// TestSizes: parameters and multiplications are PyTorch's own count, and those
// that are published.
func TestSizes(t *testing.T) {
	for _, n := range networks(t) {
		info, err := n.make(n.Classes).Check(n.Input)
		if err != nil {
			t.Errorf("%s: %v", n.name, err)
			continue
		}
		if info.Params() != n.Parameters || info.MACs != n.MACs {
			t.Errorf("%s: %d parameters and %d MACs, in PyTorch %d and %d", n.name, info.Params(), info.MACs, n.Parameters, n.MACs)
		}
		checkPublished(t, n.name, "parameters", info.Params(), n.Published.Parameters)
		checkPublished(t, n.name, "MACs", info.MACs, n.Published.MACs)
	}
}

// TestConstants: what training sees beside the weights is PyTorch's.
func TestConstants(t *testing.T) {
	for _, n := range networks(t) {
		root, err := cnnlib.Resolve(n.make(n.Classes), n.Input)
		if err != nil {
			t.Fatal(err)
		}
		var norms [][2]float64
		var dropouts []float64
		for _, step := range root.Steps() {
			switch l := step.Layer.(type) {
			case cnnlib.BatchNorm:
				pair := [2]float64{cmp.Or(l.Epsilon, 1e-5), cmp.Or(l.Momentum, 0.1)}
				if !slices.Contains(norms, pair) {
					norms = append(norms, pair)
				}
			case cnnlib.Dropout:
				dropouts = append(dropouts, l.Rate)
			}
		}
		if !slices.Equal(norms, n.Norms) || !slices.Equal(dropouts, n.Dropouts) {
			t.Errorf("%s has norms %v and dropouts %v, in PyTorch %v and %v", n.name, norms, dropouts, n.Norms, n.Dropouts)
		}
	}
}

// checkPublished compares a count with a published one, as "4.2e6", to the
// digits that it has.
func checkPublished(t *testing.T, name, what string, count int64, published string) {
	if published == "" {
		return
	}
	number, exponent, _ := strings.Cut(published, "e")
	_, decimals, _ := strings.Cut(number, ".")
	unit := 1.0
	if exponent != "" {
		power, err := strconv.Atoi(exponent)
		if err != nil {
			t.Fatal(err)
		}
		unit = math.Pow10(power)
	}
	if got := strconv.FormatFloat(float64(count)/unit, 'f', len(decimals), 64); got != number {
		t.Errorf("%s has %d %s, published are %s", name, count, what, published)
	}
}

// TestLikePyTorch: a state dict of PyTorch loads by name, gives PyTorch's
// logits, and comes out again with the same names, shapes and order.
func TestLikePyTorch(t *testing.T) {
	backend := labtest.XLA(t)
	for _, n := range networks(t) {
		t.Run(n.name, func(t *testing.T) { n.PyTorch = likePyTorch(t, backend, n) })
		record(t, n)
	}
}

// TestLikePyTorchInGo does so with the backend in pure Go, for small networks.
func TestLikePyTorchInGo(t *testing.T) {
	backend := labtest.Go(t)
	for _, n := range networks(t) {
		if n.name == "ResNet20" || n.name == "ShuffleNetV2CIFAR" {
			t.Run(n.name, func(t *testing.T) { likePyTorch(t, backend, n) })
		}
	}
}

// likePyTorch tells how far the logits are from PyTorch's.
func likePyTorch(t *testing.T, backend compute.Backend, n *network) *float64 {
	state := n.filled()
	file := filepath.Join(t.TempDir(), "theirs.pth")
	if err := weights.WriteFile(file, state); err != nil {
		t.Fatal(err)
	}
	mean, std := nets.ImageNetNormalization()
	m, err := cnnlib.New(backend, n.make(10), n.Image, cnnlib.Options{Mean: mean, Std: std})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	report, err := weights.Import(m, file)
	if err != nil {
		t.Fatal(err)
	}
	want := "weights matched by name"
	if n.name == "GoogLeNet" { // its auxiliary classifiers
		want += "; left out: aux1. (9 tensors), aux2. (9 tensors)"
	}
	if report.String() != want {
		t.Errorf("the state dict was read as %q, not %q", report, want)
	}
	off := distance(logits(t, n, m), n.Logits)
	t.Logf("logits are %.1e from PyTorch's, relative to the largest", off)
	if off > 1e-5 {
		t.Errorf("logits are %.1e from PyTorch's, relative to the largest", off)
	}
	ours, err := weights.StateDict(m)
	if err != nil {
		t.Fatal(err)
	}
	state = slices.DeleteFunc(state, func(t weights.Tensor) bool {
		return strings.HasSuffix(t.Name, "num_batches_tracked") || strings.HasPrefix(t.Name, "aux")
	})
	if len(ours) != len(state) {
		t.Errorf("the network has %d weights, PyTorch's %d", len(ours), len(state))
	}
	for i := range min(len(ours), len(state)) {
		got, want := ours[i], state[i]
		same := bytes.Equal(got.Data, want.Data)
		if got.Name != want.Name || !slices.Equal(got.Shape, want.Shape) || !same {
			t.Fatalf("weight %d comes out as %s %v, in PyTorch it is %s %v; same numbers: %t", i, got.Name, got.Shape, want.Name, want.Shape, same)
		}
	}
	return &off
}

// logits is what m gives for the golden image, as golden.json has it.
func logits(t *testing.T, n *network, m *cnnlib.Model) []float32 {
	all, err := m.Predict(image(n.Image, 1), 1)
	if err != nil {
		t.Fatal(err)
	}
	var some []float32
	for i := 0; i < len(all[0]); i += max(n.Every, 1) {
		some = append(some, all[0][i])
	}
	return some
}

// find is the network of this name.
func find(t *testing.T, name string) *network {
	for _, n := range networks(t) {
		if n.name == name {
			return n
		}
	}
	t.Fatalf("there is no network %s", name)
	return nil
}

// TestGoogLeNetTransformed: a mean and a deviation of 0.5 do what torchvision's
// transform_input does after ImageNet's normalisation.
func TestGoogLeNetTransformed(t *testing.T) {
	n := find(t, "GoogLeNet")
	half := []float32{0.5, 0.5, 0.5}
	m, err := cnnlib.New(labtest.Go(t), n.make(10), n.Image, cnnlib.Options{Mean: half, Std: half})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if _, err := weights.SetStateDict(m, n.filled()); err != nil {
		t.Fatal(err)
	}
	if off := distance(logits(t, n, m), n.Transformed); off > 1e-5 {
		t.Errorf("logits are %.1e from PyTorch's, relative to the largest", off)
	}
}

// TestDenseNetOfOldNames: the file that torchvision offers for DenseNet121 is
// older than the names of its modules ("norm.1" for "norm1") and loads too.
func TestDenseNetOfOldNames(t *testing.T) {
	n := find(t, "DenseNet121")
	var old []weights.Tensor
	for _, tensor := range n.filled() {
		if strings.HasSuffix(tensor.Name, "num_batches_tracked") {
			continue
		}
		for _, module := range []string{"norm", "conv"} {
			for _, number := range []string{"1", "2"} {
				if strings.Contains(tensor.Name, "denselayer") {
					tensor.Name = strings.Replace(tensor.Name, "."+module+number+".", "."+module+"."+number+".", 1)
				}
			}
		}
		old = append(old, tensor)
	}
	file := filepath.Join(t.TempDir(), "densenet121.pth")
	if err := weights.WriteFile(file, old); err != nil {
		t.Fatal(err)
	}
	m, err := cnnlib.New(labtest.Go(t), n.make(10), n.Image, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	report, err := weights.Import(m, file)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report)
	state, err := weights.StateDict(m)
	if err != nil {
		t.Fatal(err)
	}
	for i, tensor := range state {
		if !bytes.Equal(tensor.Data, old[i].Data) {
			t.Fatalf("%s has not the numbers of %s", tensor.Name, old[i].Name)
		}
	}
}
