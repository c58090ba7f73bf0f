package tests

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// layerOf is the layer that the controls of the page describe.
func (l liveLayer) layerOf(axes, along int) cnnlib.Layer {
	windows := make([]cnnlib.Window, axes)
	for i := range windows {
		windows[i] = cnnlib.Window{Kernel: 1, Stride: 1}
		if along >= 0 && along != i {
			continue
		}
		windows[i] = cnnlib.Window{Kernel: l.K, Stride: l.S, Dilation: l.D, PadBefore: l.P, PadAfter: l.P}
		if l.Causal {
			windows[i].PadBefore, windows[i].PadAfter = l.D*(l.K-1), 0
		}
	}
	switch l.Kind {
	case "plain":
		return cnnlib.Conv{Out: l.Out, Axes: windows, NoBias: true}
	case "grouped":
		return cnnlib.Conv{Out: l.Out, Axes: windows, Groups: l.G, NoBias: true}
	case "shuffled":
		return cnnlib.Sequential{cnnlib.Conv{Out: l.Out, Axes: windows, Groups: l.G, NoBias: true}, cnnlib.ChannelShuffle{Groups: l.G}}
	case "depthwise":
		return cnnlib.DepthwiseConv{Axes: windows, NoBias: true}
	case "transposed":
		return cnnlib.TransposedConv{Out: l.Out, Axes: windows, OutputPadding: l.OP, NoBias: true}
	case "relu":
		return cnnlib.ReLU{}
	case "maxpool":
		return cnnlib.MaxPool{Axes: windows}
	}
	return cnnlib.AvgPool{Axes: windows}
}

func (c *liveCheck) run(b compute.Backend) {
	if c.read.Soft != nil {
		c.softmax()
		return
	}
	axes := c.read.Axes
	c.in = []int{}
	for range axes {
		c.in = append(c.in, c.setting.N)
	}
	c.in = append(c.in, c.read.Channels)
	shape := c.in
	fits := true
	for l, layer := range c.read.Layers {
		along := -1
		if c.setting.Example == spatialExample || c.setting.Example == flatExample && l > 0 {
			along = l
			if c.setting.Example == flatExample {
				along = l - 1
			}
		}
		built := layer.layerOf(axes, along)
		place, err := cnnlib.Resolve(built, shape)
		if err != nil {
			if c.read.Problem == "" {
				c.t.Errorf("layer %d is shown, but cnnlib says %v", l, err)
			}
			fits = false
			break
		}
		c.net, c.places, shape = append(c.net, built), append(c.places, place), place.Info.Output
		c.formula(l, layer.Formula)
	}
	if fits && c.read.Problem != "" {
		c.t.Errorf("the page says %q, but cnnlib finds nothing wrong", c.read.Problem)
	}
	if len(c.read.Values.Maps) != len(c.places)+1 {
		c.t.Errorf("%d maps are shown for %d layers that fit", len(c.read.Values.Maps), len(c.places))
		return
	}
	values, gradients, kernelGradients, err := c.compute(b)
	if err != nil {
		c.t.Error(err)
		return
	}
	for m := range values {
		c.closeAll(fmt.Sprintf("map %d", m), c.read.Values.Maps[m], values[m])
		c.closeAll(fmt.Sprintf("gradient of map %d", m), c.read.Gradients.Maps[m], gradients[m])
	}
	for l, want := range kernelGradients {
		if want != nil {
			c.closeAll(fmt.Sprintf("gradient of kernel %d", l), c.read.Gradients.Kernels[l], want)
		}
	}
	for _, pad := range append(slices.Clone(c.read.Values.Pads), c.read.Gradients.Pads...) {
		c.close("padding", pad, 0, 0)
	}
	c.together(b)
	for _, p := range c.read.Picks {
		c.pick(p, c.read.Values, false)
	}
	for _, p := range c.read.BackPicks {
		c.pick(p, c.read.Gradients, true)
	}
}

// formula compares the sizes, the costs and the receptive field of layer l.
func (c *liveCheck) formula(l int, text string) {
	place := c.places[l]
	info := place.Info
	sizes := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		if m := formulaEnd.FindStringSubmatch(line); m != nil {
			sizes[m[1]] = true
		}
	}
	for size := range sizes {
		c.compared++
		if !slices.ContainsFunc(info.Output[:c.read.Axes], func(n int) bool { return fmt.Sprint(n) == size }) {
			c.t.Errorf("layer %d: a formula gives %s, cnnlib's output is %v", l, size, info.Output)
		}
	}
	if len(sizes) == 0 && c.read.Layers[l].Kind != "relu" {
		c.t.Errorf("layer %d: no size in %q", l, text)
	}
	if m := costs.FindStringSubmatch(text); m != nil {
		c.close("weights", m[1], float64(info.Params()), 0)
		c.close("multiplications", m[2], float64(info.MACs), 0)
	} else if info.Params() > 0 {
		c.t.Errorf("layer %d: no costs in %q", l, text)
	}
	if m := field.FindStringSubmatch(text); m != nil {
		fields, err := c.net.ReceptiveField(c.in, cnnlib.Path(fmt.Sprint(l)))
		if err != nil {
			c.t.Error(err)
			return
		}
		said, jumps := strings.Split(m[1], "×"), strings.Split(m[2], "×")
		for axis, f := range fields {
			c.close("receptive field", said[min(axis, len(said)-1)], float64(f.Size), 0)
			c.close("jump", jumps[min(axis, len(jumps)-1)], f.Jump, 0)
		}
	}
}

