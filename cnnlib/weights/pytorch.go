package weights

import (
	"fmt"
	"math"
	"strings"
)

// What torch.save writes is a pickle that describes tensors, and the storages
// that those are parts of (torch/serialization.py): in a zip archive since
// PyTorch 1.6, one after the other before.

const (
	maxPickle  = 2 << 20
	maxNesting = 8
	maxShared  = 16      // how often all tensors may take the size of the file
	maxVisits  = 1 << 20 // values looked at; dicts may hold the same dict many times
)

// torchFile is a file of torch.save whose pickle has been read.
type torchFile struct {
	file   string
	size   int64
	at     string                           // of the pickle
	length func(key string) (int64, error)  // bytes of a storage
	read   func(key string) ([]byte, error) // a storage
	uses   map[string]int                   // tensors of a storage
	loaded map[string][]byte                // storages that more than one tensor is a part of
	path   []string                         // keys on the way to the value that is looked at
	visits int                              // values so far
	total  int64                            // bytes of the tensors so far
	named  int                              // bytes of their names
	all    []stored
}

func (t *torchFile) bad(at, format string, args ...any) error {
	return &FormatError{t.file, at, fmt.Sprintf(format, args...)}
}

// tensors lists the tensors in what the pickle holds.
func (t *torchFile) tensors(top any) ([]stored, error) {
	t.uses, t.loaded = make(map[string]int), make(map[string][]byte)
	if err := t.collect(top); err != nil {
		return nil, err
	}
	if len(t.all) == 0 {
		return nil, t.bad(t.at, "no tensor in it: save net.state_dict()")
	}
	return t.all, nil
}

// collect walks dicts and lists; what is no tensor (an epoch, a learning rate)
// is left out.
func (t *torchFile) collect(v any) error {
	if t.visits++; t.visits > maxVisits {
		return t.bad(t.at, "more than %d values", maxVisits)
	}
	var keys, values []any
	switch v := v.(type) {
	case view:
		return t.add(v)
	case *pickleDict:
		keys, values = v.keys, v.values
	case *pickleList:
		values = v.items
	case pickleTuple:
		values = v
	}
	if len(values) > 0 && len(t.path) == maxNesting {
		return t.bad(t.at, "dicts more than %d deep", maxNesting)
	}
	for i, v := range values {
		key := fmt.Sprint(i)
		if keys != nil {
			switch k := keys[i].(type) {
			case string:
				key = k
			case int64: // an optimizer's dict counts its parameters
				key = fmt.Sprint(k)
			default:
				continue
			}
		}
		t.path = append(t.path, key)
		err := t.collect(v)
		t.path = t.path[:len(t.path)-1]
		if err != nil {
			return err
		}
	}
	return nil
}

// add appends the tensor that the path leads to.
func (t *torchFile) add(v view) error {
	if len(t.all) == maxTensors {
		return t.bad(t.at, "more than %d tensors", maxTensors)
	}
	for _, key := range t.path {
		t.named += len(key) + 1
	}
	if t.named > maxHeader {
		return t.bad(t.at, "names of more than %d bytes", maxHeader)
	}
	s, err := t.tensor(strings.Join(t.path, "."), v)
	t.all = append(t.all, s)
	return err
}

// tensor checks that v lies in its storage.
func (t *torchFile) tensor(name string, v view) (stored, error) {
	at := fmt.Sprintf("tensor %.80q", name)
	size := int64(v.storage.dtype.Size())
	length, err := t.length(v.storage.key)
	if err != nil {
		return stored{}, err
	}
	room := length / size
	if v.storage.numbers > room {
		return stored{}, t.bad(at, "its storage should have %d numbers, the file has %d", v.storage.numbers, room)
	}
	room = v.storage.numbers
	shape := make([]int, len(v.shape))
	for i, d := range v.shape {
		if d < math.MinInt32 || d > math.MaxInt32 {
			return stored{}, t.bad(at, "an axis of %d", d)
		}
		shape[i] = int(d)
	}
	n, err := numbers(shape, int(room))
	if err != nil {
		return stored{}, t.bad(at, "%v", err)
	}
	if v.offset < 0 || v.offset > room {
		return stored{}, t.bad(at, "it begins at number %d of a storage of %d", v.offset, room)
	}
	last := v.offset
	for i, d := range v.shape {
		if s := v.strides[i]; s < 0 || n > 0 && d > 1 && s > room/(d-1) {
			return stored{}, t.bad(at, "shape %v with strides %v in a storage of %d numbers", v.shape, v.strides, room)
		}
		last += max(d-1, 0) * v.strides[i]
	}
	if n > 0 && last >= room {
		return stored{}, t.bad(at, "numbers %d to %d of a storage of %d", v.offset, last, room)
	}
	if t.total += int64(n) * size; t.total > maxShared*t.size {
		return stored{}, t.bad(at, "the tensors take more than %d times the file", maxShared)
	}
	t.uses[v.storage.key]++
	return stored{Tensor{name, v.storage.dtype, shape, nil}, func() ([]byte, error) { return t.data(at, v, n) }}, nil
}

// data reads the part of a storage that v sees, n numbers.
func (t *torchFile) data(at string, v view, n int) ([]byte, error) {
	key, size := v.storage.key, int64(v.storage.dtype.Size())
	data, ok := t.loaded[key]
	if !ok {
		var err error
		if data, err = t.read(key); err != nil {
			return nil, err
		}
		if t.uses[key] > 1 {
			t.loaded[key] = data
		}
	}
	if int64(len(data))/size < v.storage.numbers {
		return nil, t.bad(at, "its storage should have %d numbers, the file has %d", v.storage.numbers, int64(len(data))/size)
	}
	out := make([]byte, 0, int64(n)*size)
	if v.contiguous() {
		return append(out, data[v.offset*size:(v.offset+int64(n))*size]...), nil
	}
	for i, index := 0, make([]int64, len(v.shape)); i < n; i++ {
		from := v.offset
		for axis, k := range index {
			from += k * v.strides[axis]
		}
		out = append(out, data[from*size:(from+1)*size]...)
		for axis := len(index) - 1; axis >= 0; axis-- {
			if index[axis]++; index[axis] < v.shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return out, nil
}

// contiguous tells whether the numbers of v lie one after the other.
func (v view) contiguous() bool {
	step := int64(1)
	for axis := len(v.shape) - 1; axis >= 0; axis-- {
		if v.shape[axis] != 1 && v.strides[axis] != step {
			return false
		}
		step *= max(v.shape[axis], 1)
	}
	return true
}
