package cnnlib

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// onnxCase is one result of testdata/onnx.py.
type onnxCase struct {
	Op             string
	X, Kernel, Out []int
	By             []string // who gives this result: onnxruntime, ONNX's reference implementation
	Y              floats
	Attributes     struct {
		Group           int
		AutoPad         string  `json:"auto_pad"`
		KernelShape     []int64 `json:"kernel_shape"`
		Strides         []int64
		Dilations       []int64
		Pads            []int64
		CeilMode        int     `json:"ceil_mode"`
		CountIncludePad int     `json:"count_include_pad"`
		OutputPadding   []int64 `json:"output_padding"`
		OutputShape     []int64 `json:"output_shape"`
	}
}

// apply makes the layer that the node is.
func (c onnxCase) apply(x, kernel *graph.Node) (Layer, func() *graph.Node, error) {
	a, spatial := c.Attributes, c.X[1:len(c.X)-1]
	if len(a.KernelShape) == 0 {
		for _, k := range c.Kernel[:len(spatial)] {
			a.KernelShape = append(a.KernelShape, int64(k))
		}
	}
	windows, err := geometry.Attributes{AutoPad: a.AutoPad, KernelShape: a.KernelShape, Strides: a.Strides, Dilations: a.Dilations, Pads: a.Pads,
		CeilMode: a.CeilMode == 1, OutputPadding: a.OutputPadding, OutputShape: a.OutputShape}.Windows(spatial, c.Op == "ConvTranspose")
	if err != nil {
		return nil, nil, err
	}
	var axes []Window
	var more []int
	for _, w := range slidings(windows) {
		axes, more = append(axes, w.Window), append(more, w.OutputPadding)
	}
	ceil := windows[0].Ceil
	switch c.Op {
	case "Conv":
		l := Conv{Out: c.Kernel[len(c.Kernel)-1], Axes: axes, Groups: a.Group}
		return l, func() *graph.Node { return Convolve(x, kernel, l) }, nil
	case "ConvTranspose":
		l := TransposedConv{Out: c.Kernel[len(c.Kernel)-2] * orOne(a.Group), Axes: axes, OutputPaddings: more, Groups: a.Group}
		return l, func() *graph.Node { return ConvolveTransposed(x, kernel, l) }, nil
	case "MaxPool":
		l := MaxPool{Axes: axes, Ceil: ceil}
		return l, func() *graph.Node { return l.Build(nil, x) }, nil
	}
	l := AvgPool{Axes: axes, Ceil: ceil, ExcludePad: a.CountIncludePad == 0}
	return l, func() *graph.Node { return l.Build(nil, x) }, nil
}

func TestLayersEqualONNX(t *testing.T) {
	cases := readGolden[onnxCase](t, "testdata/onnx.json.gz", 400)
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for i, c := range cases {
			if err := checkONNXCase(b, c); err != nil {
				t.Errorf("case %d, %s %+v on %v (by %v): %v", i, c.Op, c.Attributes, c.X, c.By, err)
			}
		}
	})
}

func checkONNXCase(b compute.Backend, c onnxCase) error {
	l, _, err := c.apply(nil, nil)
	if err != nil {
		return err
	}
	info, err := l.Check(c.X[1:])
	if err != nil {
		return err
	}
	if got := append([]int{c.X[0]}, info.Output...); !slices.Equal(got, c.Out) {
		return fmt.Errorf("output %v, want %v", got, c.Out)
	}
	dims := c.Kernel
	if dims == nil {
		dims = []int{1}
	}
	y, err := graph.CallOnce(b, func(x, kernel *graph.Node) *graph.Node {
		_, build, _ := c.apply(x, kernel)
		return build()
	}, tensors.FromFlatDataAndDimensions(goldenValues(c.X, 1), c.X...), tensors.FromFlatDataAndDimensions(goldenValues(dims, 2), dims...))
	if err != nil {
		return err
	}
	return apart(tensors.MustCopyFlatData[float32](y), c.Y, 1e-5)
}

// recorder is a graph of which only the operators are kept, and the attributes
// of the last one.
type recorder struct {
	ops  []string
	last map[string]any
}

func (g *recorder) Node(op string, _ []string, attributes ...ONNXAttribute) string {
	g.ops, g.last = append(g.ops, op), map[string]any{}
	for _, a := range attributes {
		g.last[a.Name] = a.Value
	}
	return op
}

func (g *recorder) Floats([]float32, ...int) string { return "floats" }

func (g *recorder) Ints(...int) string { return "ints" }

// writtenCase is a layer, and the operators that write it.
type writtenCase struct {
	layer Layer
	in    []int
	ops   string
}

func areWritten(t *testing.T, cases []writtenCase) {
	t.Helper()
	for _, c := range cases {
		info, err := c.layer.Check(c.in)
		if err != nil {
			t.Fatalf("%s: %v", c.layer.Name(), err)
		}
		var weights []string
		for _, w := range info.Weights {
			weights = append(weights, w.Name)
		}
		var g recorder
		if _, err := c.layer.(ONNXFormer).ONNX(&g, "x", c.in, weights); err != nil || strings.Join(g.ops, " ") != c.ops {
			t.Errorf("%s on %v is written as %q, %v, want %q", c.layer.Name(), c.in, g.ops, err, c.ops)
		}
	}
}