// fromPage turns numbers in the order of the page, channels first, into the
// library's, channels last; inverse is the way back. The kernel's are filter,
// channel, spatial there and spatial, channel, filter here.
func fromPage(numbers []string, spatial, channels int) []float32 {
	flat := make([]float32, len(numbers))
	for i, s := range numbers {
		c, at := i/spatial, i%spatial
		flat[at*channels+c] = float32(number(s))
	}
	return flat
}

func toPage(flat []float32, spatial, channels int) []float64 {
	out := make([]float64, len(flat))
	for i, v := range flat {
		out[i%channels*spatial+i/channels] = float64(v)
	}
	return out
}

// weight is the shape of layer l's kernel, nil if it has none, and whether its
// channels stand the other way round.
func (c *liveCheck) weight(l int) (shape []int, turned bool) {
	if len(c.places[l].Info.Weights) == 0 {
		return nil, false
	}
	return c.places[l].Info.Weights[0].Shape, c.read.Layers[l].Kind == "transposed"
}

func (c *liveCheck) kernel(l int) []float32 {
	shape, turned := c.weight(l)
	axes := c.read.Axes
	in, out, spatial := shape[axes], shape[axes+1], geometry.Volume(shape[:axes])
	if turned {
		in, out = out, in
	}
	flat := make([]float32, len(c.read.Values.Kernels[l]))
	for i, s := range c.read.Values.Kernels[l] {
		o, k, at := i/(in*spatial), i/spatial%in, i%spatial
		if turned {
			flat[(at*out+o)*in+k] = float32(number(s))
		} else {
			flat[(at*in+k)*out+o] = float32(number(s))
		}
	}
	return flat
}

func (c *liveCheck) kernelToPage(l int, flat []float32) []float64 {
	shape, turned := c.weight(l)
	axes := c.read.Axes
	in, out, spatial := shape[axes], shape[axes+1], geometry.Volume(shape[:axes])
	if turned {
		in, out = out, in
	}
	all := make([]float64, len(flat))
	for i := range all {
		o, k, at := i/(in*spatial), i/spatial%in, i%spatial
		if turned {
			all[i] = float64(flat[(at*out+o)*in+k])
		} else {
			all[i] = float64(flat[(at*in+k)*out+o])
		}
	}
	return all
}

// apply is layer l on nodes.
func (c *liveCheck) apply(l int, x, kernel *graph.Node) *graph.Node {
	switch layer := c.net[l].(type) {
	case cnnlib.Conv:
		return cnnlib.Convolve(x, kernel, layer)
	case cnnlib.Sequential:
		return cnnlib.Shuffle(cnnlib.Convolve(x, kernel, layer[0].(cnnlib.Conv)), layer[1].(cnnlib.ChannelShuffle).Groups)
	case cnnlib.DepthwiseConv:
		return cnnlib.Convolve(x, kernel, cnnlib.Conv{Groups: x.Shape().Dimensions[x.Rank()-1], Axes: layer.Axes})
	case cnnlib.TransposedConv:
		return cnnlib.ConvolveTransposed(x, kernel, layer)
	}
	return c.net[l].Build(nil, x)
}

