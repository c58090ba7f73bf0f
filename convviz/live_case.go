package convviz

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/internal/geometry"
)

// What a live picture may show at most, as in live/network.js: a larger one
// cannot be read.
const (
	maxLiveLayers  = 6
	maxLiveNumbers = 1700
)

// liveSize is how many numbers an input may have along each spatial axis, by how
// many of these axes there are.
var liveSize = map[int]int{1: 16, 2: 13, 3: 6}

// liveCase is a case as the script takes it; one of the two fields is set.
type liveCase struct {
	Net  *liveNet  `json:"net,omitempty"`
	Soft *liveSoft `json:"soft,omitempty"`
}

type liveSoft struct {
	Z      []float64 `json:"z"`
	Target int       `json:"target"`
}

// liveNet is layers in series on numbers. Numbers are found by their
// coordinates: channel, depth, height, width; of a kernel filter, channel of
// its group, depth, height, width.
type liveNet struct {
	Axes     int                        `json:"axes"`
	N        [3]int                     `json:"n"` // depth, height, width
	Channels int                        `json:"channels"`
	Layers   []liveLayer                `json:"layers"`
	X        map[string]float64         `json:"x"`
	W        map[int]map[string]float64 `json:"w"`  // by layer
	DY       map[string]float64         `json:"dy"` // those that are not 1

	places  []*cnnlib.Place // the same as the library has it, with shuffles
	input   []float64
	kernels map[*cnnlib.Place][]float64
}

type liveLayer struct {
	Kind          string `json:"kind"`
	Kernel        int    `json:"k"`
	Stride        int    `json:"s"`
	Padding       int    `json:"p"`
	Dilation      int    `json:"d"`
	OutputPadding int    `json:"op"`
	Groups        int    `json:"g"`
	Out           int    `json:"out"`
	Along         int    `json:"along"` // the one axis of three that the kernel slides along; -1: all
	Causal        bool   `json:"causal"`
}

func (l liveLayer) hasKernel() bool {
	return l.Kind != "maxpool" && l.Kind != "avgpool" && l.Kind != "relu"
}

// written checks the case and writes it down for the script.
func (c Case) written() (liveCase, error) {
	for _, numbers := range append([][]float64{c.Input}, c.Kernels...) {
		for _, v := range numbers {
			if math.IsNaN(v) || math.Abs(v) > 1e6 {
				return liveCase{}, fmt.Errorf("numbers from -1e6 to 1e6 can be shown, got %g", v)
			}
		}
	}
	if _, ok := c.Layer.(cnnlib.SoftmaxLayer); !ok {
		net, err := c.network()
		return liveCase{Net: net}, err
	}
	if len(c.Shape) != 1 || c.Shape[0] < 2 || c.Shape[0] > 10 {
		return liveCase{}, fmt.Errorf("a softmax is shown over 2 to 10 classes, got shape %v", c.Shape)
	}
	z := slices.Clone(c.Input)
	if z == nil {
		z = make([]float64, c.Shape[0])
	}
	if len(z) != c.Shape[0] || c.Target < 0 || c.Target >= len(z) || len(c.Kernels) > 0 {
		return liveCase{}, fmt.Errorf("a softmax over %d classes has %d logits, true class %d and %d kernels", c.Shape[0], len(z), c.Target, len(c.Kernels))
	}
	for _, v := range z {
		if math.Abs(v) > 80 {
			return liveCase{}, fmt.Errorf("logits from -80 to 80 can be shown, got %g", v)
		}
	}
	return liveCase{Soft: &liveSoft{Z: z, Target: c.Target}}, nil
}

