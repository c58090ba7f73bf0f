package cnnlib

import (
	"fmt"
	"slices"
	"strings"

	"convlab/cnnlib/internal/lower"
	"convlab/internal/geometry"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// AdaptiveAvgPool shares the pixels out to a fixed number of cells and takes
// the mean of each, whatever the size of the input. Cell o of n along an axis
// of so many pixels reads those from o·pixels/n, rounded down, to
// (o+1)·pixels/n, rounded up, the last not included; so cells overlap where
// the one does not divide the other, and there may be more cells than pixels.
//
// x: [batch, height, width, channels] → [batch, Size, Size, channels].
type AdaptiveAvgPool struct {
	Size  int   // pixels of the output along every spatial axis
	Sizes []int // if set, a size per spatial axis in place of Size
}

// Name implements Layer.
func (p AdaptiveAvgPool) Name() string { return p.nameFor(0) }

func (p AdaptiveAvgPool) nameFor(axes int) string {
	return "AdaptiveAvgPool " + sizesName(p.Size, p.Sizes, axes)
}

// Check implements Layer.
func (p AdaptiveAvgPool) Check(in []int) (Info, error) { return adaptiveInfo(p.Size, p.Sizes, in) }

// Reach implements Reacher.
func (p AdaptiveAvgPool) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Span implements Spanner.
func (p AdaptiveAvgPool) Span(in []int, axis, first, last int) (from, to int) {
	return cellSpan(p.Size, p.Sizes, in, axis, first, last)
}

// Build implements Layer.
func (p AdaptiveAvgPool) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	mean := func(x *graph.Node, axis int) *graph.Node { return graph.ReduceMean(x, axis) }
	y := graph.ConvertDType(x, dtypes.Float32)
	for axis, n := range mustSizes(p, p.Size, p.Sizes, x) {
		y = lower.Adapt(y, axis+1, n, mean)
	}
	return graph.ConvertDType(y, x.DType())
}

// AdaptiveMaxPool shares the pixels out to a fixed number of cells, as
// AdaptiveAvgPool does, and keeps the largest value of each. The gradient goes
// to the first of equals; a NaN stays one.
//
// x: [batch, height, width, channels] → [batch, Size, Size, channels].
type AdaptiveMaxPool struct {
	Size  int   // pixels of the output along every spatial axis
	Sizes []int // if set, a size per spatial axis in place of Size
}

// Name implements Layer.
func (p AdaptiveMaxPool) Name() string { return p.nameFor(0) }

func (p AdaptiveMaxPool) nameFor(axes int) string {
	return "AdaptiveMaxPool " + sizesName(p.Size, p.Sizes, axes)
}

// Check implements Layer.
func (p AdaptiveMaxPool) Check(in []int) (Info, error) { return adaptiveInfo(p.Size, p.Sizes, in) }

// Reach implements Reacher.
func (p AdaptiveMaxPool) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Span implements Spanner.
func (p AdaptiveMaxPool) Span(in []int, axis, first, last int) (from, to int) {
	return cellSpan(p.Size, p.Sizes, in, axis, first, last)
}

// Build implements Layer. The last axis comes first, so that of equals that
// one is kept which stands first in the order of rows.
func (p AdaptiveMaxPool) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	sizes := mustSizes(p, p.Size, p.Sizes, x)
	if windows := evenCells(x.Shape().Dimensions[1:], sizes); windows != nil {
		if size := tiles(windows); size != nil {
			return lower.MaxTiles(x, size)
		}
	}
	for axis := len(sizes) - 1; axis >= 0; axis-- {
		x = lower.Adapt(x, axis+1, sizes[axis], lower.MaxAlong)
	}
	return x
}

// sizesOf is a size per spatial axis, from the two fields that say it.
func sizesOf(size int, sizes []int, axes int) ([]int, error) {
	switch {
	case sizes == nil:
		sizes = slices.Repeat([]int{size}, axes)
	case size != 0:
		return nil, fmt.Errorf("set either Size or Sizes, not both")
	case len(sizes) != axes:
		return nil, fmt.Errorf("there are %d Sizes, the input has %d spatial axes", len(sizes), axes)
	}
	for i, n := range sizes {
		if n < 1 {
			return nil, fmt.Errorf("%s: the output's size must be at least 1, got %d", geometry.AxisName(i, axes), n)
		}
	}
	return sizes, nil
}

// sizesName writes sizes as "7x7"; axes is the number of spatial axes, 0 or
// less if they are not known.
func sizesName(size int, sizes []int, axes int) string {
	if sizes == nil {
		if axes <= 0 {
			axes = 2
		}
		sizes = slices.Repeat([]int{size}, axes)
	}
	texts := make([]string, len(sizes))
	for i, n := range sizes {
		texts[i] = fmt.Sprint(n)
	}
	return strings.Join(texts, "x")
}

func adaptiveInfo(size int, sizes, in []int) (Info, error) {
	spatial, channels, err := images(in)
	if err != nil {
		return Info{}, err
	}
	if sizes, err = sizesOf(size, sizes, len(spatial)); err != nil {
		return Info{}, err
	}
	out := append(slices.Clone(sizes), channels)
	if _, err := geometry.Size(out...); err != nil {
		return Info{}, err
	}
	info := Info{Output: out}
	if windows := evenCells(spatial, sizes); windows != nil {
		info.Window = slidings(windows)
	}
	return info, nil
}

// evenCells is the windows of cells that share the pixels out without rest;
// nil if they do not.
func evenCells(in, sizes []int) []geometry.Window {
	var windows []geometry.Window
	for i, n := range sizes {
		if in[i]%n != 0 {
			return nil
		}
		windows = append(windows, geometry.Window{Kernel: in[i] / n, Stride: in[i] / n, Dilation: 1})
	}
	return windows
}

// cellSpan is the pixels along an axis that the cells first to last read.
func cellSpan(size int, sizes, in []int, axis, first, last int) (from, to int) {
	sizes, err := sizesOf(size, sizes, len(in)-1)
	if err != nil || axis >= len(sizes) {
		return 0, -1
	}
	out := sizes[axis]
	from, _ = geometry.Cell(first, in[axis], out)
	_, to = geometry.Cell(last, in[axis], out)
	return from, to
}

// mustSizes is the sizes in the graph of x, where l has been checked.
func mustSizes(l Layer, size int, sizes []int, x *graph.Node) []int {
	in := x.Shape().Dimensions[1:]
	if _, err := l.Check(in); err != nil {
		panic(fmt.Errorf("cnnlib: %s: %w", nameOf(l, in), err))
	}
	sizes, _ = sizesOf(size, sizes, len(in)-1)
	return sizes
}
