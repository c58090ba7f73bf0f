package lesson

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Apply is what layer makes of the image x with these weights: a cnnlib.Conv
// slides kernel over x, a cnnlib.TransposedConv stamps it. Stride, padding and
// dilation are those of layer; its Out and Kernel are not needed.
func Apply(layer cnnlib.Layer, x, kernel Map) Map {
	return must(applied(layer, Maps{x}, []Maps{{kernel}}))[0]
}

// ApplyAll is what layer makes of the channels x: each filter has a slice for
// every channel that it reads (those of its group, if a cnnlib.Conv has
// Groups) and gives one map.
func ApplyAll(layer cnnlib.Layer, x Maps, filters ...Maps) Maps {
	return must(applied(layer, x, filters))
}

// ApplyVolume slides a kernel of several slices through a volume of one
// channel: it moves in depth, height and width (lesson 1.3).
func ApplyVolume(layer cnnlib.Conv, volume, kernel Maps) Maps {
	return must(appliedVolume(layer, volume, kernel))
}

func wide(m Maps) [][][]float32 {
	out := make([][][]float32, len(m))
	for i, one := range m {
		out[i] = one
	}
	return out
}

func narrow(m [][][]float32) Maps {
	out := make(Maps, len(m))
	for i, one := range m {
		out[i] = one
	}
	return out
}

// checkMaps refuses maps that are not of one size, naming them.
func checkMaps(english, chinese string, m Maps) error {
	if len(m) == 0 {
		return wrong("the %[1]s has no channels", "%[2]s没有通道", english, chinese)
	}
	for i, one := range m {
		if err := one.check(); err != nil {
			return fmt.Errorf("%s: %w", say("the "+english, chinese), err)
		}
		if len(one) != len(m[0]) || len(one[0]) != len(m[0][0]) {
			return wrong("the %[1]s: map %[3]d is %[4]dx%[5]d, map 0 is %[6]dx%[7]d", "%[2]s：第 %[3]d 张是 %[4]dx%[5]d，第 0 张是 %[6]dx%[7]d",
				english, chinese, i, len(one), len(one[0]), len(m[0]), len(m[0][0]))
		}
	}
	return nil
}

func applied(layer cnnlib.Layer, x Maps, filters []Maps) (Maps, error) {
	if err := checkMaps("input", "输入", x); err != nil {
		return nil, err
	}
	if len(filters) == 0 {
		return nil, wrong("there is no kernel", "没有卷积核")
	}
	for _, f := range filters {
		if err := checkMaps("kernel", "卷积核", f); err != nil {
			return nil, err
		}
	}
	slices := make([][][][]float32, len(filters))
	for i, f := range filters {
		slices[i] = wide(f)
	}
	var op func(x, kernel *graph.Node) *graph.Node
	height, width := filters[0][0].Size()
	reads := len(x)
	switch c := layer.(type) {
	case cnnlib.Conv:
		if c.Groups > 1 {
			reads = len(x) / c.Groups
		}
		if _, err := checked(c, len(filters), []int{len(x[0]), len(x[0][0]), len(x)}, height, width); err != nil {
			return nil, err
		}
		op = func(x, k *graph.Node) *graph.Node { return cnnlib.Convolve(x, k, c) }
	case cnnlib.TransposedConv:
		c.Out, c.Kernel = len(filters), height
		if height != width || len(filters) != 1 || len(x) != 1 {
			return nil, wrong("a transposed convolution is shown with one channel and one square kernel, got %d channels and %d kernels of %dx%d",
				"转置卷积在这里只用一个通道和一个方形卷积核来演示，现在是 %d 个通道、%d 个 %dx%d 的卷积核", len(x), len(filters), height, width)
		}
		if _, err := c.Check([]int{len(x[0]), len(x[0][0]), 1}); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name(), err)
		}
		op = func(x, k *graph.Node) *graph.Node { return cnnlib.ConvolveTransposed(x, k, c) }
	default:
		return nil, wrong("Apply takes a cnnlib.Conv or a cnnlib.TransposedConv, got %T", "这里只能用 cnnlib.Conv 或 cnnlib.TransposedConv，现在是 %T", layer)
	}
	if len(filters[0]) != reads {
		return nil, wrong("the kernel has %d slices, but it reads %d channels", "卷积核有 %d 个切片，但它要读 %d 个通道", len(filters[0]), reads)
	}
	image, err := cnnlib.ImageTensor(wide(x)...)
	if err != nil {
		return nil, err
	}
	kernel, err := cnnlib.KernelTensor(slices...)
	if err != nil {
		return nil, err
	}
	y, err := call(op, image, kernel)
	if err != nil {
		return nil, err
	}
	maps, err := cnnlib.AllMaps(y)
	return narrow(maps), err
}