// network is the case as layers in series that slide.
func (c Case) network() (*liveNet, error) {
	root, err := cnnlib.Resolve(c.Layer, c.Shape)
	if err != nil {
		return nil, err
	}
	axes := len(c.Shape) - 1
	if axes < 1 || axes > 3 {
		return nil, fmt.Errorf("an input of shape %v: 1 to 3 spatial axes and the channels can be shown", c.Shape)
	}
	if slices.Max(c.Shape[:axes]) > liveSize[axes] {
		return nil, fmt.Errorf("an input of shape %v: at most %d along each of %d spatial axes can be shown", c.Shape, liveSize[axes], axes)
	}
	net := &liveNet{Axes: axes, N: [3]int{1, 1, 1}, Channels: c.Shape[axes], W: map[int]map[string]float64{}, DY: map[string]float64{}, kernels: map[*cnnlib.Place][]float64{}}
	copy(net.N[3-axes:], c.Shape)
	inputAt := func(at []int) []int { return append([]int{at[axes]}, onThreeAxes(at[:axes])...) }
	if net.input, net.X, err = keyed(c.Input, c.Shape, inputAt, func(at []int) int {
		return (2*at[0]+3*at[1]+5*at[2]+3*at[3]+at[2]*at[3])%7 - 2
	}); err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	count, kernels := len(net.input), 0
	for _, place := range root.Steps() {
		if place.Parallel {
			return nil, fmt.Errorf("%s: only layers in series can be shown", place.Title())
		}
		net.places = append(net.places, place)
		if shuffle, ok := place.Layer.(cnnlib.ChannelShuffle); ok {
			if err := net.shuffle(shuffle); err != nil {
				return nil, err
			}
			continue
		}
		layer, err := liveLayerOf(place)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place.Title(), err)
		}
		if layer.hasKernel() {
			var numbers []float64
			if kernels < len(c.Kernels) {
				numbers = c.Kernels[kernels]
			}
			kernels++
			if err := net.setKernel(place, layer, numbers); err != nil {
				return nil, fmt.Errorf("%s: kernel: %w", place.Title(), err)
			}
			count += len(net.kernels[place])
		}
		net.Layers = append(net.Layers, layer)
		count += geometry.Volume(place.Info.Output)
	}
	switch {
	case kernels < len(c.Kernels):
		return nil, fmt.Errorf("%d kernels for %d layers that have one", len(c.Kernels), kernels)
	case len(net.Layers) == 0 || len(net.Layers) > maxLiveLayers:
		return nil, fmt.Errorf("%d layers: 1 to %d can be shown", len(net.Layers), maxLiveLayers)
	case count > maxLiveNumbers:
		return nil, fmt.Errorf("%d numbers in input, kernels and outputs: at most %d can be shown", count, maxLiveNumbers)
	}
	return net, nil
}

// shuffle makes the convolution before a shuffle a shuffled one.
func (n *liveNet) shuffle(s cnnlib.ChannelShuffle) error {
	if len(n.Layers) > 0 {
		if last := &n.Layers[len(n.Layers)-1]; last.Kind == "grouped" && last.Groups == s.Groups {
			last.Kind = "shuffled"
			return nil
		}
	}
	return fmt.Errorf("%s: a shuffle can be shown after a convolution with as many groups only", s.Name())
}

func (n *liveNet) setKernel(place *cnnlib.Place, layer liveLayer, numbers []float64) error {
	var err error
	n.kernels[place], n.W[len(n.Layers)], err = keyed(numbers, place.Info.Weights[0].Shape, func(at []int) []int {
		in, out := at[n.Axes], at[n.Axes+1]
		if layer.Kind == "transposed" {
			in, out = out, in
		}
		return append([]int{out, in}, onThreeAxes(at[:n.Axes])...)
	}, func(at []int) int { return (3*at[0]+2*at[1]+at[2]+at[3]+2*at[4])%4 - 1 })
	return err
}

