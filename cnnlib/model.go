package cnnlib

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Options of New. The zero value gives seed 0 and pixels scaled to 0..1.
type Options struct {
	Seed      uint64
	Mean, Std []float32 // per channel, of pixels scaled to 0..1; both or neither
	// BFloat16 computes the layers in bfloat16, for GPUs, which are faster at
	// that. Weights, BatchNorm's statistics, loss and optimiser stay float32.
	// On CPUs it is slower: a training of network 3.2 takes 1.9 times as long
	// (AVX-512 with BF16), because our kernels compute in float32 alone.
	BFloat16 bool
}

// Model is a network with weights on a backend.
type Model struct {
	net       Sequential
	root      *Place
	backend   compute.Backend
	store     *model.Store
	mean, std []float32
	bfloat16  bool
	predict   *model.Exec
}

// predictSizes are the batch sizes that Predict compiles its graph for, each
// when it is first needed; a smaller batch is filled up to the next of them.
var predictSizes = [...]int{1, 10, 100}

// New checks the network for inputs of shape in, [height, width, channels],
// and gives it PyTorch's initial weights: every weight and bias is uniform in
// ±1/√fan_in, drawn from opt.Seed, and the same on every backend.
func New(b compute.Backend, net Sequential, in []int, opt Options) (*Model, error) {
	if len(in) < 2 || len(in) > 4 {
		return nil, fmt.Errorf("cnnlib: input shape must be [height, width, channels], or with 1 or 3 spatial axes, got %v", in)
	}
	net = slices.Clone(net)
	root, err := Resolve(net, in)
	if err != nil {
		return nil, err
	}
	channels := in[len(in)-1]
	if opt.Mean == nil && opt.Std == nil {
		opt.Mean, opt.Std = make([]float32, channels), make([]float32, channels)
		for c := range opt.Std {
			opt.Std[c] = 1
		}
	}
	if len(opt.Mean) != channels || len(opt.Std) != channels {
		return nil, fmt.Errorf("cnnlib: got %d means and %d standard deviations for %d channels", len(opt.Mean), len(opt.Std), channels)
	}
	for c, s := range opt.Std {
		if !(s > 0) {
			return nil, fmt.Errorf("cnnlib: standard deviation of channel %d must be above 0, got %g", c, s)
		}
	}
	m := &Model{net: net, root: root, backend: b, store: model.NewStore(), mean: slices.Clone(opt.Mean), std: slices.Clone(opt.Std), bfloat16: opt.BFloat16}
	if err := m.store.SetRNGStateFromSeed(int64(opt.Seed)); err != nil {
		return nil, fmt.Errorf("cnnlib: random state: %w", err)
	}
	for i, layer := range root.Parts {
		for j, w := range layer.Info.Weights {
			scope, name := variableScope(m.store.Scope(layer.Scope()), w.Name)
			v := scope.VariableWithValue(name, tensors.FromFlatDataAndDimensions(w.first(opt.Seed, i, j), w.Shape...))
			v.SetTrainable(!w.State)
		}
	}
	m.predict, err = model.NewExec(b, m.store, func(_ *model.Scope, pixels *graph.Node) *graph.Node {
		return m.Logits(pixels)
	})
	if err != nil {
		return nil, fmt.Errorf("cnnlib: %w", err)
	}
	return m, nil
}

// variableScope takes the name of a weight apart: "1/depthwise/weight" is weight
// in the sub-scope 1/depthwise.
func variableScope(scope *model.Scope, name string) (*model.Scope, string) {
	if i := strings.LastIndex(name, "/"); i >= 0 {
		return scopeAt(scope, name[:i]), name[i+1:]
	}
	return scope, name
}

func (m *Model) scope() *model.Scope { return m.store.Scope(netScope) }

// Net returns a copy of the network: changing it does not change the model.
func (m *Model) Net() Sequential { return slices.Clone(m.net) }

// Input is the shape of one example: [height, width, channels], or with 1 or 3
// spatial axes.
func (m *Model) Input() []int { return slices.Clone(m.root.In) }

// Root resolves the network anew, into its layers at their places.
func (m *Model) Root() *Place {
	root, err := Resolve(m.net, m.root.In)
	if err != nil {
		panic(err) // New has resolved the same
	}
	return root
}

// Normalization returns what the model does to pixels scaled to 0..1: it
// subtracts mean and divides by std, each one number per channel.
func (m *Model) Normalization() (mean, std []float32) {
	return slices.Clone(m.mean), slices.Clone(m.std)
}

