package cnnlib

import (
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// SeparableConv is a depthwise separable convolution: a kernel for each
// channel, then a 1x1 convolution that mixes them. Both have a bias unless
// NoBias. Lesson 1.6.2 (Sifre 2014; Howard et al. 2017, MobileNets).
//
// x: [batch, height, width, in] → [batch, height', width', Out];
// depthwise/weight: [Kernel, Kernel, 1, in·Multiplier], pointwise/weight: [1,
// 1, in·Multiplier, Out]. Against a Conv it costs 1/Out + 1/Kernel².
type SeparableConv struct {
	Out        int
	Kernel     int
	Stride     int
	Padding    int
	Dilation   int
	Same       bool
	Multiplier int // kernels per channel, 0 means 1
	NoBias     bool
	Plan       Plan // of each part
}

// Parts implements Composite.
func (c SeparableConv) Parts([]int) (Parts, error) {
	return series(
		Part{"depthwise", "depthwise", DepthwiseConv{Multiplier: c.Multiplier, Kernel: c.Kernel, Stride: c.Stride, Padding: c.Padding, Dilation: c.Dilation, Same: c.Same, NoBias: c.NoBias, Plan: c.Plan}},
		Part{"pointwise", "pointwise", Conv{Out: c.Out, Kernel: 1, NoBias: c.NoBias, Plan: c.Plan}}), nil
}

// Name implements Layer.
func (c SeparableConv) Name() string { return c.nameFor(0) }

func (c SeparableConv) nameFor(axes int) string {
	return fmt.Sprintf("SeparableConv %d@%s", c.Out, slide{kernel: c.Kernel}.size(axes))
}

// Check implements Layer.
func (c SeparableConv) Check(in []int) (Info, error) { return CheckParts(c, in) }

// Build implements Layer.
func (c SeparableConv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return BuildParts(c, scope, x)
}

// SpatialConv is a spatially separable convolution: one convolution along each
// spatial axis in turn, 3x1 then 1x3 for a 3x3. With one channel it equals the
// Conv of the outer product of its kernels. Only the last has a bias. Lesson
// 1.6.1.
//
// x: [batch, height, width, in] → [batch, height', width', Out];
// axis0/weight: [Kernel, 1, in, Out], axis1/weight: [1, Kernel, Out, Out].
type SpatialConv struct {
	Out     int
	Kernel  int
	Stride  int
	Padding int
	Same    bool
	NoBias  bool
	Plan    Plan // of each part
}

// alongAxes is a layer for each spatial axis of images of shape in. Its windows
// are w along that axis and one pixel wide along the others; last tells whether
// it is the last one, which alone may have a bias.
func alongAxes(in []int, w Window, layer func(windows []Window, last bool) Layer) ([]Part, error) {
	spatial, _, err := images(in)
	if err != nil {
		return nil, err
	}
	parts := make([]Part, len(spatial))
	for i := range parts {
		windows := slices.Repeat([]Window{{Kernel: 1}}, len(parts))
		windows[i] = w
		name := fmt.Sprintf("axis%d", i)
		parts[i] = Part{name, name, layer(windows, i == len(parts)-1)}
	}
	return parts, nil
}

// Parts implements Composite.
func (c SpatialConv) Parts(in []int) (Parts, error) {
	w := Window{Kernel: c.Kernel, Stride: c.Stride, PadBefore: c.Padding, PadAfter: c.Padding}
	parts, err := alongAxes(in, w, func(windows []Window, last bool) Layer {
		return Conv{Out: c.Out, Axes: windows, Same: c.Same, NoBias: c.NoBias || !last, Plan: c.Plan}
	})
	return series(parts...), err
}

// Name implements Layer.
func (c SpatialConv) Name() string { return c.nameFor(0) }

func (c SpatialConv) nameFor(axes int) string {
	return fmt.Sprintf("SpatialConv %d@%s", c.Out, slide{kernel: c.Kernel}.size(axes))
}

// Check implements Layer.
func (c SpatialConv) Check(in []int) (Info, error) { return CheckParts(c, in) }

// Build implements Layer.
func (c SpatialConv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return BuildParts(c, scope, x)
}

// FlattenedConv is a 3D kernel for each filter, taken apart into a kernel
// along the channels and one along each spatial axis, in sequence. A filter
// has C + Y + X weights instead of C·Y·X. Only the last has a bias. Lesson 1.7
// (Jin et al. 2014).
//
// x: [batch, height, width, in] → [batch, height', width', Out];
// channels/weight: [1, 1, in, Out], axis0/weight: [Kernel, 1, 1, Out],
// axis1/weight: [1, Kernel, 1, Out].
type FlattenedConv struct {
	Out     int
	Kernel  int
	Stride  int
	Padding int
	Same    bool
	NoBias  bool
	Plan    Plan // of each part
}

// Parts implements Composite.
func (c FlattenedConv) Parts(in []int) (Parts, error) {
	w := Window{Kernel: c.Kernel, Stride: c.Stride, PadBefore: c.Padding, PadAfter: c.Padding}
	parts, err := alongAxes(in, w, func(windows []Window, last bool) Layer {
		return DepthwiseConv{Axes: windows, Same: c.Same, NoBias: c.NoBias || !last, Plan: c.Plan}
	})
	channels := Part{"channels", "channels", Conv{Out: c.Out, Kernel: 1, NoBias: true, Plan: c.Plan}}
	return series(append([]Part{channels}, parts...)...), err
}

// Name implements Layer.
func (c FlattenedConv) Name() string { return c.nameFor(0) }

func (c FlattenedConv) nameFor(axes int) string {
	return fmt.Sprintf("FlattenedConv %d@%s", c.Out, slide{kernel: c.Kernel}.size(axes))
}

// Check implements Layer.
func (c FlattenedConv) Check(in []int) (Info, error) { return CheckParts(c, in) }

// Build implements Layer.
func (c FlattenedConv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return BuildParts(c, scope, x)
}
