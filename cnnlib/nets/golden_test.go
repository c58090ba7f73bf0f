package nets_test

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/geometry"

	"github.com/gomlx/compute"
)

// network is one that this package has, and what testdata/golden.py tells of
// it.
type network struct {
	name   string
	make   func(classes int) cnnlib.Sequential
	source string // whose names of weights it has
	golden
	measured
	state []weights.Tensor // of PyTorch with 10 classes: names and shapes
}

// golden is what golden.json has for a network.
type golden struct {
	Parameters, MACs int64
	Input            []int
	Classes          int
	Published        struct{ Parameters, MACs string } // as "4.2e6"
	Norms            [][2]float64                      // epsilon and momentum of BatchNorms, each pair once
	Dropouts         []float64                         // rates in order
	Image            []int                             // shape of the image that gives Logits
	Logits           []float32                         // of 10 classes
	Every            int                               // Logits are every so manieth number, 0 means 1
	Transformed      []float32                         // logits with transform_input
}

// networks lists what this package has beside the lesson's networks.
func networks(t testing.TB) []*network {
	const (
		torchvision = "torchvision"
		timm        = "timm"
		cifar       = "chenyaofo/pytorch-cifar-models"
		unet        = "milesial/Pytorch-UNet"
	)
	all := []*network{
		{name: "AlexNet", make: nets.AlexNet, source: torchvision},
		{name: "VGG11", make: nets.VGG11, source: torchvision},
		{name: "VGG11BN", make: nets.VGG11BN, source: torchvision},
		{name: "VGG16", make: nets.VGG16, source: torchvision},
		{name: "VGG16BN", make: nets.VGG16BN, source: torchvision},
		{name: "ResNet18", make: nets.ResNet18, source: torchvision},
		{name: "ResNet34", make: nets.ResNet34, source: torchvision},
		{name: "ResNet50", make: nets.ResNet50, source: torchvision},
		{name: "ResNet20", make: nets.ResNet20, source: cifar},
		{name: "ResNet18CIFAR", make: nets.ResNet18CIFAR, source: torchvision},
		{name: "SqueezeNet10", make: nets.SqueezeNet10, source: torchvision},
		{name: "SqueezeNet11", make: nets.SqueezeNet11, source: torchvision},
		{name: "GoogLeNet", make: nets.GoogLeNet, source: torchvision},
		{name: "DenseNet121", make: nets.DenseNet121, source: torchvision},
		{name: "MobileNetV1", make: nets.MobileNetV1, source: timm},
		{name: "MobileNetV2", make: nets.MobileNetV2, source: torchvision},
		{name: "MobileNetV2CIFAR", make: nets.MobileNetV2CIFAR, source: cifar},
		{name: "MobileNetV3Small", make: nets.MobileNetV3Small, source: torchvision},
		{name: "ShuffleNetV2", make: nets.ShuffleNetV2, source: torchvision},
		{name: "ShuffleNetV2Half", make: nets.ShuffleNetV2Half, source: torchvision},
		{name: "ShuffleNetV2CIFAR", make: nets.ShuffleNetV2CIFAR, source: cifar},
		{name: "EfficientNetB0", make: nets.EfficientNetB0, source: torchvision},
		{name: "UNet", make: func(classes int) cnnlib.Sequential { return nets.UNet(classes, 64) }, source: unet},
		{name: "UNetBilinear", make: func(classes int) cnnlib.Sequential { return nets.UNetBilinear(classes, 64) }, source: unet},
	}
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Networks map[string]golden }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	states, known := readStates(t), readMeasured(t)
	if len(file.Networks) != len(all) {
		t.Errorf("golden.json has %d networks, the package %d", len(file.Networks), len(all))
	}
	for _, n := range all {
		var ok bool
		if n.golden, ok = file.Networks[n.name]; !ok {
			t.Fatalf("golden.json has no %s: run testdata/golden.py", n.name)
		}
		n.state, n.measured = states[n.name], known[n.name]
	}
	return all
}

// readStates reads the names and shapes of all state dicts.
func readStates(t testing.TB) map[string][]weights.Tensor {
	f, err := os.Open("testdata/states.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	states := make(map[string][]weights.Tensor)
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		tensor := weights.Tensor{Name: fields[1]}
		for size := range strings.SplitSeq(fields[2], "x") {
			var d int
			if size == "" {
				continue // a single number
			}
			if _, err := fmt.Sscan(size, &d); err != nil {
				t.Fatalf("states.txt.gz: %q: %v", line, err)
			}
			tensor.Shape = append(tensor.Shape, d)
		}
		states[fields[0]] = append(states[fields[0]], tensor)
	}
	return states
}

// scramble is testdata/networks.py's hash of an index.
func scramble(i int, salt uint32) uint32 {
	v := uint32(i)*2654435761 + salt*40503
	v = (v ^ v>>15) * 2246822519
	v = (v ^ v>>13) * 3266489917
	return v ^ v>>16
}

// filled is a tensor of PyTorch's state dict with testdata/networks.py's
// numbers.
func filled(name string, shape []int) weights.Tensor {
	if strings.HasSuffix(name, "num_batches_tracked") {
		return weights.Tensor{Name: name, DType: weights.I64, Shape: shape, Data: make([]byte, 8)}
	}
	low, high := -0.1, 0.1
	switch {
	case len(shape) > 1:
		fanIn := 1
		for _, d := range shape[1:] {
			fanIn *= d
		}
		high = math.Sqrt(6 / float64(fanIn))
		low = -high
	case strings.HasSuffix(name, "running_var"):
		low, high = 0.5, 1.5
	case strings.HasSuffix(name, "weight"):
		low, high = 0.7, 1.1
	}
	n := geometry.Volume(shape)
	salt := crc32.ChecksumIEEE([]byte(name))
	data := make([]byte, 4*n)
	for i := range n {
		unit := float64(scramble(i, salt)) / (1 << 32)
		binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(float32(low+float64((high-low)*unit))))
	}
	return weights.Tensor{Name: name, DType: weights.F32, Shape: shape, Data: data}
}

// filled is the state dict of PyTorch's network.
func (n *network) filled() []weights.Tensor {
	var state []weights.Tensor
	for _, tensor := range n.state {
		state = append(state, filled(tensor.Name, tensor.Shape))
	}
	return state
}

// model is the network with 10 classes and these weights.
func (n *network) model(t testing.TB, backend compute.Backend, in []int) *cnnlib.Model {
	mean, std := nets.ImageNetNormalization()
	m, err := cnnlib.New(backend, n.make(10), in, cnnlib.Options{Mean: mean, Std: std})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	if _, err := weights.SetStateDict(m, n.filled()); err != nil {
		t.Fatal(err)
	}
	return m
}

// image is the pixels of an image of shape [height, width, 3].
func image(shape []int, salt uint32) []uint8 {
	pixels := make([]uint8, shape[0]*shape[1]*shape[2])
	for i := range pixels {
		pixels[i] = uint8(scramble(i, salt) >> 24)
	}
	return pixels
}

// distance is the largest difference of two rows of numbers, as a part of the
// largest number of want.
func distance(got, want []float32) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	off, size := 0.0, 0.0
	for i := range want {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		off, size = max(off, d), max(size, math.Abs(float64(want[i])))
	}
	return off / size
}
