package convviz

import (
	"os"
	"path/filepath"
	"testing"

	"convlab/cnnlib"
)

// liveCases are cases of every kind, those of the lesson among them.
func liveCases() map[string][]Case {
	band := []float64{1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0}
	return map[string][]Case{
		"plain": {
			{Layer: cnnlib.Conv{Out: 1, Kernel: 3}, Shape: []int{5, 5, 1}, Input: band, Kernels: [][]float64{{1, 0, 1, 0, 1, 0, 1, 0, 1}}},
			{Layer: cnnlib.Conv{Out: 1, Kernel: 3, Stride: 2, Padding: 1}, Shape: []int{5, 5, 1}, Input: band},
			{Layer: cnnlib.Conv{Out: 2, Kernel: 3}, Shape: []int{4, 4, 3}},
			{Layer: cnnlib.Conv{Out: 1, Axes: []cnnlib.Window{{Kernel: 3, PadBefore: 2}}}, Shape: []int{8, 1}},
			{Layer: cnnlib.Conv{Out: 1, Kernel: 3, Padding: 1}, Shape: []int{12, 12, 1}},
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
		"field":   {{Layer: cnnlib.Sequential{cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.Conv{Out: 1, Kernel: 3}}, Shape: []int{9, 9, 1}}},
		"pool":    {{Layer: cnnlib.MaxPool{Size: 2}, Shape: []int{6, 6, 1}}, {Layer: cnnlib.AvgPool{Size: 2}, Shape: []int{6, 6, 1}}},
		"softmax": {{Layer: cnnlib.SoftmaxLayer{}, Shape: []int{4}, Input: []float64{2, 1, 0, -1}, Target: 1}},
	}
}

// TestLivePages writes the pages to look at with LOOK=folder.
func TestLivePages(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, cases := range liveCases() {
			p, err := Live(cases...)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if dir := os.Getenv("LOOK"); dir != "" {
				if err := WritePage(filepath.Join(dir, name+"-"+Language()+".html"), p); err != nil {
					t.Fatal(err)
				}
				look(t, "live-"+name, p.Picture)
			}
		}
	})
}
