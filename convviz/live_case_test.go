package convviz

import (
	"math"
	"strings"
	"testing"

	"convlab/cnnlib"
)

func TestLiveRefuses(t *testing.T) {
	conv := cnnlib.Conv{Out: 1, Kernel: 3}
	for want, c := range map[string]Case{
		"input shape":             {Layer: conv, Shape: []int{0, 3, 1}},
		"at most 13":              {Layer: conv, Shape: []int{14, 14, 1}},
		"numbers, shape":          {Layer: conv, Shape: []int{5, 5, 1}, Input: []float64{1}},
		"kernel: 2 numbers":       {Layer: conv, Shape: []int{5, 5, 1}, Kernels: [][]float64{{1, 2}}},
		"2 kernels for 1":         {Layer: conv, Shape: []int{5, 5, 1}, Kernels: [][]float64{nil, nil}},
		"got NaN":                 {Layer: conv, Shape: []int{1, 1, 1}, Input: []float64{math.NaN()}},
		"cannot be shown live":    {Layer: cnnlib.Sequential{conv, cnnlib.Tanh{}}, Shape: []int{5, 5, 1}},
		"layers in series":        {Layer: cnnlib.Residual(cnnlib.Conv{Out: 1, Kernel: 3, Same: true}), Shape: []int{5, 5, 1}},
		"as many groups":          {Layer: cnnlib.ChannelShuffle{Groups: 2}, Shape: []int{5, 5, 4}},
		"no layers":               {Layer: cnnlib.Sequential{}, Shape: []int{5, 5, 1}},
		"7 layers":                {Layer: cnnlib.Sequential{conv, cnnlib.ReLU{}, conv, cnnlib.ReLU{}, conv, conv, conv}, Shape: []int{13, 13, 1}},
		"at most 1700":            {Layer: cnnlib.Conv{Out: 12, Kernel: 1}, Shape: []int{13, 13, 12}},
		"differ between the axes": {Layer: cnnlib.Conv{Out: 1, Axes: []cnnlib.Window{{Kernel: 2}, {Kernel: 3}}}, Shape: []int{5, 5, 1}},
		"before and":              {Layer: cnnlib.Conv{Out: 1, Axes: []cnnlib.Window{{Kernel: 3, PadBefore: 1}}}, Shape: []int{5, 1}},
		"stick out":               {Layer: cnnlib.MaxPool{Size: 2, Ceil: true}, Shape: []int{5, 5, 1}},
		"kernels up to 7":         {Layer: cnnlib.Conv{Out: 1, Kernel: 9}, Shape: []int{9, 9, 1}},
		"2 to 10 classes":         {Layer: cnnlib.SoftmaxLayer{}, Shape: []int{3, 3}},
		"true class 9":            {Layer: cnnlib.SoftmaxLayer{}, Shape: []int{3}, Target: 9},
		"is nil":                  {Shape: []int{3, 3, 1}},
	} {
		if _, err := Live(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, should say %q", c, err, want)
		}
	}
	if _, err := Live(); err == nil {
		t.Error("no case was shown live")
	}
}