// compute runs the layers by cnnlib on the numbers that the page shows as
// input and kernels, and their gradients, in the page's order.
func (c *liveCheck) compute(b compute.Backend) (values, gradients, kernelGradients [][]float64, err error) {
	shapes := [][]int{c.in}
	for _, p := range c.places {
		shapes = append(shapes, p.Info.Output)
	}
	node := func(s []int) (spatial, channels int) { return geometry.Volume(s[:len(s)-1]), s[len(s)-1] }
	tensor := func(numbers []string, s []int) *tensors.Tensor {
		spatial, channels := node(s)
		return tensors.FromFlatDataAndDimensions(fromPage(numbers, spatial, channels), append([]int{1}, s...)...)
	}
	last := len(shapes) - 1
	if len(c.read.Values.Maps[0]) != geometry.Volume(c.in) || len(c.read.Gradients.Maps[last]) != geometry.Volume(shapes[last]) {
		return nil, nil, nil, fmt.Errorf("%d inputs and %d outputs are shown, for shapes %v", len(c.read.Values.Maps[0]), len(c.read.Gradients.Maps[last]), shapes)
	}
	args := []any{tensor(c.read.Values.Maps[0], c.in), tensor(c.read.Gradients.Maps[last], shapes[last])}
	for l := range c.places {
		if shape, _ := c.weight(l); shape != nil {
			args = append(args, tensors.FromFlatDataAndDimensions(c.kernel(l), shape...))
		}
	}
	results, err := graph.CallOnceN(b, func(nodes []*graph.Node) []*graph.Node {
		maps, kernels, x := []*graph.Node{nodes[0]}, nodes[2:], nodes[0]
		for l := range c.places {
			var kernel *graph.Node
			if shape, _ := c.weight(l); shape != nil {
				kernel, kernels = kernels[0], kernels[1:]
			}
			x = c.apply(l, x, kernel)
			maps = append(maps, x)
		}
		loss := graph.ReduceAllSum(graph.Mul(x, nodes[1]))
		return append(maps, graph.Gradient(loss, append(slices.Clone(maps), nodes[2:]...)...)...)
	}, args...)
	if err != nil {
		return nil, nil, nil, err
	}
	flat := func(t *tensors.Tensor) []float32 {
		v, copyErr := tensors.CopyFlatData[float32](t)
		if copyErr != nil {
			err = copyErr
		}
		return v
	}
	for m, s := range shapes {
		spatial, channels := node(s)
		values = append(values, toPage(flat(results[m]), spatial, channels))
		gradients = append(gradients, toPage(flat(results[len(shapes)+m]), spatial, channels))
	}
	at := 2 * len(shapes)
	for l := range c.places {
		if shape, _ := c.weight(l); shape == nil {
			kernelGradients = append(kernelGradients, nil)
			continue
		}
		kernelGradients = append(kernelGradients, c.kernelToPage(l, flat(results[at])))
		at++
	}
	return values, gradients, kernelGradients, err
}

// together: the one kernel that several layers equal gives the same output,
// where no layer pads in between.
func (c *liveCheck) together(b compute.Backend) {
	numbers := c.read.Values.Together
	if len(numbers) == 0 || slices.ContainsFunc(c.read.Layers, func(l liveLayer) bool { return l.P > 0 }) {
		return
	}
	axes, out := c.read.Axes, c.places[len(c.places)-1].Info.Output
	outputs, channels := out[axes], c.in[axes]
	windows, shape := make([]cnnlib.Window, axes), []int{}
	for i := range windows {
		windows[i] = cnnlib.Window{Kernel: c.in[i] - out[i] + 1, Stride: 1}
		shape = append(shape, windows[i].Kernel)
	}
	spatial := geometry.Volume(shape)
	kernel := make([]float32, len(numbers))
	if len(kernel) != spatial*channels*outputs {
		c.t.Errorf("the layers together have %d weights, should be %d", len(kernel), spatial*channels*outputs)
		return
	}
	for i, s := range numbers {
		kernel[(i%spatial*channels+i/spatial%channels)*outputs+i/(channels*spatial)] = float32(number(s))
	}
	y, err := graph.CallOnce(b, func(x, k *graph.Node) *graph.Node { return cnnlib.Convolve(x, k, cnnlib.Conv{Axes: windows}) },
		tensors.FromFlatDataAndDimensions(fromPage(c.read.Values.Maps[0], geometry.Volume(c.in[:axes]), channels), append([]int{1}, c.in...)...),
		tensors.FromFlatDataAndDimensions(kernel, append(shape, channels, outputs)...))
	if err != nil {
		c.t.Error(err)
		return
	}
	flat, err := tensors.CopyFlatData[float32](y)
	if err != nil {
		c.t.Error(err)
		return
	}
	want := toPage(flat, geometry.Volume(out[:axes]), outputs)
	c.closeAll("the layers together", c.read.Values.Maps[len(c.places)], want)
}

func (c *liveCheck) softmax() {
	r := c.read.Soft
	logits := make([]float32, len(r.Z))
	for i, s := range r.Z {
		logits[i] = float32(number(s))
		c.close("a logit", s, c.setting.Z[i], 0)
		c.close("a power", r.Power[i], math.Exp(c.setting.Z[i]), 0)
	}
	p := cnnlib.Softmax(logits)
	for i, v := range p {
		c.closeSmall("a probability", r.P[i], float64(v))
		want := float64(v)
		if i == c.setting.Target {
			want--
		}
		c.closeSmall("a gradient", r.DZ[i], want)
	}
	c.closeSmall("the loss", r.Loss, -math.Log(float64(p[c.setting.Target])))
	parts := strings.Split(r.Formula, "= ")
	c.closeSmall("the formula", parts[len(parts)-1], float64(p[c.setting.Target]))
}

// closeSmall compares numbers that may be far below 1.
func (c *liveCheck) closeSmall(what, got string, want float64) {
	c.t.Helper()
	c.compared++
	if v := number(got); !(math.Abs(v-want) <= 6e-4*math.Abs(want)+1e-7) {
		c.t.Errorf("%s: the page shows %s, cnnlib computes %g", what, got, want)
	}
}