// Close frees the compiled graphs and the weights at once; the garbage
// collector would do it late. The model cannot be used afterwards.
func (m *Model) Close() error {
	m.predict.Finalize()
	m.store.Finalize()
	return nil
}

// Backend is where the model runs.
func (m *Model) Backend() compute.Backend { return m.backend }

// Store holds the weights, such as "/net/3/weight", or "/net/3/1/0/weight" for the
// layer with path 3.1.0.
func (m *Model) Store() *model.Store { return m.store }

// Logits builds the network's graph on pixels: uint8 [batch, height, width,
// channels], scaled and normalised on the device, to float32 [batch, classes].
func (m *Model) Logits(pixels *graph.Node) *graph.Node {
	if !m.bfloat16 {
		return m.build(m.input(pixels))
	}
	g := pixels.Graph()
	float := make(map[*model.Variable]*graph.Node) // as the optimiser is to find them again
	for v := range m.scope().IterVariables() {
		if v.Trainable {
			float[v] = v.NodeValue(g)
			v.SetNodeValue(graph.ConvertDType(float[v], dtypes.BFloat16))
		}
	}
	logits := m.build(graph.ConvertDType(m.input(pixels), dtypes.BFloat16))
	for v, value := range float {
		v.SetNodeValue(value)
	}
	return graph.ConvertDType(logits, dtypes.Float32)
}

func (m *Model) build(x *graph.Node) *graph.Node {
	b := builder{store: m.store}
	return b.build(m.root, x)
}

// BFloat16 tells whether the layers compute in bfloat16.
func (m *Model) BFloat16() bool { return m.bfloat16 }

// input scales and normalises pixels: uint8 [batch, in...] → float32 of the
// same shape.
func (m *Model) input(pixels *graph.Node) *graph.Node {
	x := graph.DivScalar(graph.ConvertDType(pixels, dtypes.Float32), 255)
	perChannel := func(values []float32) *graph.Node {
		return graph.ExpandLeftToRank(graph.Const(pixels.Graph(), values), x.Rank())
	}
	return graph.Div(graph.Sub(x, perChannel(m.mean)), perChannel(m.std))
}

// Predict returns the logits of n images, one slice for each. pixels holds
// n·height·width·channels bytes.
func (m *Model) Predict(pixels []uint8, n int) ([][]float32, error) {
	return m.PredictContext(context.Background(), pixels, n)
}

// PredictContext does what Predict does for many images: it computes a
// hundred of them at a time, and when ctx ends it returns ctx.Err() before
// the next hundred.
func (m *Model) PredictContext(ctx context.Context, pixels []uint8, n int) ([][]float32, error) {
	size := geometry.Volume(m.root.In)
	if n < 0 || len(pixels) != n*size {
		return nil, fmt.Errorf("cnnlib: %d images of shape %v are %d bytes, got %d", n, m.root.In, n*size, len(pixels))
	}
	var all [][]float32
	largest := predictSizes[len(predictSizes)-1]
	for start := 0; start < n; start += largest {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		count := min(largest, n-start)
		filled := predictSizes[sort.SearchInts(predictSizes[:], count)]
		part := make([]uint8, filled*size)
		copy(part, pixels[start*size:(start+count)*size])
		batch := tensors.FromFlatDataAndDimensions(part, append([]int{filled}, m.root.In...)...)
		logits, err := m.predict.Call1(batch)
		if err != nil {
			return nil, fmt.Errorf("cnnlib: predict: %w", err)
		}
		flat, err := tensors.CopyFlatData[float32](logits)
		if err != nil {
			return nil, fmt.Errorf("cnnlib: predict: %w", err)
		}
		classes := len(flat) / filled
		for i := range count {
			all = append(all, flat[i*classes:(i+1)*classes])
		}
	}
	return all, nil
}

// Softmax turns the logits of one example into probabilities.
func Softmax(logits []float32) []float32 {
	top := float32(math.Inf(-1))
	for _, v := range logits {
		top = max(top, v)
	}
	sum, p := 0.0, make([]float32, len(logits))
	for i, v := range logits {
		e := math.Exp(float64(v - top))
		p[i], sum = float32(e), sum+e
	}
	for i := range p {
		p[i] = float32(float64(p[i]) / sum)
	}
	return p
}
