package cnnlib

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

const draws = 1 << 18

// drawn gives what build makes in a training graph, two executions of it.
func drawn[T uint32 | float32](t *testing.T, b compute.Backend, seed int64, build func(*model.Scope, *graph.Graph) *graph.Node) (first, second []T) {
	t.Helper()
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(seed); err != nil {
		t.Fatal(err)
	}
	exec, err := model.NewExec(b, store, func(scope *model.Scope, g *graph.Graph) *graph.Node {
		scope.Store().SetTraining(g, true)
		return build(scope, g)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, into := range []*[]T{&first, &second} {
		out, err := exec.Call1()
		if err != nil {
			t.Fatal(err)
		}
		*into = tensors.MustCopyFlatData[T](out)
	}
	return first, second
}

// fair fails when hits of n fair coins of chance p are 5 standard deviations
// off.
func fair(t *testing.T, what string, hits, n int, p float64) {
	t.Helper()
	if off := math.Abs(float64(hits)-p*float64(n)) / math.Sqrt(float64(n)*p*(1-p)); off > 5 {
		t.Errorf("%s: %d of %d, want about %.0f: %.1f standard deviations off", what, hits, n, p*float64(n), off)
	}
}

func TestRandomBits(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		a, c := drawn[uint32](t, b, 1, func(scope *model.Scope, g *graph.Graph) *graph.Node {
			return randomBits(scope, g, []int{draws / 64, 64})
		})
		for bit := range 32 {
			ones, same, together := 0, 0, 0
			for i := range a {
				ones += int(a[i] >> bit & 1)
				same += int((a[i]^c[i])>>bit&1) ^ 1
				together += int((a[i]^bits.RotateLeft32(a[i], 7))>>bit&1) ^ 1
			}
			fair(t, "ones in a bit", ones, draws, 0.5)
			fair(t, "equal bits of two draws", same, draws, 0.5)
			fair(t, "equal bits of one number", together, draws, 0.5)
			for _, far := range []int{1, 2, 64, 4096} {
				same = 0
				for i := range a {
					same += int((a[i]^a[(i+far)%draws])>>bit&1) ^ 1
				}
				fair(t, "equal bits of neighbours", same, draws, 0.5)
			}
		}
		slices.Sort(a)
		slices.Sort(c)
		if slices.Equal(a, c) {
			t.Error("two draws hold the same numbers in another order")
		}
	})
}

func TestDropoutDistribution(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for _, rate := range []float64{0, 0.1, 0.25, 0.5, 0.9} {
			build := func(scope *model.Scope, g *graph.Graph) *graph.Node {
				return Dropout{Rate: rate}.Build(scope, graph.Ones(g, shapes.Make(dtypes.Float32, draws)))
			}
			a, c := drawn[float32](t, b, 2, build)
			again, _ := drawn[float32](t, b, 2, build)
			other, _ := drawn[float32](t, b, 3, build)
			zeros, both := 0, 0
			for i, v := range a {
				switch {
				case v == 0:
					zeros++
				case v != float32(1/(1-rate)):
					t.Fatalf("rate %g: a value became %g, want 0 or %g", rate, v, 1/(1-rate))
				}
				if v == 0 && c[i] == 0 {
					both++
				}
			}
			if !slices.Equal(a, again) {
				t.Errorf("rate %g: the same seed gives another mask", rate)
			}
			if rate == 0 {
				continue
			}
			fair(t, "zeros", zeros, draws, rate)
			fair(t, "zeros in two masks", both, draws, rate*rate)
			if slices.Equal(a, c) || slices.Equal(a, other) {
				t.Errorf("rate %g: the next step or another seed gives the same mask", rate)
			}
		}
	})
}
