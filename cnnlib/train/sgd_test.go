package train

import (
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// fastLike are settings with all that the fast recipe uses.
func fastLike() Config {
	return Config{Epochs: 10, BatchSize: 16, LearningRate: 0.05, Optimizer: SGD{Momentum: 0.85, WeightDecay: 0.01, NormBias: 8},
		Schedule: Schedule{Start: 0.2, Peak: 0.3, End: 0.07}, Loss: CrossEntropy{Smoothing: 0.2}, Lookahead: true}
}

// TestFastTrainingEqualsPyTorch: SGD, its schedule, label smoothing and
// lookahead over ten steps.
func TestFastTrainingEqualsPyTorch(t *testing.T) {
	golden := readGolden(t)
	start := []goldenSide{
		{"/net/0/weight", "0.weight", []int{3, 3, 1, 4}, 9, 0, 9, 1, 4},
		{"/net/0/bias", "0.bias", []int{4}, 9, 1, 1, 1, 4},
		{"/net/5/weight", "5.weight", []int{36, 2}, 36, 10, 1, 36, 2},
		{"/net/5/bias", "5.bias", []int{2}, 36, 11, 1, 1, 2},
	}
	var norm []goldenSide
	for _, name := range []string{"weight", "bias", "running_mean", "running_var"} {
		norm = append(norm, goldenSide{"/net/2/" + name, "2." + name, []int{4}, 0, 0, 1, 1, 4})
	}
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.MaxPool{Size: 2}, cnnlib.BatchNorm{Momentum: 0.4}, cnnlib.GELU{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		trainsAsPyTorch(t, b, net, fastLike(), start, norm, golden.FastLosses, golden.FastWeights)
	})
}
