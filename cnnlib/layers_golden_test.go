package cnnlib

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// floats are float32 in base64.
type floats []float64

func (f *floats) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	for i := 0; i+4 <= len(raw); i += 4 {
		*f = append(*f, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[i:]))))
	}
	return nil
}

// layerCase is one result of testdata/layers.py.
type layerCase struct {
	Kind, Name               string
	X, Out                   []int
	Kernel, Stride, Dilation []int
	Pads                     [][2]int
	OutputPadding            []int `json:"output_padding"`
	Groups, Multiplier       int
	Ceil                     bool
	ExcludePad               bool `json:"exclude_pad"`
	Training, Rejected       bool
	Y, Dx                    floats
	Dw, State                []floats
}

func (c layerCase) axes() []Window {
	var axes []Window
	for i := range c.Stride {
		w := Window{Kernel: c.Kernel[i], Stride: c.Stride[i], Dilation: c.Dilation[i], PadBefore: c.Pads[i][0], PadAfter: c.Pads[i][1]}
		axes = append(axes, w)
	}
	return axes
}

func (c layerCase) layer() Layer {
	switch c.Kind {
	case "conv":
		return Conv{Out: c.Kernel[len(c.Kernel)-1], Axes: c.axes(), Groups: c.Groups, NoBias: true}
	case "transposed":
		return TransposedConv{Out: c.Kernel[len(c.Kernel)-2] * c.Groups, Axes: c.axes(), OutputPaddings: c.OutputPadding, Groups: c.Groups, NoBias: true}
	case "maxpool":
		return MaxPool{Axes: c.axes(), Ceil: c.Ceil}
	case "avgpool":
		return AvgPool{Axes: c.axes(), Ceil: c.Ceil, ExcludePad: c.ExcludePad}
	case "globalavgpool":
		return GlobalAvgPool{}
	case "globalmaxpool":
		return GlobalMaxPool{}
	case "batchnorm":
		return BatchNorm{}
	case "separable":
		return SeparableConv{Out: 6, Kernel: 3, Padding: 1, Multiplier: c.Multiplier}
	case "spatial":
		return SpatialConv{Out: 6, Kernel: 3, Padding: 1}
	case "flattened":
		return FlattenedConv{Out: 6, Kernel: 3, Same: true}
	case "shuffled":
		return ShuffledConv{Out: 6, Kernel: 3, Padding: 1, Groups: 2}
	}
	return map[string]Layer{"ReLU": ReLU{}, "LeakyReLU": LeakyReLU{}, "ELU": ELU{}, "GELU": GELU{}, "SiLU": SiLU{},
		"Sigmoid": Sigmoid{}, "Tanh": Tanh{}}[c.Name]
}

// goldenValues is values of layers.py: numbers in [-1, 1).
func goldenValues(shape []int, salt uint64) []float32 {
	v := make([]float32, geometry.Volume(shape))
	for i := range v {
		v[i] = float32(scramble(uint64(i), salt)>>8)*0x1p-23 - 1
	}
	return v
}

// salts of the weights in layers.py.
func weightSalts(kind string) []uint64 {
	if kind == "batchnorm" {
		return []uint64{4, 5, 6, 7}
	}
	return []uint64{2, 10, 11, 12}
}

// readGolden reads the cases of a golden file, of which there are at least so
// many.
func readGolden[T any](t *testing.T, file string, atLeast int) []T {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var golden struct{ Cases []T }
	if err := json.NewDecoder(r).Decode(&golden); err != nil {
		t.Fatal(err)
	}
	if len(golden.Cases) < atLeast {
		t.Fatalf("only %d cases", len(golden.Cases))
	}
	return golden.Cases
}

func TestLayersEqualPyTorch(t *testing.T) {
	var runs []goldenRun
	for i, c := range readGolden[layerCase](t, "testdata/layers.json.gz", 400) {
		what := fmt.Sprintf("case %d, %s, %+v on %v", i, c.Kind+c.Name, c.layer(), c.X)
		info, err := c.layer().Check(c.X[1:])
		switch {
		case c.Rejected && err == nil:
			t.Errorf("%s: PyTorch refuses this, Check does not", what)
		case !c.Rejected && err != nil:
			t.Errorf("%s: %v", what, err)
		case !c.Rejected && !slices.Equal(append([]int{c.X[0]}, info.Output...), c.Out):
			t.Errorf("%s: output %v, want %v", what, info.Output, c.Out)
		case !c.Rejected:
			runs = append(runs, c.run(what, info))
		}
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) { checkRuns(t, b, runs) })
}

func (c layerCase) run(what string, info Info) goldenRun {
	r := goldenRun{what: what, layer: c.layer(), x: c.X, out: c.Out, pixels: goldenValues(c.X, 1), adjoint: goldenValues(c.Out, 3),
		training: c.Training, y: c.Y, dx: c.Dx, dw: c.Dw, state: c.State}
	if c.Kind == "activation" {
		r.layer = Sequential{Scale{By: 4}, r.layer}
	}
	if c.X[0]*c.X[1] > 64 { // sums over more than 1,000 terms
		r.sums = 1e-4
	}
	for i, w := range info.Weights {
		values := goldenValues(w.Shape, weightSalts(c.Kind)[i])
		if w.Name == "running_var" {
			for k := range values {
				values[k] += 1.5
			}
		}
		r.weights = append(r.weights, values)
	}
	return r
}

// apart is an error if got is further from want than tolerance, relative to
// the largest of the wanted values. Where that is no number, got must be none.
func apart(got []float32, want floats, tolerance float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d values, want %d", len(got), len(want))
	}
	scale, worst := 0.0, 0.0
	for i, w := range want {
		if math.IsNaN(w) && math.IsNaN(float64(got[i])) {
			continue
		}
		scale = max(scale, math.Abs(w))
		worst = max(worst, math.Abs(float64(got[i])-w))
	}
	if !(worst <= tolerance*scale) {
		return fmt.Errorf("error %.2g of the largest value, at most %.0e is allowed", worst/scale, tolerance)
	}
	return nil
}
