package cnnlib

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"convlab/cnnlib/internal/lower"
	"convlab/internal/geometry"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Upsample resizes maps without weights: each pixel of the output is the
// nearest one of the input, or with Linear the mean of the nearest two along
// every axis, weighted by their distance (linear, bilinear and trilinear in
// PyTorch). One of Factor, Factors, Size and Sizes says how large the output
// is.
//
// x: [batch, height, width, channels] → [batch, height', width', channels]
// with height' = height·Factor, rounded down, or Size.
type Upsample struct {
	Factor       float64   // of every spatial axis; below 1 makes the map smaller
	Factors      []float64 // one per spatial axis
	Size         int       // pixels of the output along every spatial axis
	Sizes        []int     // pixels of the output, one per spatial axis
	Linear       bool
	AlignCorners bool // Linear: the centres of the corner pixels lie on one another, not the corners of the maps
}

// Name implements Layer.
func (u Upsample) Name() string { return u.nameFor(0) }

func (u Upsample) nameFor(axes int) string {
	name := "Upsample "
	switch {
	case u.Size != 0 || u.Sizes != nil:
		name += "to " + sizesName(u.Size, u.Sizes, axes)
	case u.Factors != nil:
		texts := make([]string, len(u.Factors))
		for i, f := range u.Factors {
			texts[i] = fmt.Sprintf("x%g", f)
		}
		name += strings.Join(texts, ",")
	default:
		name += fmt.Sprintf("x%g", u.Factor)
	}
	if u.Linear {
		kind, known := map[int]string{1: " linear", 3: " trilinear"}[axes]
		if !known {
			kind = " bilinear"
		}
		name += kind
	}
	if u.AlignCorners {
		name += " corners"
	}
	return name
}

// resized is what Upsample does along one axis.
type resized struct {
	in, out int
	ratio   float32 // inputs per output
	times   int     // pixels of the output for each of the input, or 0 if they are not all alike
}

// axes tells what happens along each spatial axis.
func (u Upsample) axes(spatial []int) ([]resized, error) {
	n, set := len(spatial), 0
	for _, is := range []bool{u.Factor != 0, u.Factors != nil, u.Size != 0, u.Sizes != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		return nil, fmt.Errorf("set one of Factor, Factors, Size and Sizes, got %d of them", set)
	}
	if u.AlignCorners && !u.Linear {
		return nil, fmt.Errorf("AlignCorners is for Linear only")
	}
	all := make([]resized, n)
	if u.Size != 0 || u.Sizes != nil {
		sizes, err := sizesOf(u.Size, u.Sizes, n)
		if err != nil {
			return nil, err
		}
		for i, out := range sizes {
			all[i] = resized{in: spatial[i], out: out, ratio: float32(spatial[i]) / float32(out)}
		}
	} else {
		factors := u.Factors
		if factors == nil {
			factors = slices.Repeat([]float64{u.Factor}, n)
		}
		if len(factors) != n {
			return nil, fmt.Errorf("there are %d Factors, the input has %d spatial axes", len(factors), n)
		}
		for i, f := range factors {
			out := float64(spatial[i]) * f
			if !(f > 0) || !(out >= 1 && out <= math.MaxInt32) {
				return nil, fmt.Errorf("%s: a factor of %g makes %g pixels of %d", geometry.AxisName(i, n), f, out, spatial[i])
			}
			all[i] = resized{in: spatial[i], out: int(out), ratio: float32(1 / f)}
		}
	}
	for i := range all {
		all[i].times = u.times(all[i])
	}
	return all, nil
}

// times is how many pixels the output has for each of the input, if it has
// them in the same way for all of them; else 0.
func (u Upsample) times(a resized) int {
	times := a.out / a.in
	switch {
	case a.out != times*a.in:
		return 0
	case times == 1, times == 2 && !u.Linear:
		return times // whatever the ratio
	case u.AlignCorners, a.ratio != 1/float32(times):
		return 0
	}
	if !u.Linear { // which rounds down: the quotient may have come out too small
		for i := 1; i < a.in; i++ {
			if int(float32(i*times)*a.ratio) != i || int(float32(i*times-1)*a.ratio) != i-1 {
				return 0
			}
		}
	}
	return times
}

// resampling is which inputs make each output along an axis.
func (u Upsample) resampling(a resized) geometry.Resampling {
	if u.Linear {
		return geometry.Linear(a.in, a.out, a.ratio, u.AlignCorners)
	}
	return geometry.Nearest(a.in, a.out, a.ratio)
}

// window is how a factor slides: like a transposed convolution with as many
// taps as one pixel reaches.
func (u Upsample) window(times int) Sliding {
	w := Sliding{Window: Window{Kernel: times, Stride: times, Dilation: 1}, Transposed: true}
	if u.Linear {
		w.Kernel = 2*times - times%2
		w.PadBefore, w.PadAfter = times/2, times/2
	}
	return w
}

// Check implements Layer.
func (u Upsample) Check(in []int) (Info, error) {
	spatial, channels, err := images(in)
	if err != nil {
		return Info{}, err
	}
	axes, err := u.axes(spatial)
	if err != nil {
		return Info{}, err
	}
	var info Info
	even := true
	for _, a := range axes {
		info.Output = append(info.Output, a.out)
		info.Window = append(info.Window, u.window(a.times))
		even = even && a.times > 0
	}
	if !even {
		info.Window = nil
	}
	info.Output = append(info.Output, channels)
	_, err = geometry.Size(info.Output...)
	return info, err
}

// Reach implements Reacher.
func (u Upsample) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Span implements Spanner.
func (u Upsample) Span(in []int, axis, first, last int) (from, to int) {
	axes, err := u.axes(in[:len(in)-1])
	if err != nil || axis >= len(axes) {
		return 0, -1
	}
	return u.resampling(axes[axis]).Span(first, last)
}

// Build implements Layer. Whole factors need no gather; the axes that grow
// least come first.
func (u Upsample) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	in := x.Shape().Dimensions[1:]
	if _, err := u.Check(in); err != nil {
		panic(fmt.Errorf("cnnlib: %s: %w", nameOf(u, in), err))
	}
	axes, _ := u.axes(in[:len(in)-1])
	if !u.Linear {
		times := make([]int, len(axes))
		for i, a := range axes {
			times[i] = max(a.times, 1)
			if a.times == 0 {
				x = lower.Resample(x, i+1, u.resampling(a))
			}
		}
		return lower.Repeat(x, times)
	}
	y := graph.ConvertDType(x, dtypes.Float32)
	for i, a := range axes {
		switch {
		case a.times == 1:
		case a.times > 1:
			y = lower.Enlarge(y, i+1, a.times)
		default:
			y = lower.Resample(y, i+1, u.resampling(a))
		}
	}
	return graph.ConvertDType(y, x.DType())
}
