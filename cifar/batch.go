package cifar

import (
	"fmt"
	"iter"

	"convlab/internal/shuffle"
)

func (s *Images) pick(index []int) *Images {
	out := &Images{Pixels: make([]uint8, 0, len(index)*imageBytes), Labels: make([]uint8, 0, len(index))}
	for _, i := range index {
		pixels, label := s.Example(i)
		out.Pixels, out.Labels = append(out.Pixels, pixels...), append(out.Labels, label)
	}
	return out
}

// Split puts n images, chosen by seed, into valid and the others into train.
// It is an error if one of them would be empty.
func (s *Images) Split(n int, seed uint64) (train, valid *Images, err error) {
	if n < 1 || n >= s.Len() {
		return nil, nil, fmt.Errorf("cifar: cannot split %d of %d images off", n, s.Len())
	}
	order := Order(s.Len(), seed, 0)
	return s.pick(order[n:]), s.pick(order[:n]), nil
}

// Order is the shuffled order of n images in one epoch; it depends on seed and
// epoch alone.
func Order(n int, seed uint64, epoch int) []int {
	return shuffle.Order(n, seed, epoch)
}

// Batch is some of the images: their numbers, their pixels one after the
// other, 3,072 bytes each, and their labels.
type Batch struct {
	Index  []int
	Pixels []uint8
	Labels []uint8
}

// Batches goes through all images once, shuffled by seed and epoch, size at a
// time; the last batch may be smaller.
func (s *Images) Batches(size int, seed uint64, epoch int) iter.Seq[Batch] {
	return func(yield func(Batch) bool) {
		order := Order(s.Len(), seed, epoch)
		for start := 0; start < len(order); start += max(size, 1) {
			index := order[start:min(start+max(size, 1), len(order))]
			part := s.pick(index)
			if !yield(Batch{index, part.Pixels, part.Labels}) {
				return
			}
		}
	}
}
