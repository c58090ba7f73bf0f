package convviz

import (
	"os"
	"path/filepath"
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
