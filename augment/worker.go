package augment

import "fmt"

// worker is what a goroutine keeps.
type worker struct {
	sample Sample
	rand   Rand
	floats []float32 // for an image made before the shape was known
}

type shape struct {
	known         bool // an image was made
	height, width int
	tensor        bool
}

// maxBatch bounds the numbers in a batch.
const maxBatch = 1 << 31

func (s shape) len() int { return s.height * s.width * 3 }

// several is how many images of that shape to make at a time.
func (s shape) several() int {
	if !s.known {
		return 1
	}
	return max(1, min(16, 1<<16/s.len()))
}

// slot is a batch being made or used.
type slot struct {
	batch  Batch
	todo   int // images still to make
	failed error
	at     int       // place in the batch of the image that failed
	floats []float32 // Size images
	pixels []uint8
}

// work makes images, always the next that nobody took, until all are made.
// Small ones it takes several at a time, to wait for others less often.
func (l *Loader) work(w *worker, order []int, epoch int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.next < len(order) {
		first := l.next
		n := min(l.shape.several(), l.Size-first%l.Size, len(order)-first)
		l.next += n
		for first >= l.open*l.Size && !l.stopped {
			l.change.Wait()
		}
		if l.stopped {
			return
		}
		s, at := &l.slots[first/l.Size%len(l.slots)], first%l.Size
		if l.shape.known {
			l.several(w, s, at, order[first:first+n], epoch)
		} else {
			l.first(w, s, at, order[first], epoch)
		}
		if s.todo -= n; s.todo == 0 {
			l.change.Broadcast()
		}
	}
}

// several makes images whose shape is known, without the lock meanwhile.
func (l *Loader) several(w *worker, s *slot, at int, index []int, epoch int) {
	s.grow(l.Size, l.shape)
	shape := l.shape
	l.mu.Unlock()
	failed, where := error(nil), 0
	for i, index := range index {
		err := l.make(w, s, at+i, index, epoch, shape)
		if err == nil {
			err = w.place(s, at+i, shape)
		}
		if err != nil && failed == nil {
			failed, where = &ImageError{index, err}, at+i
		}
	}
	l.mu.Lock()
	s.fail(failed, where)
}

// first makes an image while no shape is known; it may be known when it is
// done.
func (l *Loader) first(w *worker, s *slot, at, index, epoch int) {
	l.mu.Unlock()
	err := l.make(w, s, at, index, epoch, shape{})
	l.mu.Lock()
	if err == nil && !l.shape.known {
		if l.shape = w.shape(); l.shape.len() > maxBatch/l.Size {
			err = &ParamError{"Loader", fmt.Sprintf("a batch of %d images of %dx%d has more than %d numbers", l.Size, l.shape.width, l.shape.height, maxBatch)}
			l.shape = shape{}
		}
	}
	if err == nil {
		s.grow(l.Size, l.shape)
		err = w.place(s, at, l.shape)
	}
	if err != nil {
		s.fail(&ImageError{index, err}, at)
	}
}

// fail keeps the first failure in the order of the batch.
func (s *slot) fail(err error, at int) {
	if err != nil && (s.failed == nil || at < s.at) {
		s.failed, s.at = err, at
	}
}

// grow makes room for size images. It never moves room in use: that has this
// epoch's shape and is large enough.
func (s *slot) grow(size int, shape shape) {
	n := size * shape.len()
	if shape.tensor && len(s.floats) < n {
		s.floats = make([]float32, n)
	}
	if !shape.tensor && len(s.pixels) < n {
		s.pixels = make([]uint8, n)
	}
}

// make runs the transforms on an image, into the slot if the shape is known.
func (l *Loader) make(w *worker, s *slot, at, index, epoch int, shape shape) error {
	m, err := l.Image(index)
	if err != nil {
		return err
	}
	x := &w.sample
	if err := x.Set(m); err != nil {
		return err
	}
	if n := shape.len(); shape.known && shape.tensor {
		x.SetOutput(s.floats[at*n : (at+1)*n])
	} else {
		x.SetOutput(w.floats)
	}
	w.rand.Reset(l.Seed, epoch, index)
	if err := l.Transform.Apply(x, &w.rand); err != nil {
		return err
	}
	x.settle()
	x.force()
	if !shape.known && x.stage != inBytes && len(x.data) > len(w.floats) {
		w.floats = x.data
	}
	return nil
}

// shape is that of the image just made.
func (w *worker) shape() shape {
	return shape{true, w.sample.h, w.sample.w, w.sample.stage != inBytes}
}

// place sees that the image just made is in its slot.
func (w *worker) place(s *slot, at int, want shape) error {
	if got := w.shape(); got != want {
		return fmt.Errorf("augment: the transforms make it %dx%d, another %dx%d (width x height): add a crop, or a Resize to Height and Width", got.width, got.height, want.width, want.height)
	}
	n := want.len()
	if !want.tensor {
		w.sample.write(s.pixels[at*n:][:n])
	} else if to := s.floats[at*n:][:n]; &to[0] != &w.sample.data[0] {
		copy(to, w.sample.data)
	}
	return nil
}
