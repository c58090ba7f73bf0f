package convviz

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib"
)

// clickNet is a trained network as click/network.js takes it. Byte slices
// become base64.
type clickNet struct {
	Size  []int       `json:"size"` // of the input: height, width, channels
	Mean  []float32   `json:"mean"`
	Std   []float32   `json:"std"`
	Steps []clickStep `json:"steps"`
}

type clickStep struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Out   []int  `json:"out"` // height, width, channels; of a layer without places 1, 1, units
	Of    []int  `json:"of"`  // what it reads: 0 is the picture, n what the step before the n-th gives

	// Of a window, per axis.
	Kernel   []int `json:"k,omitempty"`
	Stride   []int `json:"s,omitempty"`
	Before   []int `json:"before,omitempty"` // padding
	After    []int `json:"after,omitempty"`
	Dilation []int `json:"d,omitempty"`
	Groups   int   `json:"groups,omitempty"`
	Excludes bool  `json:"excludes,omitempty"` // a mean leaves the padding out

	Weight *packed `json:"weight,omitempty"`
	Bias   []byte  `json:"bias,omitempty"`
	Mean   []byte  `json:"mean,omitempty"`  // of a normalisation
	Scale  []byte  `json:"scale,omitempty"` // and what it multiplies with

	Function string  `json:"function,omitempty"` // of single numbers
	Number   float64 `json:"number,omitempty"`   // what the function also needs
}

// packed are weights whose last axis is the filter: 16-bit numbers, each
// times its filter's step. So a weight is off by at most a 65,534th of the
// filter's largest.
type packed struct {
	Units []byte `json:"units"`
	Steps []byte `json:"steps"`
}

func pack(weights []float32, filters int) *packed {
	const most = math.MaxInt16
	steps := make([]float32, filters)
	for i, w := range weights {
		steps[i%filters] = max(steps[i%filters], float32(math.Abs(float64(w)))/most)
	}
	var p packed
	for i, w := range weights {
		unit := int16(0)
		if step := steps[i%filters]; step > 0 {
			unit = int16(min(max(math.Round(float64(w/step)), -most), most))
		}
		p.Units = binary.LittleEndian.AppendUint16(p.Units, uint16(unit))
	}
	p.Steps = floatBytes(steps)
	return &p
}

func floatBytes(values []float32) []byte {
	var all []byte
	for _, v := range values {
		all = binary.LittleEndian.AppendUint32(all, math.Float32bits(v))
	}
	return all
}

// clickNetOf takes a network apart.
func clickNetOf(m *cnnlib.Model) (*clickNet, error) {
	net := &clickNet{Size: m.Input()}
	net.Mean, net.Std = m.Normalization()
	if net.Mean == nil {
		net.Mean, net.Std = make([]float32, net.Size[2]), slices.Repeat([]float32{1}, net.Size[2])
	}
	if _, err := net.add(m, m.Root(), 0); err != nil {
		return nil, err
	}
	return net, nil
}

// add puts what a place computes of one map behind the steps so far, in the order
// of Place.Steps, and gives the number of its map.
func (n *clickNet) add(m *cnnlib.Model, p *cnnlib.Place, from int) (int, error) {
	step := clickStep{Title: p.Title(), Out: p.Info.Output, Of: []int{from}}
	switch {
	case p.Parallel:
		step.Of = nil
		for _, part := range p.Parts {
			end := from
			if !part.Shortcut() {
				var err error
				if end, err = n.add(m, part, from); err != nil {
					return 0, err
				}
			}
			step.Of = append(step.Of, end)
		}
		step.Kind = joins[p.Join]
	case len(p.Parts) > 0:
		for _, part := range p.Parts {
			var err error
			if from, err = n.add(m, part, from); err != nil {
				return 0, err
			}
		}
		return from, nil
	}
	if len(step.Out) == 1 {
		step.Out = []int{1, 1, step.Out[0]}
	}
	var err error
	if len(step.Out) != 3 || p.Parallel && step.Kind == "" {
		err = fmt.Errorf("only layers on pictures and their sums, products and concatenations can be clicked through")
	}
	if err == nil && !p.Parallel {
		err = step.take(p.Layer, p.In)
	}
	if err == nil {
		err = step.slide(p.Info.Window)
	}
	if err == nil && !p.Parallel {
		err = step.weigh(m, p)
	}
	if err != nil {
		return 0, fmt.Errorf("convviz: layer %s (%s): %w", p.Path, p.Title(), err)
	}
	n.Steps = append(n.Steps, step)
	return len(n.Steps), nil
}

