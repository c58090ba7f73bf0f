package cnnlib

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// networkCase is one result of testdata/network_layers.py.
type networkCase struct {
	Kind              string
	Fields            json.RawMessage
	Change            change
	X, Out            []int
	Training, Refused bool
	Y, Dx             floats
	Dw, State         []floats
}

// change is changed of network_layers.py.
type change struct {
	Times   *float32
	Rounded bool
	By      *float32
	Plus    float32
	NaN     []int
}

func (c change) apply(v []float32) []float32 {
	or1 := func(f *float32) float32 {
		if f == nil {
			return 1
		}
		return *f
	}
	for i := range v {
		v[i] *= or1(c.Times)
		if c.Rounded {
			v[i] = float32(math.RoundToEven(float64(v[i])))
		}
		v[i] = v[i]*or1(c.By) + c.Plus
	}
	for _, i := range c.NaN {
		v[i] = float32(math.NaN())
	}
	return v
}

// layerKinds makes the layers of the cases from their fields.
var layerKinds = map[string]func(fields []byte) (Layer, error){
	"AdaptiveAvgPool": kind[AdaptiveAvgPool], "AdaptiveMaxPool": kind[AdaptiveMaxPool], "MaxPool": kind[MaxPool], "GlobalMaxPool": kind[GlobalMaxPool],
	"ReLU": kind[ReLU], "ReLU6": kind[ReLU6], "HardSigmoid": kind[HardSigmoid], "HardSwish": kind[HardSwish], "ELU": kind[ELU],
	"LeakyReLU": kind[LeakyReLU], "GELU": kind[GELU], "SiLU": kind[SiLU], "Sigmoid": kind[Sigmoid], "Tanh": kind[Tanh], "PReLU": kind[PReLU],
	"SoftmaxLayer": kind[SoftmaxLayer], "LogSoftmaxLayer": kind[LogSoftmaxLayer], "GroupNorm": kind[GroupNorm], "LayerNorm": kind[LayerNorm],
	"InstanceNorm": kind[InstanceNorm], "BatchNorm": kind[BatchNorm], "LocalResponseNorm": kind[LocalResponseNorm], "Upsample": kind[Upsample],
	"Pad": kind[Pad], "ChannelSlice": kind[ChannelSlice],
}

func kind[L Layer](fields []byte) (Layer, error) {
	var l L
	err := json.Unmarshal(fields, &l)
	return l, err
}

func (c networkCase) layer() (Layer, error) {
	if layerKinds[c.Kind] == nil {
		return nil, fmt.Errorf("there is no layer %q", c.Kind)
	}
	return layerKinds[c.Kind](c.Fields)
}

func TestNetworkLayersEqualPyTorch(t *testing.T) {
	cases := readGolden[networkCase](t, "testdata/network_layers.json.gz", 250)
	var built []networkCase
	for _, c := range cases {
		l, err := c.layer()
		if err != nil {
			t.Fatal(err)
		}
		info, err := l.Check(c.X[1:])
		switch {
		case c.Refused && err == nil:
			t.Errorf("PyTorch refuses %s %s on %v, Check does not", c.Kind, c.Fields, c.X)
		case !c.Refused && err != nil:
			t.Errorf("%s %s on %v: %v", c.Kind, c.Fields, c.X, err)
		case !c.Refused && !slices.Equal(append([]int{c.X[0]}, info.Output...), c.Out):
			t.Errorf("%s %s on %v gives %v, want %v", c.Kind, c.Fields, c.X, info.Output, c.Out)
		case !c.Refused:
			built = append(built, c)
		}
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for training, some := range map[bool][]networkCase{false: built, true: built} {
			some = slices.DeleteFunc(slices.Clone(some), func(c networkCase) bool { return c.Training != training })
			for part := range slices.Chunk(some, 16) {
				checkNetworkCases(t, b, part, training)
			}
		}
	})
}

// checkNetworkCases computes all cases in one graph: to compile many small
// ones would take most of the time.
func checkNetworkCases(t *testing.T, b compute.Backend, cases []networkCase, training bool) {
	store := model.NewStore()
	layers, infos := make([]Layer, len(cases)), make([]Info, len(cases))
	scopes := make([]*model.Scope, len(cases))
	var inputs []any
	for i, c := range cases {
		layers[i], _ = c.layer()
		infos[i], _ = layers[i].Check(c.X[1:])
		scopes[i] = store.Scope(fmt.Sprintf("/layer%d", i))
		for k, w := range infos[i].Weights {
			values := goldenValues(w.Shape, uint64(4+k))
			if w.State {
				for k := range values {
					values[k] = w.Start
				}
			}
			scopes[i].VariableWithValue(w.Name, tensors.FromFlatDataAndDimensions(values, w.Shape...)).SetTrainable(!w.State)
		}
		inputs = append(inputs, tensors.FromFlatDataAndDimensions(c.Change.apply(goldenValues(c.X, 1)), c.X...),
			tensors.FromFlatDataAndDimensions(goldenValues(c.Out, 3), c.Out...))
	}
	counts := make([]int, len(cases))
	results, err := model.CallOnceN(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
		store.SetTraining(in[0].Graph(), training)
		var all []*graph.Node
		for i, l := range layers {
			x, v := in[2*i], in[2*i+1]
			y := l.Build(scopes[i], x)
			from := []*graph.Node{x}
			for _, w := range infos[i].Weights {
				if !w.State {
					from = append(from, scopes[i].GetVariable(w.Name).NodeValue(x.Graph()))
				}
			}
			all = append(append(all, y), graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), from...)...)
			counts[i] = 1 + len(from)
		}
		return all
	}, inputs...)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		wants := append([]floats{c.Y, c.Dx}, c.Dw...)
		for k, want := range c.State {
			wants = append(wants, want)
			v := scopes[i].GetVariable([]string{"running_mean", "running_var"}[k])
			results = slices.Insert(results, counts[i], v.MustValue())
			counts[i]++
		}
		for k, want := range wants {
			if err := apart(tensors.MustCopyFlatData[float32](results[k]), want, 1e-5); err != nil {
				name := []string{"output", "input gradient", "first weight's gradient", "second weight's", "running mean", "running variance"}[k]
				t.Errorf("%s %s on %v, %+v: %s: %v", c.Kind, c.Fields, c.X, c.Change, name, err)
			}
		}
		results = results[counts[i]:]
	}
}
