package train

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/gomlx/gomlx/core/tensors"
)

// Dataset is a list of labelled images. Pixels are uint8 in the model's shape,
// as height, width, channels, and must not be changed.
type Dataset interface {
	Len() int
	Example(i int) (pixels []uint8, label uint8)
}

// Order is the shuffled order of n examples in one epoch: a permutation that
// depends on seed and epoch alone.
func Order(n int, seed uint64, epoch int) []int {
	return rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(n)
}

// batch is what one step takes: pixels uint8 [n, shape...], labels int32 [n].
type batch struct {
	pixels, labels *tensors.Tensor
	n              int
	err            error
}

// fill copies the examples of index into one batch.
func fill(data Dataset, index []int, in []int) batch {
	size := 1
	for _, d := range in {
		size *= d
	}
	px := make([]uint8, len(index)*size)
	lb := make([]int32, len(index))
	for i, at := range index {
		p, l := data.Example(at)
		if len(p) != size {
			return batch{err: fmt.Errorf("train: example %d has %d bytes, the model takes %d (shape %v)", at, len(p), size, in)}
		}
		copy(px[i*size:], p)
		lb[i] = int32(l)
	}
	return batch{
		pixels: tensors.FromFlatDataAndDimensions(px, append([]int{len(index)}, in...)...),
		labels: tensors.FromFlatDataAndDimensions(lb, len(index)),
		n:      len(index),
	}
}

// ahead prepares the batches of one pass, two ahead of the one that the device
// works on. The channel ends with the batches or with ctx.
func ahead(ctx context.Context, data Dataset, order []int, size int, in []int) <-chan batch {
	out := make(chan batch, 2)
	go func() {
		defer close(out)
		for start := 0; start < len(order); start += size {
			b := fill(data, order[start:min(start+size, len(order))], in)
			select {
			case out <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
