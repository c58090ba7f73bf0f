package geometry

import (
	"fmt"
	"math"
)

// Conv is a convolution as arithmetic: one window per spatial axis, channels
// and groups. Its kernel is [spatial..., In/Groups, Out]; if the windows are
// transposed it is that of the convolution it is the transpose of, [spatial...,
// Out/Groups, In].
type Conv struct {
	Windows []Window
	In, Out int // channels
	Groups  int
}

// Check reports why no convolution is like c.
func (c Conv) Check() error {
	switch {
	case len(c.Windows) == 0:
		return fmt.Errorf("needs at least one spatial axis")
	case c.In < 1:
		return fmt.Errorf("needs at least 1 input channel, got %d", c.In)
	case c.Out < 1:
		return fmt.Errorf("needs at least 1 output channel, got %d", c.Out)
	case c.Groups < 1:
		return fmt.Errorf("needs at least 1 group, got %d", c.Groups)
	case c.In%c.Groups != 0:
		return fmt.Errorf("%d input channels cannot be split into %d groups", c.In, c.Groups)
	case c.Out%c.Groups != 0:
		return fmt.Errorf("%d output channels cannot be split into %d groups", c.Out, c.Groups)
	}
	return nil
}

var axisNames = map[int][]string{1: {"length"}, 2: {"height", "width"}, 3: {"depth", "height", "width"}}

// AxisName names spatial axis i of n: "length", "height", "width", "depth".
func AxisName(i, n int) string {
	if names := axisNames[n]; i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("axis %d", i)
}

// Output is the spatial size of the output for an input of spatial size in.
func Output(windows []Window, in []int) ([]int, error) {
	if len(windows) != len(in) {
		return nil, fmt.Errorf("windows for %d spatial axes, but the input has %d", len(windows), len(in))
	}
	out := make([]int, len(in))
	for i, w := range windows {
		n, err := w.OutputSize(in[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", AxisName(i, len(in)), err)
		}
		out[i] = n
	}
	return out, nil
}

// maxNumbers bounds every tensor, so that sizes never overflow.
const maxNumbers = 1 << 40

// Size multiplies dims; it is an error if a tensor that large cannot be.
func Size(dims ...int) (int64, error) {
	total := int64(1)
	for _, d := range dims {
		if d < 1 {
			return 0, fmt.Errorf("sizes must be at least 1, got %v", dims)
		}
		if int64(d) > maxNumbers/total {
			return 0, fmt.Errorf("a tensor of shape %v is too large", dims)
		}
		total *= int64(d)
	}
	return total, nil
}

// KernelShape is [spatial..., In/Groups, Out], or [spatial..., Out/Groups, In]
// of a transposed convolution.
func (c Conv) KernelShape() []int {
	var shape []int
	for _, w := range c.Windows {
		shape = append(shape, w.Kernel)
	}
	if c.Windows[0].Transposed {
		return append(shape, c.Out/c.Groups, c.In)
	}
	return append(shape, c.In/c.Groups, c.Out)
}

// Cost counts the numbers of the kernel and the multiply-accumulates for one
// input of spatial size in. Products with padding are counted, as is usual.
func (c Conv) Cost(in []int) (params, macs int64, err error) {
	if err := c.Check(); err != nil {
		return 0, 0, err
	}
	out, err := Output(c.Windows, in)
	if err != nil {
		return 0, 0, err
	}
	if params, err = Size(c.KernelShape()...); err != nil {
		return 0, 0, err
	}
	if _, err := Size(append([]int{c.Out}, out...)...); err != nil {
		return 0, 0, err
	}
	positions := out
	if c.Windows[0].Transposed {
		positions = in
	}
	macs = params
	for _, p := range positions {
		if macs > math.MaxInt64/int64(p) {
			return 0, 0, fmt.Errorf("%v output positions of a kernel with %d numbers are too many", positions, params)
		}
		macs *= int64(p)
	}
	return params, macs, nil
}
