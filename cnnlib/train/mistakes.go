package train

import (
	"fmt"
	"slices"

	"convlab/cnnlib"
	"convlab/internal/geometry"
)

// checkNetwork refuses a network whose training would run, learn little or
// nothing, and not say why. Nothing is compiled for that. n is the number of
// training images.
func checkNetwork(root *cnnlib.Place, loss Loss, batchSize, n int) error {
	steps := root.Steps()
	if err := checkEnd(steps[len(steps)-1], loss); err != nil {
		return err
	}
	smallest := min(batchSize, n)
	if rest := n % batchSize; rest > 0 {
		smallest = min(smallest, rest)
	}
	if smallest > 1 {
		return nil
	}
	for _, p := range steps {
		if _, ok := p.Layer.(cnnlib.BatchNorm); ok && geometry.Volume(p.In[:len(p.In)-1]) == 1 {
			return fmt.Errorf("train: %d images in batches of %d leave one image alone, for which layer %s (BatchNorm) has a single value in each channel and makes 0 of it: "+
				"choose another batch size, or another number of images", n, batchSize, p.Path)
		}
	}
	return nil
}

// checkEnd refuses to apply softmax or sigmoid twice: once as the network's
// last layer and once within the loss.
func checkEnd(last *cnnlib.Place, loss Loss) error {
	twice := false
	switch loss.(type) {
	case CrossEntropy:
		_, twice = last.Layer.(cnnlib.SoftmaxLayer)
	case BinaryCrossEntropy:
		_, twice = last.Layer.(cnnlib.Sigmoid)
	}
	if twice {
		return fmt.Errorf("train: the last layer, %s (%s), makes probabilities, but the loss takes logits and makes probabilities of them itself: leave the layer out",
			last.Path, last.Title())
	}
	return nil
}

// pixels is how a model normalises pixels, as it stands in a checkpoint.
type pixels struct{ Mean, Std []float32 }

func pixelsOf(m *cnnlib.Model) *pixels {
	mean, std := m.Normalization()
	return &pixels{mean, std}
}

// check refuses weights that were trained on pixels which are normalised in
// another way than m does it. Checkpoints of earlier versions do not tell.
func (p *pixels) check(m *cnnlib.Model, file string) error {
	now := pixelsOf(m)
	if p == nil || slices.Equal(p.Mean, now.Mean) && slices.Equal(p.Std, now.Std) {
		return nil
	}
	return fmt.Errorf("train: %s was trained on pixels normalised with mean %v and std %v, this model has mean %v and std %v: give cnnlib.Options the same",
		file, p.Mean, p.Std, now.Mean, now.Std)
}
