package cnnlib

import (
	"math"
	"slices"

	"convlab/internal/geometry"
)

// ONNX implements ONNXFormer. Operators of ONNX have no cells that overlap:
// those are cut out and reduced one by one.
func (p AdaptiveAvgPool) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	info, err := p.Check(in)
	if err != nil {
		return "", err
	}
	return adaptiveNodes(g, x, in, info, "GlobalAveragePool", "AveragePool", "ReduceMean"), nil
}

// ONNX implements ONNXFormer. Operators of ONNX have no cells that overlap:
// those are cut out and reduced one by one.
func (p AdaptiveMaxPool) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	info, err := p.Check(in)
	if err != nil {
		return "", err
	}
	return adaptiveNodes(g, x, in, info, "GlobalMaxPool", "MaxPool", "ReduceMax"), nil
}

func adaptiveNodes(g ONNXGraph, x string, in []int, info Info, global, pool, reduce string) string {
	sizes := info.Output[:len(in)-1]
	switch {
	case !slices.ContainsFunc(sizes, func(n int) bool { return n != 1 }):
		return g.Node(global, []string{x})
	case info.Window != nil:
		return g.Node(pool, []string{x}, windowAttributes(info.Window)...)
	}
	for axis, n := range sizes {
		if n == in[axis] {
			continue
		}
		at := g.Ints(2 + axis)
		cells := make([]string, n)
		for o := range cells {
			first, last := geometry.Cell(o, in[axis], n)
			cells[o] = g.Node(reduce, []string{g.Node("Slice", []string{x, g.Ints(first), g.Ints(last + 1), at}), at}, ONNXAttribute{"keepdims", 1})
		}
		x = g.Node("Concat", cells, ONNXAttribute{"axis", 2 + axis})
	}
	return x
}

// ONNX implements ONNXFormer. Where Resize would round in another way, the
// pixels are gathered.
func (u Upsample) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	if _, err := u.Check(in); err != nil {
		return "", err
	}
	all, err := u.axes(in[:len(in)-1])
	if err != nil {
		return "", err
	}
	attributes := []ONNXAttribute{{"mode", "nearest"}, {"coordinate_transformation_mode", "asymmetric"}, {"nearest_mode", "floor"}}
	if u.Linear {
		attributes = []ONNXAttribute{{"mode", "linear"}, {"coordinate_transformation_mode", "half_pixel"}}
		if u.AlignCorners {
			attributes[1].Value = "align_corners"
		}
	}
	scales, sizes, axes := []float32{1, 1}, []int{}, []int{}
	whole, bySizes, byScales := true, true, true
	for i, a := range all {
		scale, size := 1/a.ratio, float32(a.out)/float32(a.in)
		scales, sizes, axes = append(scales, scale), append(sizes, a.out), append(axes, 2+i)
		byScales = byScales && int(scale*float32(a.in)) == a.out && int(float64(scale)*float64(a.in)) == a.out && u.sameInONNX(a, scale)
		bySizes = bySizes && u.sameInONNX(a, size)
		whole = whole && scale == float32(a.times)
	}
	switch {
	case byScales && (whole || !bySizes):
		return g.Node("Resize", []string{x, "", g.Floats(scales, len(scales))}, attributes...), nil
	case bySizes:
		return g.Node("Resize", []string{x, "", "", g.Ints(sizes...)}, append(attributes, ONNXAttribute{"axes", axes})...), nil
	}
	for i, a := range all { // never if Linear: one of the two always holds
		if a.in != a.out {
			x = g.Node("Gather", []string{x, g.Ints(u.resampling(a).Low...)}, ONNXAttribute{"axis", 2 + i})
		}
	}
	return x, nil
}

// sameInONNX tells whether Resize takes the same pixels along an axis if it
// enlarges by scale: o/scale rounded down, in float32.
func (u Upsample) sameInONNX(a resized, scale float32) bool {
	if u.Linear {
		return u.AlignCorners || math.Abs(float64(scale*a.ratio)-1) < 1e-6
	}
	for o, i := range geometry.Nearest(a.in, a.out, a.ratio).Low {
		if min(int(float32(o)/scale), a.in-1) != i {
			return false
		}
	}
	return true
}

// ONNX implements ONNXFormer.
func (p Pad) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	sides, err := p.sides(len(in) - 1)
	if err != nil {
		return "", err
	}
	before, after := []int{0, 0}, []int{0, 0}
	for _, s := range sides {
		before, after = append(before, s[0]), append(after, s[1])
	}
	inputs := []string{x, g.Ints(append(before, after...)...)}
	if p.Value != 0 {
		inputs = append(inputs, g.Floats([]float32{float32(p.Value)}))
	}
	return g.Node("Pad", inputs, ONNXAttribute{"mode", map[PadMode]string{PadConstant: "constant", PadReflect: "reflect", PadReplicate: "edge"}[p.Mode]}), nil
}

// ONNX implements ONNXFormer.
func (c ChannelSlice) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	from, to := c.bounds(in[len(in)-1])
	return g.Node("Slice", []string{x, g.Ints(from), g.Ints(to), g.Ints(1)}), nil
}
