package weights

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"strings"
)

// A .pth file is a zip archive without compression: NAME/data.pkl, a pickle
// that describes the tensors, and a file NAME/data/KEY for each storage that
// they are parts of (torch/serialization.py).

const (
	maxPickle  = 2 << 20
	maxNesting = 8
	maxShared  = 16      // how often all tensors may take the size of the file
	maxVisits  = 1 << 20 // values looked at; dicts may hold the same dict many times
)

// archive is the opened zip, with what is needed to say where it is wrong.
type archive struct {
	file    string
	size    int64
	entries map[string]*zip.File // by name below the common folder
	loaded  map[string][]byte
	visits  int
}

func (a *archive) bad(at, format string, args ...any) error {
	return &FormatError{a.file, at, fmt.Sprintf(format, args...)}
}

func readPyTorch(file string, r io.ReaderAt, size int64) ([]Tensor, error) {
	a := &archive{file: file, size: size, entries: make(map[string]*zip.File), loaded: make(map[string][]byte)}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, a.bad("zip", "%v", err)
	}
	if err := a.list(z); err != nil {
		return nil, err
	}
	if _, ok := a.entries["byteorder"]; ok {
		order, err := a.read("byteorder", 16)
		if err != nil {
			return nil, err
		}
		if string(order) != "little" {
			return nil, a.bad("byteorder", "%q, only little is read", order)
		}
	}
	pickle, err := a.read("data.pkl", maxPickle)
	if err != nil {
		return nil, err
	}
	top, err := unpickle(pickle)
	if err != nil {
		return nil, a.bad("data.pkl", "%v", err)
	}
	var tensors []Tensor
	total := int64(0)
	if err := a.collect("", top, 0, &tensors, &total); err != nil {
		return nil, err
	}
	if len(tensors) == 0 {
		return nil, a.bad("data.pkl", "no tensor in it: save net.state_dict()")
	}
	return tensors, nil
}

// list notes the entries. Their sizes are checked before any is read: stored
// as they are, and together no larger than the file.
func (a *archive) list(z *zip.Reader) error {
	var folder string
	for _, f := range z.File {
		if name, ok := strings.CutSuffix(f.Name, "/data.pkl"); ok {
			if folder != "" {
				return a.bad("zip", "two pickles, %q and %q", folder+"/data.pkl", f.Name)
			}
			folder = name
		}
	}
	if folder == "" {
		return a.bad("zip", "no data.pkl in it: this is no file of torch.save")
	}
	sum := uint64(0)
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, folder+"/")
		if !ok || a.entries[name] != nil {
			return a.bad("zip", "the entry %.80q lies elsewhere or is there twice", f.Name)
		}
		if f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 {
			return a.bad(name, "it is compressed, which torch.save never does")
		}
		if f.UncompressedSize64 > uint64(a.size) || sum+f.UncompressedSize64 > uint64(a.size) {
			return a.bad(name, "%d bytes, with those before more than the file has", f.UncompressedSize64)
		}
		sum += f.UncompressedSize64
		a.entries[name] = f
	}
	return nil
}

// read gives the content of an entry, its CRC checked.
func (a *archive) read(name string, most int64) ([]byte, error) {
	f := a.entries[name]
	if f == nil {
		return nil, a.bad("zip", "the entry %.80q is missing", name)
	}
	if f.UncompressedSize64 > uint64(most) {
		return nil, a.bad(name, "%d bytes, at most %d are read", f.UncompressedSize64, most)
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.bad(name, "%v", err)
	}
	defer r.Close()
	data := make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, a.bad(name, "%v", err)
	}
	if _, err := r.Read(make([]byte, 1)); err != io.EOF { // the CRC is compared at the end
		return nil, a.bad(name, "%v", err)
	}
	return data, nil
}

// collect turns what the pickle holds into tensors: dicts are walked, and what
// is no tensor (an epoch, a learning rate) is left out.
func (a *archive) collect(name string, v any, depth int, tensors *[]Tensor, total *int64) error {
	if a.visits++; a.visits > maxVisits {
		return a.bad("data.pkl", "more than %d values", maxVisits)
	}
	switch v := v.(type) {
	case view:
		if len(*tensors) == maxTensors {
			return a.bad("data.pkl", "more than %d tensors", maxTensors)
		}
		t, err := a.tensor(name, v)
		if err != nil {
			return err
		}
		if *total += int64(len(t.Data)); *total > maxShared*a.size {
			return a.bad(fmt.Sprintf("tensor %.80q", name), "the tensors take more than %d times the file", maxShared)
		}
		*tensors = append(*tensors, t)
	case *pickleDict:
		if depth == maxNesting {
			return a.bad("data.pkl", "dicts more than %d deep", maxNesting)
		}
		for i, key := range v.keys {
			k, ok := key.(string)
			if !ok {
				continue // an optimiser's dict counts its parameters
			}
			if name != "" {
				k = name + "." + k
			}
			if err := a.collect(k, v.values[i], depth+1, tensors, total); err != nil {
				return err
			}
		}
	}
	return nil
}

// tensor copies the part of a storage that v sees.
func (a *archive) tensor(name string, v view) (Tensor, error) {
	at := fmt.Sprintf("tensor %.80q", name)
	size := int64(v.storage.dtype.Size())
	data, ok := a.loaded[v.storage.key]
	if !ok {
		var err error
		if data, err = a.read("data/"+v.storage.key, a.size); err != nil {
			return Tensor{}, err
		}
		a.loaded[v.storage.key] = data
	}
	room := int64(len(data)) / size
	if v.storage.numbers > room {
		return Tensor{}, a.bad(at, "its storage should have %d numbers, the file has %d", v.storage.numbers, room)
	}
	room = v.storage.numbers
	shape := make([]int, len(v.shape))
	for i, d := range v.shape {
		if d < math.MinInt32 || d > math.MaxInt32 {
			return Tensor{}, a.bad(at, "an axis of %d", d)
		}
		shape[i] = int(d)
	}
	n, err := numbers(shape, int(room))
	if err != nil {
		return Tensor{}, a.bad(at, "%v", err)
	}
	if v.offset < 0 || v.offset > room {
		return Tensor{}, a.bad(at, "it begins at number %d of a storage of %d", v.offset, room)
	}
	last := v.offset
	for i, d := range v.shape {
		if s := v.strides[i]; s < 0 || n > 0 && d > 1 && s > room/(d-1) {
			return Tensor{}, a.bad(at, "shape %v with strides %v in a storage of %d numbers", v.shape, v.strides, room)
		}
		last += max(d-1, 0) * v.strides[i]
	}
	if n > 0 && last >= room {
		return Tensor{}, a.bad(at, "numbers %d to %d of a storage of %d", v.offset, last, room)
	}
	out := make([]byte, 0, int64(n)*size)
	for i, index := 0, make([]int64, len(shape)); i < n; i++ {
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
	return Tensor{name, v.storage.dtype, shape, out}, nil
}
