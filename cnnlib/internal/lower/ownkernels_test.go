package lower

import (
	"testing"

	"convlab/internal/kernels"
	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Each map of a convolution whose plan says so is a call of our kernels, and
// of no other.
func TestDirectIsACallOfOurKernels(t *testing.T) {
	b := labtest.XLA(t)
	if set, why := kernels.Status(); why != nil {
		t.Skipf("skipped: our kernels are not in use here (%s): %v", set, why)
	}
	c := Conv{Strides: []int{2}, Dilations: []int{1}, Pads: [][2]int{{1, 1}}, Groups: 1}
	x := tensors.FromFlatDataAndDimensions(make([]float32, 54), 2, 9, 3)
	kernel := tensors.FromFlatDataAndDimensions(make([]float32, 45), 3, 3, 5)
	for plan, want := range map[Plan]int{
		{}:                                3,
		{Direct, Direct, Direct}:          3,
		{Native, Direct, Native}:          1,
		{Forward: Native, Kernel: Im2col}: 1,
		{Native, Native, Native}:          0,
		{Im2col, Phases, Im2col}:          0,
	} {
		before := kernels.Calls()
		graph.MustExecOnceN(b, func(x, kernel *graph.Node) []*graph.Node {
			return append(graph.Gradient(graph.ReduceAllSum(Convolve(x, kernel, c, plan)), x, kernel), Convolve(x, kernel, c, plan))
		}, x, kernel)
		if got := kernels.Calls() - before; got != want {
			t.Errorf("plan %s: %d calls, want %d", plan, got, want)
		}
	}
}
