package convviz

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

// liveCases are cases of every kind, those of the lesson among them.
func liveCases() map[string][]Case {
	var bands []float64
	for _, row := range band.Input {
		bands = append(bands, row...)
	}
	return map[string][]Case{
		"plain": {
			{Layer: cnnlib.Conv{Out: 1, Kernel: 3}, Shape: []int{5, 5, 1}, Input: bands, Kernels: [][]float64{{1, 0, 1, 0, 1, 0, 1, 0, 1}}},
			{Layer: cnnlib.Conv{Out: 1, Kernel: 3, Stride: 2, Padding: 1}, Shape: []int{5, 5, 1}, Input: bands},
			{Layer: cnnlib.Conv{Out: 2, Kernel: 3}, Shape: []int{4, 4, 3}},
			{Layer: cnnlib.Conv{Out: 1, Axes: []cnnlib.Window{{Kernel: 3, PadBefore: 2}}}, Shape: []int{8, 1}},
			{Layer: cnnlib.Conv{Out: 1, Kernel: 3, Same: true}, Shape: []int{12, 12, 1}},
		},
		"transposed": {
			{Layer: cnnlib.TransposedConv{Out: 1, Kernel: 3}, Shape: []int{2, 2, 1}, Input: []float64{1, 2, 3, 4}, Kernels: [][]float64{{1, 2, 3, 4, 5, 6, 7, 8, 9}}},
			{Layer: cnnlib.TransposedConv{Out: 1, Kernel: 3, Stride: 2, Padding: 1, OutputPadding: 1}, Shape: []int{3, 3, 1}},
		},
		"volume":    {{Layer: cnnlib.Conv{Out: 1, Kernel: 3}, Shape: []int{5, 5, 5, 1}}},
		"dilated":   {{Layer: cnnlib.Conv{Out: 1, Kernel: 3, Dilation: 2}, Shape: []int{7, 7, 1}}},
		"separable": {{Layer: cnnlib.SpatialConv{Out: 1, Kernel: 3}, Shape: []int{5, 5, 1}, Kernels: [][]float64{{1, 2, 1}, {-1, 0, 1}}}, {Layer: cnnlib.SeparableConv{Out: 2, Kernel: 3}, Shape: []int{4, 4, 3}}},
		"flattened": {{Layer: cnnlib.FlattenedConv{Out: 1, Kernel: 3}, Shape: []int{4, 4, 3}}},
		"grouped": {
			{Layer: cnnlib.Conv{Out: 6, Kernel: 3, Groups: 3}, Shape: []int{3, 3, 6}},
			{Layer: cnnlib.DepthwiseConv{Kernel: 3}, Shape: []int{4, 4, 3}},
			{Layer: cnnlib.Sequential{cnnlib.ShuffledConv{Out: 12, Kernel: 1, Groups: 3}, cnnlib.Conv{Out: 12, Kernel: 1, Groups: 3}}, Shape: []int{1, 1, 12}},
		},
		"shuffled": {{Layer: cnnlib.ShuffledConv{Out: 4, Kernel: 1, Groups: 2}, Shape: []int{1, 1, 4}, Input: []float64{1, 2, 3, 4}, Kernels: [][]float64{{1, 0, 1, 0, 0, 1, 0, 1}}}},
		"field":    {{Layer: cnnlib.Sequential{cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.Conv{Out: 1, Kernel: 3}}, Shape: []int{9, 9, 1}}},
		"pool":     {{Layer: cnnlib.MaxPool{Size: 2}, Shape: []int{4, 4, 1}, Input: upTo(16)}, {Layer: cnnlib.AvgPool{Size: 2}, Shape: []int{6, 6, 1}}},
		"average":  {{Layer: cnnlib.AvgPool{Size: 3, Stride: 1, Padding: 1}, Shape: []int{3, 3, 1}, Input: upTo(9)}},
		"first":    {{Layer: cnnlib.Sequential{cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}}, Shape: []int{10, 10, 1}}},
		"softmax":  {{Layer: cnnlib.SoftmaxLayer{}, Shape: []int{4}, Input: []float64{2, 1, 0, -1}, Target: 1}},
	}
}

func upTo(n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = float64(i + 1)
	}
	return all
}

// TestLive draws the still pictures and, with LOOK=folder, writes the pages to
// look at.
func TestLive(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, cases := range liveCases() {
			p, err := Live(cases...)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			picturetest.Check(t, p.Picture, nil)
			if strings.Count(p.HTML, "<script>") != 1 || strings.Contains(p.HTML, "src=\"http") {
				t.Errorf("%s: the page has not exactly one script of its own", name)
			}
			look(t, "live-"+name, p.Picture)
			if dir := os.Getenv("LOOK"); dir != "" {
				if err := WritePage(filepath.Join(dir, name+"-"+Language()+".html"), p); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	if err := ShowPage(Live(liveCases()["plain"]...)); err != nil {
		t.Error(err)
	}
}

// TestLiveStill: the still picture's numbers are the lesson's.
func TestLiveStill(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	for name, want := range map[string]string{
		"plain":      "output [4 3 4; 2 4 3; 2 3 4",
		"transposed": "output [1 4 7 6; 7 23 33 24; 19 53 63 42; 21 52 59 36",
		"pool":       "output [6 8; 14 16",
		"average":    "output [1.3333333333333333 2.3333333333333335 1.7777777777777777; 3 5 3.6666666666666665",
	} {
		p, err := Live(liveCases()[name][0])
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.ReplaceAll(p.Alt, "output ", "output ["), want) {
			t.Errorf("%s: %s lacks %q", name, p.Alt, want)
		}
	}
	written, err := liveCases()["shuffled"][0].written()
	if err != nil {
		t.Fatal(err)
	}
	net := written.Net
	y, err := run(net.places[0], net.kernels[net.places[0]], net.input)
	if err != nil {
		t.Fatal(err)
	}
	shuffled, err := run(net.places[1], nil, y)
	if err != nil || !slices.Equal(y, []float64{1, 2, 4, 3}) && !slices.Equal(y, []float64{1, 2, 3, 4}) || !slices.Equal(shuffled, []float64{y[0], y[2], y[1], y[3]}) {
		t.Errorf("%v: a grouped convolution gives %v, shuffled %v", err, y, shuffled)
	}
}

// TestLiveSmall: the script stays small enough to stand in every output.
func TestLiveSmall(t *testing.T) {
	script, err := liveScript()
	if err != nil {
		t.Fatal(err)
	}
	if len(script) > 60_000 || len(script) < 10_000 {
		t.Errorf("the script has %d bytes, should be at most 60,000", len(script))
	}
}

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