// checked checks that c can read an input of shape in with this many filters of
// these sizes, which need not be equal on all axes.
func checked(c cnnlib.Conv, filters int, in []int, sizes ...int) (cnnlib.Info, error) {
	if c.Axes == nil {
		for _, k := range sizes {
			w := cnnlib.Window{Kernel: k, Stride: c.Stride, Dilation: c.Dilation, PadBefore: c.Padding, PadAfter: c.Padding}
			c.Axes = append(c.Axes, w)
		}
		c.Kernel, c.Stride, c.Padding, c.Dilation = 0, 0, 0, 0
	}
	c.Out = filters
	info, err := c.Check(in)
	if err != nil {
		return info, fmt.Errorf("%s: %w", c.Name(), err)
	}
	return info, nil
}

func appliedVolume(layer cnnlib.Conv, volume, kernel Maps) (Maps, error) {
	if err := checkMaps("volume", "三维数据", volume); err != nil {
		return nil, err
	}
	if err := checkMaps("kernel", "卷积核", kernel); err != nil {
		return nil, err
	}
	in := []int{len(volume), len(volume[0]), len(volume[0][0]), 1}
	if _, err := checked(layer, 1, in, len(kernel), len(kernel[0]), len(kernel[0][0])); err != nil {
		return nil, err
	}
	x, err := cnnlib.ImageTensor(wide(volume)...)
	if err != nil {
		return nil, err
	}
	k, err := cnnlib.FilterTensor(wide(kernel)...)
	if err != nil {
		return nil, err
	}
	y, err := call(func(x, k *graph.Node) *graph.Node {
		x = graph.ExpandAxes(graph.TransposeAllAxes(x, 0, 3, 1, 2), -1) // [1, depth, height, width, 1]
		k = graph.ExpandAxes(graph.TransposeAllAxes(k, 2, 0, 1, 3), -1) // [depth, height, width, 1, 1]
		return graph.TransposeAllAxes(graph.Squeeze(cnnlib.Convolve(x, k, layer), -1), 0, 2, 3, 1)
	}, x, k)
	if err != nil {
		return nil, err
	}
	maps, err := cnnlib.AllMaps(y)
	return narrow(maps), err
}

// call computes op once.
func call(op func(x, kernel *graph.Node) *graph.Node, x, kernel *tensors.Tensor) (*tensors.Tensor, error) {
	b, err := cnnlib.OpenBackend()
	if err != nil {
		return nil, err
	}
	return graph.CallOnce(b.Backend, op, x, kernel)
}

// Call computes any operation on an image, a kernel and a third map, and gives
// the flat result. It is for what Apply cannot express, such as a gradient.
func Call(op func(x, kernel, third *graph.Node) *graph.Node, x, kernel, third Map) []float32 {
	b := must(cnnlib.OpenBackend())
	y := must(graph.CallOnce(b.Backend, op, must(cnnlib.ImageTensor(x)), must(cnnlib.FilterTensor(kernel)), must(cnnlib.ImageTensor(third))))
	return must(tensors.CopyFlatData[float32](y))
}

// Through is what a layer without weights, such as cnnlib.MaxPool or
// cnnlib.ReLU, makes of one channel.
func Through(layer cnnlib.Layer, x Map) Map {
	OK(x.check())
	info := must(layer.Check([]int{len(x), len(x[0]), 1}))
	if len(info.Weights) > 0 {
		must(0, wrong("%s has weights: open a model of it", "%s 有权重：请用它建立一个模型", layer.Name()))
	}
	b := must(cnnlib.OpenBackend())
	scope := model.NewStore().RootScope() // not in training
	y := must(graph.CallOnce(b.Backend, func(x *graph.Node) *graph.Node { return layer.Build(scope, x) }, must(cnnlib.ImageTensor(x))))
	return must(cnnlib.FirstMap(y))
}