// joins are the kinds of steps where branches meet.
var joins = map[cnnlib.Join]string{cnnlib.Sum: "sum", cnnlib.Product: "product", cnnlib.Concat: "concat"}

// take says what kind of step the layer is.
func (s *clickStep) take(layer cnnlib.Layer, in []int) error {
	function := func(name string, number float64) { s.Kind, s.Function, s.Number = "function", name, number }
	switch l := layer.(type) {
	case cnnlib.Conv:
		s.Kind, s.Groups = "conv", max(l.Groups, 1)
	case cnnlib.DepthwiseConv:
		s.Kind, s.Groups = "conv", in[len(in)-1]
	case cnnlib.Dense:
		s.Kind = "dense"
	case cnnlib.MaxPool:
		s.Kind = "maxpool"
	case cnnlib.AvgPool:
		s.Kind, s.Excludes = "avgpool", l.ExcludePad
	case cnnlib.GlobalAvgPool, cnnlib.GlobalMaxPool:
		s.Kind = "avgpool"
		if _, ok := layer.(cnnlib.GlobalMaxPool); ok {
			s.Kind = "maxpool"
		}
		s.Kernel, s.Stride, s.Dilation, s.Before, s.After = in[:2], []int{1, 1}, []int{1, 1}, []int{0, 0}, []int{0, 0}
	case cnnlib.BatchNorm:
		s.Kind = "norm"
	case cnnlib.Flatten:
		s.Kind = "flatten"
	case cnnlib.ChannelShuffle:
		s.Kind, s.Groups = "shuffle", l.Groups
	case cnnlib.SoftmaxLayer:
		s.Kind = "softmax"
	case cnnlib.Dropout:
		function("same", 0)
	case cnnlib.Scale:
		function("Scale", l.By)
	case cnnlib.LeakyReLU:
		function("LeakyReLU", cmp.Or(l.Slope, 0.01))
	case cnnlib.ELU:
		function("ELU", cmp.Or(l.Alpha, 1))
	case cnnlib.ReLU, cnnlib.ReLU6, cnnlib.GELU, cnnlib.SiLU, cnnlib.Sigmoid, cnnlib.Tanh, cnnlib.HardSigmoid, cnnlib.HardSwish:
		function(layer.Name(), 0)
	default:
		return fmt.Errorf("this layer cannot be clicked through: convolutions, poolings, Dense, BatchNorm, activations, Flatten and Dropout can")
	}
	return nil
}

func (s *clickStep) slide(windows []cnnlib.Sliding) error {
	if s.Kind != "conv" && s.Kind != "maxpool" && s.Kind != "avgpool" || s.Kernel != nil {
		return nil
	}
	for _, w := range windows {
		if w.Transposed {
			return fmt.Errorf("a transposed convolution cannot be clicked through")
		}
		s.Kernel, s.Stride, s.Dilation = append(s.Kernel, w.Kernel), append(s.Stride, w.Stride), append(s.Dilation, w.Dilation)
		s.Before, s.After = append(s.Before, w.PadBefore), append(s.After, w.PadAfter)
	}
	return nil
}

// weigh adds the weights.
func (s *clickStep) weigh(m *cnnlib.Model, place *cnnlib.Place) error {
	weights := map[string][]float32{}
	for _, w := range place.Info.Weights {
		values, shape, err := m.Weight(place.Path, w.Name)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(values, func(v float32) bool { return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) }) {
			return fmt.Errorf("%s holds numbers that are not finite", w.Name)
		}
		weights[w.Name] = values
		if w.Name == "weight" && s.Kind != "norm" {
			s.Weight = pack(values, shape[len(shape)-1])
		}
	}
	if bias, ok := weights["bias"]; ok {
		s.Bias = floatBytes(bias)
	}
	if norm, ok := place.Layer.(cnnlib.BatchNorm); ok {
		scale := slices.Clone(weights["weight"])
		for c := range scale {
			scale[c] = float32(float64(scale[c]) / math.Sqrt(float64(weights["running_var"][c])+cmp.Or(norm.Epsilon, 1e-5)))
		}
		s.Mean, s.Scale = floatBytes(weights["running_mean"]), floatBytes(scale)
	}
	return nil
}
