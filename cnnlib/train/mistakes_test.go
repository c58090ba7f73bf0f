package train

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestMistakesAreToldBeforeCompiling: a network that would train badly without
// a word is refused.
func TestMistakesAreToldBeforeCompiling(t *testing.T) {
	b := labtest.Go(t)
	dense := cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
	normal := cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 4}, cnnlib.BatchNorm{}, cnnlib.Dense{Out: 2}}
	maps := cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.BatchNorm{}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 2}}
	for name, c := range map[string]struct {
		net  cnnlib.Sequential
		n    int
		loss Loss
		size int
		want string // "": it is right
	}{
		"softmax":              {append(dense[:2:2], cnnlib.SoftmaxLayer{}), 8, nil, 4, "the last layer, 2 (Softmax), makes probabilities"},
		"softmax within":       {cnnlib.Sequential{append(dense[:2:2], cnnlib.SoftmaxLayer{})}, 8, CrossEntropy{}, 4, "the last layer, 0.2 (Softmax)"},
		"log softmax":          {append(dense[:2:2], cnnlib.LogSoftmaxLayer{}), 8, nil, 4, ""},
		"sigmoid":              {cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 1}, cnnlib.Sigmoid{}}, 8, BinaryCrossEntropy{}, 4, "the last layer, 2 (Sigmoid)"},
		"batches of 1":         {normal, 8, nil, 1, "8 images in batches of 1 leave one image alone, for which layer 2 (BatchNorm) has a single value"},
		"last batch of 1":      {normal, 9, nil, 4, "9 images in batches of 4 leave one image alone"},
		"one image":            {normal, 1, nil, 4, "1 images in batches of 4 leave one image alone"},
		"last batch of 2":      {normal, 10, nil, 4, ""},
		"maps in batches of 1": {maps, 8, nil, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := cnnlib.New(b, c.net, []int{8, 8, 1}, cnnlib.Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = newRun(m, bars(c.n), Config{BatchSize: c.size, Loss: c.loss})
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	m, err := cnnlib.New(b, append(dense[:2:2], cnnlib.SoftmaxLayer{}), []int{8, 8, 1}, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Evaluate(context.Background(), m, bars(8), 4); err != nil {
		t.Errorf("measuring such a network is no mistake: %v", err)
	}
}

// TestNormalizationOfCheckpoints: weights are not loaded into a model that
// does something else to pixels than the one they were trained in.
func TestNormalizationOfCheckpoints(t *testing.T) {
	b, dir := labtest.Go(t), t.TempDir()
	open := func(mean, std []float32) *cnnlib.Model {
		m, err := cnnlib.New(b, cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}, []int{8, 8, 1}, cnnlib.Options{Mean: mean, Std: std})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	mean, std := []float32{0.3}, []float32{0.1}
	if _, err := Fit(context.Background(), open(mean, std), bars(8), Config{BatchSize: 4, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(open(mean, std), dir, nil); err != nil {
		t.Error(err)
	}
	for _, other := range []*cnnlib.Model{open(nil, nil), open([]float32{0.4}, std)} {
		_, err := Load(other, dir, nil)
		if err == nil || !strings.Contains(err.Error(), "normalised with mean [0.3] and std [0.1], this model has") || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("got %v", err)
		}
		if _, err := Fit(context.Background(), other, bars(8), Config{Epochs: 2, BatchSize: 4, Dir: dir}); err == nil {
			t.Error("training goes on with other pixels")
		}
	}
	// A checkpoint that does not tell.
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("%v, %v", found, err)
	}
	var silent *pixels
	if err := silent.check(open(nil, nil), found[0]); err != nil {
		t.Error(err)
	}
}
