package train

import (
	"context"
	"fmt"
	"iter"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Dataset is a list of labelled images. Pixels are uint8 in the model's shape,
// as height, width, channels, and must not be changed.
type Dataset interface {
	Len() int
	Example(i int) (pixels []uint8, label uint8)
}

// Augmented is a Dataset whose images look different in each epoch, as
// augment.Dataset. Fit trains on what Batches gives; Example gives the images
// as they are, and Evaluate takes those.
type Augmented interface {
	Dataset
	// Batches gives the images of order as they look in this epoch, size at a
	// time, the last batch maybe fewer: pixels uint8 [n, shape...], good until
	// the next batch. An image's pixels depend on epoch and its index alone, so
	// that training which was stopped in an epoch goes on with the same ones.
	Batches(ctx context.Context, order []int, size, epoch int) iter.Seq2[[]uint8, error]
	// String says what is done to the images. A run resumes with the same only.
	String() string
}

// batch is what one step takes: pixels uint8 [n, shape...], labels int32 [n].
// The tensors are written again for a later batch: on a CPU they are the
// device's own memory, and a step then copies and allocates nothing for them.
type batch struct {
	pixels, labels *tensors.Tensor
	n              int
	err            error

	index                  []int   // of the examples being copied
	made                   []uint8 // their pixels, if they are not the data set's own
	copyPixels, copyLabels func(flat any)
}

// feed makes the batches of training ahead of the step.
type feed struct {
	data   Dataset
	source Augmented // nil: the pixels are those of data
	in     []int     // shape of an example
	size   int       // examples in a batch
	free   chan *batch
}

// inFlight is the number of batches: two wait while the device works on one.
const inFlight = 3

func newFeed(data Dataset, source Augmented, in []int, size int) *feed {
	f := &feed{data: data, source: source, in: in, size: size, free: make(chan *batch, inFlight)}
	for range inFlight {
		b := &batch{}
		b.copyPixels = func(flat any) { b.err = f.copyPixels(b, flat.([]uint8)) }
		b.copyLabels = func(flat any) { f.copyLabels(b, flat.([]int32)) }
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
				b.index, b.made, b.err = order[:n], pixels, err
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
	if f.source != nil {
		return f.source.Batches(ctx, order, f.size, epoch)
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
		b.labels = tensors.FromShape(shapes.Make(dtypes.Int32, n))
		b.n = n
	}
	if err := b.pixels.MutableFlatData(b.copyPixels); err != nil {
		b.err = err
	}
	if err := b.labels.MutableFlatData(b.copyLabels); err != nil {
		b.err = err
	}
}

func (f *feed) copyPixels(b *batch, to []uint8) error {
	if b.made != nil {
		if len(b.made) != len(to) {
			return fmt.Errorf("train: the augmented data gave %d bytes for %d images, the model takes %d (shape %v): the transforms must keep the shape",
				len(b.made), b.n, len(to), f.in)
		}
		copy(to, b.made)
		return nil
	}
	size := len(to) / b.n
	for i, at := range b.index {
		p, _ := f.data.Example(at)
		if len(p) != size {
			return fmt.Errorf("train: example %d has %d bytes, the model takes %d (shape %v)", at, len(p), size, f.in)
		}
		copy(to[i*size:], p)
	}
	return nil
}

func (f *feed) copyLabels(b *batch, to []int32) {
	for i, at := range b.index {
		_, label := f.data.Example(at)
		to[i] = int32(label)
	}
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
	return b.labels.FinalizeAll()
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
