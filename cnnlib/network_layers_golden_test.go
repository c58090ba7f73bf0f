package cnnlib

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
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
	var runs []goldenRun
	for _, c := range readGolden[networkCase](t, "testdata/network_layers.json.gz", 240) {
		what := fmt.Sprintf("%s %s on %v, %+v", c.Kind, c.Fields, c.X, c.Change)
		l, err := c.layer()
		if err != nil {
			t.Fatal(err)
		}
		info, err := l.Check(c.X[1:])
		switch {
		case c.Refused && err == nil:
			t.Errorf("%s: PyTorch refuses this, Check does not", what)
		case !c.Refused && err != nil:
			t.Errorf("%s: %v", what, err)
		case !c.Refused && !slices.Equal(append([]int{c.X[0]}, info.Output...), c.Out):
			t.Errorf("%s: output %v, want %v", what, info.Output, c.Out)
		case !c.Refused:
			r := goldenRun{what: what, layer: l, x: c.X, out: c.Out, pixels: c.Change.apply(goldenValues(c.X, 1)), adjoint: goldenValues(c.Out, 3),
				training: c.Training, y: c.Y, dx: c.Dx, dw: c.Dw, state: c.State}
			for i, w := range info.Weights {
				values := goldenValues(w.Shape, uint64(4+i))
				if w.State {
					values = w.first(1, 0, i)
				}
				r.weights = append(r.weights, values)
			}
			runs = append(runs, r)
		}
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) { checkRuns(t, b, runs) })
}
