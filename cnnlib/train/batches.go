package train

import (
	"context"
	"fmt"
	"iter"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// batch is what one step takes: pixels uint8 [n, shape...], targets [n,
// target...]: int32 for labels, else of the type that the data set gives.
// The tensors are written again for a later batch: on a CPU they are the
// device's own memory, and a step then copies and allocates nothing for them.
type batch struct {
	pixels, targets *tensors.Tensor
	n               int
	err             error

	index                   []int   // of the examples being copied
	epoch                   int     // in which they are
	made                    []uint8 // their pixels, if they are not the data set's own
	to                      []uint8 // where the pixels go
	copyPixels, copyTargets func(flat any)
}

// feed makes the batches of training ahead of the step.
type feed struct {
	data *source
	in   []int // shape of an example
	size int   // examples in a batch
	free chan *batch
}

// inFlight is the number of batches: two wait while the device works on one.
const inFlight = 3

func newFeed(data *source, in []int, size int) *feed {
	f := &feed{data: data, in: in, size: size, free: make(chan *batch, inFlight)}
	for range inFlight {
		b := &batch{}
		b.copyTargets = func(flat any) { b.err = f.copy(b, flat) }
		b.copyPixels = func(flat any) {
			b.to = flat.([]uint8)
			if err := b.targets.MutableFlatData(b.copyTargets); err != nil {
				b.err = err
			}
		}
		f.free <- b
	}
	return f
}

// start prepares the batches of order. The channel ends with them, after an
// error, or with ctx; what it gives goes back to free.
func (f *feed) start(ctx context.Context, order []int, epoch int) <-chan *batch {
	ready := make(chan *batch, inFlight) // never full
	go func() {
		defer close(ready)
		for pixels, err := range f.pixels(ctx, order, epoch) {
			if len(order) == 0 {
				return // the source gives more than it was asked for
			}
			select {
			case <-ctx.Done():
				return
			case b := <-f.free:
				n := min(f.size, len(order))
				b.index, b.epoch, b.made, b.err = order[:n], epoch, pixels, err
				if order = order[n:]; err == nil {
					f.fill(b)
				}
				if ready <- b; b.err != nil {
					return
				}
			}
		}
	}()
	return ready
}

// pixels gives the source's batches, or nil for each if there is no source.
func (f *feed) pixels(ctx context.Context, order []int, epoch int) iter.Seq2[[]uint8, error] {
	if f.data.augmented != nil {
		return f.data.augmented.Batches(ctx, order, f.size, epoch)
	}
	return func(yield func([]uint8, error) bool) {
		for start := 0; start < len(order) && yield(nil, nil); start += f.size {
		}
	}
}

// fill writes the tensors of b, which are made anew where their number of
// examples changes: at the last batch of an epoch and after it.
func (f *feed) fill(b *batch) {
	if n := len(b.index); b.n != n {
		if b.err = b.finalize(); b.err != nil {
			return
		}
		b.pixels = tensors.FromShape(shapes.Make(dtypes.Uint8, append([]int{n}, f.in...)...))
		b.targets = tensors.FromShape(shapes.Make(f.data.dtype(), append([]int{n}, f.data.target.Shape...)...))
		b.n = n
	}
	if err := b.pixels.MutableFlatData(b.copyPixels); err != nil {
		b.err = err
	}
}

// copy writes the batch: pixels to b.to, targets to those of the tensor.
func (f *feed) copy(b *batch, targets any) error {
	if b.made != nil {
		if len(b.made) != len(b.to) {
			return fmt.Errorf("train: the augmented data gave %d bytes for %d images, the model takes %d (shape %v): the transforms must keep the shape",
				len(b.made), b.n, len(b.to), f.in)
		}
		copy(b.to, b.made)
	}
	size := len(b.to) / b.n
	for k, at := range b.index {
		p, err := f.data.take(at, b.epoch, k, targets, f.data.classes)
		if err != nil {
			return err
		}
		if b.made != nil {
			continue
		}
		if len(p) != size {
			return fmt.Errorf("train: example %d has %d bytes, the model takes %d (shape %v)", at, len(p), size, f.in)
		}
		copy(b.to[k*size:], p)
	}
	return nil
}

// finalize frees the tensors at once, which the garbage collector would do
// late.
func (b *batch) finalize() error {
	if b.n == 0 {
		return nil
	}
	b.n = 0
	if err := b.pixels.FinalizeAll(); err != nil {
		return err
	}
	return b.targets.FinalizeAll()
}

// end frees all batches, which must all be free.
func (f *feed) end() error {
	for range inFlight {
		if err := (<-f.free).finalize(); err != nil {
			return err
		}
	}
	return nil
}