// liveLayerOf is a layer as the script takes it.
func liveLayerOf(place *cnnlib.Place) (liveLayer, error) {
	layer, channels := liveLayer{Groups: 1, Out: place.Info.Output[len(place.Info.Output)-1]}, place.In[len(place.In)-1]
	switch l := place.Layer.(type) {
	case cnnlib.Conv:
		layer.Kind, layer.Groups = "plain", max(l.Groups, 1)
		if layer.Groups > 1 {
			layer.Kind = "grouped"
		}
	case cnnlib.TransposedConv:
		layer.Kind = "transposed"
		if l.Groups > 1 {
			return layer, fmt.Errorf("a transposed convolution can be shown without groups only")
		}
	case cnnlib.DepthwiseConv:
		layer.Kind = "depthwise"
		if layer.Out != channels {
			return layer, fmt.Errorf("a depthwise convolution can be shown with one kernel for each channel only")
		}
	case cnnlib.MaxPool:
		layer.Kind = "maxpool"
	case cnnlib.AvgPool:
		layer.Kind = "avgpool"
		if l.ExcludePad {
			return layer, fmt.Errorf("an average that leaves the padding out cannot be shown")
		}
	case cnnlib.ReLU:
		layer.Kind, layer.Kernel, layer.Stride, layer.Dilation, layer.Along = "relu", 1, 1, 1, -1
		return layer, nil
	default:
		return layer, fmt.Errorf("this layer cannot be shown live: convolutions, poolings, ReLU and what is made of them can, and a softmax alone")
	}
	return layer, layer.slide(place.Info.Window)
}

// slide takes the windows, which must be the same along all axes, but for
// those along which nothing slides.
func (l *liveLayer) slide(windows []cnnlib.Sliding) error {
	axes := len(windows)
	still := func(w cnnlib.Sliding) bool {
		return w.Kernel == 1 && w.Stride == 1 && w.PadBefore == 0 && w.PadAfter == 0 && w.OutputPadding == 0
	}
	l.Along = -1
	moving := slices.IndexFunc(windows, func(w cnnlib.Sliding) bool { return !still(w) })
	if moving < 0 {
		moving = 0
	}
	w := windows[moving]
	for _, other := range windows {
		switch {
		case other == w:
		case still(other) && axes > 1:
			l.Along = 3 - axes + moving
		default:
			return fmt.Errorf("windows that differ between the axes, %+v and %+v, cannot be shown", w.Window, other.Window)
		}
	}
	if l.Along >= 0 {
		for axis, other := range windows {
			if axis != moving && !still(other) {
				return fmt.Errorf("windows along some of the axes cannot be shown, only along one or all")
			}
		}
	}
	l.Kernel, l.Stride, l.Dilation, l.Padding, l.OutputPadding = w.Kernel, w.Stride, w.Dilation, w.PadBefore, w.OutputPadding
	switch {
	case w.Ceil:
		return fmt.Errorf("windows that stick out at the end (Ceil) cannot be shown")
	case w.PadBefore == w.PadAfter:
	case axes == 1 && !w.Transposed && l.hasKernel() && w.PadAfter == 0 && w.PadBefore == w.Span()-1:
		l.Causal, l.Padding = true, 0
	default:
		return fmt.Errorf("padding %d before and %d after cannot be shown, only the same on both sides or that of a causal convolution", w.PadBefore, w.PadAfter)
	}
	if l.Kernel > 7 || l.Stride > 4 || l.Dilation > 4 || l.Padding > 4 || l.Out > 12 {
		return fmt.Errorf("kernels up to 7, strides, dilations and paddings up to 4 and up to 12 channels can be shown")
	}
	return nil
}

// onThreeAxes puts zeros before the coordinates along fewer axes.
func onThreeAxes(at []int) []int {
	all := []int{0, 0, 0}
	copy(all[3-len(at):], at)
	return all
}

// keyed gives flat numbers, and the same numbers by their coordinates, which of
// rearranges. Where no numbers are given, the pattern makes them.
func keyed(numbers []float64, shape []int, of func(at []int) []int, pattern func(at []int) int) ([]float64, map[string]float64, error) {
	count := geometry.Volume(shape)
	if numbers != nil && len(numbers) != count {
		return nil, nil, fmt.Errorf("%d numbers, shape %v has %d", len(numbers), shape, count)
	}
	if count > maxLiveNumbers {
		return nil, nil, fmt.Errorf("shape %v has %d numbers, at most %d can be shown", shape, count, maxLiveNumbers)
	}
	flat, by := make([]float64, count), map[string]float64{}
	for i := range flat {
		at := of(geometry.Unravel(i, shape))
		flat[i] = float64(pattern(at))
		if numbers != nil {
			flat[i] = numbers[i]
		}
		by[strings.Trim(strings.ReplaceAll(fmt.Sprint(at), " ", ","), "[]")] = flat[i]
	}
	return flat, by, nil
}
