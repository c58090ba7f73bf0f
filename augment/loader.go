package augment

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"
)

// Loader makes batches ahead of the program that uses them, on several
// goroutines. Their content depends on Seed, the epoch and each image's index
// alone, not on the number of goroutines. A Loader keeps its buffers from
// epoch to epoch and allocates nothing for a batch. Only one epoch can run at
// a time.
type Loader struct {
	Image     func(i int) (Image, error) // image i; called by several goroutines; the pixels are only read
	Transform Transform                  // must make all images the same size
	Size      int                        // images a batch; the last may have fewer
	Seed      uint64
	Workers   int  // 0: as many as processors
	Torch     bool // draw as torch after manual_seed(TorchSeed(Seed, epoch, i)), else by a faster generator

	workers []worker
	mu      sync.Mutex // guards what follows, but not the pixels in slots
	change  sync.Cond
	slots   []slot // batch b is in slot b modulo their number
	open    int    // batches before this one have a slot
	next    int    // place in order of the next image that nobody makes yet
	stopped bool
	running bool
	shape   shape // of all images of this epoch
}

// ahead is how many batches are made while one is used.
const ahead = 2

// Batch is some images after the transforms.
type Batch struct {
	Index         []int // which images, as in the order given to Epoch
	Height, Width int
	Floats        []float32 // [len(Index), Height, Width, 3], if Transform has ToTensor
	Pixels        []uint8   // else this
}

// ImageError says which image of a Loader could not be made.
type ImageError struct {
	Index int
	Err   error
}

func (e *ImageError) Error() string { return fmt.Sprintf("augment: image %d: %v", e.Index, e.Err) }
func (e *ImageError) Unwrap() error { return e.Err }

// Epoch returns the images of order, batch by batch; pixels and floats are
// [len(Index), Height, Width, 3]. A batch is valid until the next one. After
// an error, of an image (*ImageError) or because ctx ended, there is no
// further batch.
func (l *Loader) Epoch(ctx context.Context, order []int, epoch int) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		if err := l.start(order); err != nil {
			yield(nil, err)
			return
		}
		var working sync.WaitGroup
		stopped := make(chan struct{})
		cancelled := context.AfterFunc(ctx, func() {
			l.stop()
			close(stopped)
		})
		defer func() {
			if !cancelled() {
				<-stopped // or it would stop the next epoch
			}
			l.stop()
			working.Wait()
			l.mu.Lock()
			l.running = false
			l.mu.Unlock()
		}()
		for i := range l.workers {
			working.Go(func() { l.work(&l.workers[i], order, epoch) })
		}
		for b := 0; b*l.Size < len(order); b++ {
			batch, err := l.wait(b)
			if ctx.Err() != nil {
				batch, err = nil, fmt.Errorf("augment: stopped after %d of %d images: %w", b*l.Size, len(order), ctx.Err())
			}
			if !yield(batch, err) || err != nil {
				return
			}
			l.mu.Lock()
			l.give(order)
			l.mu.Unlock()
		}
	}
}

// start checks the fields and makes what is kept.
func (l *Loader) start(order []int) error {
	switch {
	case l.Image == nil || l.Transform == nil:
		return &ParamError{"Loader", "needs Image and Transform"}
	case l.Size < 1 || l.Workers < 0:
		return &ParamError{"Loader", fmt.Sprintf("Size must be above 0 and Workers not below, got %d and %d", l.Size, l.Workers)}
	}
	if err := Check(l.Transform); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running {
		return &ParamError{"Loader", "an epoch is still running: end its loop first, or use two Loaders"}
	}
	l.running = true
	workers := l.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if len(l.workers) != workers {
		l.workers = make([]worker, workers)
	}
	for i := range l.workers {
		if r := &l.workers[i].rand; !l.Torch {
			r.torch = nil
		} else if r.torch == nil {
			r.torch = new(mersenne)
		}
	}
	if l.slots == nil {
		l.slots = make([]slot, ahead+1)
	}
	l.change.L = &l.mu
	l.open, l.next, l.stopped, l.shape = 0, 0, false, shape{}
	for range l.slots {
		l.give(order)
	}
	return nil
}

func (l *Loader) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	l.change.Broadcast()
}

// give lets the next batch be made, in the slot that nobody uses.
func (l *Loader) give(order []int) {
	s := &l.slots[l.open%len(l.slots)]
	first := min(l.open*l.Size, len(order))
	s.batch.Index = order[first:min(first+l.Size, len(order))]
	s.todo, s.failed = len(s.batch.Index), nil
	l.open++
	l.change.Broadcast()
}

// wait gives batch b once it is made.
func (l *Loader) wait(b int) (*Batch, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.slots[b%len(l.slots)]
	for s.todo > 0 && !l.stopped {
		l.change.Wait()
	}
	if s.failed != nil {
		return nil, s.failed
	}
	s.batch.Height, s.batch.Width, s.batch.Floats, s.batch.Pixels = l.shape.height, l.shape.width, nil, nil
	if n := len(s.batch.Index) * l.shape.len(); l.shape.tensor {
		s.batch.Floats = s.floats[:min(n, len(s.floats))]
	} else {
		s.batch.Pixels = s.pixels[:min(n, len(s.pixels))]
	}
	return &s.batch, nil
}
