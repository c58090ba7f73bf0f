package weights

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"convlab/cnnlib/weights/internal/onnx"
)

// neighbours is the files beside a model, in which it may keep the numbers of
// its tensors. A name in a model is the name of a file in the model's folder
// and nothing else: no path, no link.
type neighbours struct {
	ctx    context.Context // nothing is read after its end
	folder string
	files  map[string]*os.File
	sizes  map[string]int64
	taken  int64 // bytes
}

func beside(ctx context.Context, file string) *neighbours {
	return &neighbours{ctx: ctx, folder: filepath.Dir(file), files: make(map[string]*os.File), sizes: make(map[string]int64)}
}

// fill reads the numbers of all tensors of g that are in other files. With a
// nil s there are none.
func (s *neighbours) fill(im *importer, g *onnx.Graph) error {
	if s != nil {
		defer func() {
			for name, f := range s.files {
				f.Close()
				delete(s.files, name)
			}
		}()
	}
	err := s.graph(im, g)
	if s != nil {
		im.room += maxShared * int(min(s.taken, math.MaxInt32))
	}
	return err
}

func (s *neighbours) graph(im *importer, g *onnx.Graph) error {
	for i := range g.Initializers {
		if err := s.tensor(im, &g.Initializers[i]); err != nil {
			return err
		}
	}
	for _, n := range g.Nodes {
		for _, a := range n.Attrs {
			if a.Tensor != nil {
				if err := s.tensor(im, a.Tensor); err != nil {
					return err
				}
			}
			if a.Graph != nil {
				if err := s.graph(im, a.Graph); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// tensor reads the numbers of t, if they are in another file.
func (s *neighbours) tensor(im *importer, t *onnx.Tensor) error {
	if t.External == nil {
		return nil
	}
	bad := func(format string, args ...any) error {
		return im.bad(fmt.Sprintf("tensor %.80q", t.Name), format, args...)
	}
	where := t.External
	if s == nil {
		return bad("it keeps its numbers in another file, %.80q, which is not there", where.Location)
	}
	f, size, err := s.open(where.Location)
	if err != nil {
		return bad("it keeps its numbers in the file %.80q: %v", where.Location, err)
	}
	whole := &onnx.Tensor{Name: t.Name, Type: t.Type, Dims: t.Dims}
	count := int64(kindSize[t.Type])
	if count == 0 {
		return bad("it has numbers of type %d, which are not read", t.Type)
	}
	for _, d := range t.Dims {
		if d < 0 || d > 0 && count > size/d {
			return bad("shape %v is more than the %d bytes of %.80q", t.Dims, size, where.Location)
		}
		count *= d
	}
	switch {
	case where.Length != 0 && where.Length != count:
		return bad("shape %v takes %d bytes, it is said to have %d in %.80q", t.Dims, count, where.Length, where.Location)
	case count > size || where.Offset > size-count:
		return bad("its %d bytes from byte %d on are more than the %d bytes of %.80q", count, where.Offset, size, where.Location)
	}
	if s.taken += count; s.taken > onnx.Limit {
		return bad("the numbers in other files are more than 2 GiB")
	}
	whole.Data = make([]byte, count)
	if _, err := (stoppableReader{s.ctx, f}).ReadAt(whole.Data, where.Offset); err != nil && err != io.EOF {
		return bad("%v", err)
	}
	*t = *whole
	return nil
}

// open opens a file of this name in the folder, once.
func (s *neighbours) open(name string) (*os.File, int64, error) {
	if f := s.files[name]; f != nil {
		return f, s.sizes[name], nil
	}
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\:\x00") || filepath.Base(name) != name || !filepath.IsLocal(name) {
		return nil, 0, fmt.Errorf("a name of a file in the folder of the model is needed, no path")
	}
	if len(s.files) >= maxNeighbours {
		return nil, 0, fmt.Errorf("more than %d other files", maxNeighbours)
	}
	path := filepath.Join(s.folder, name)
	is, err := os.Lstat(path)
	if err != nil {
		return nil, 0, err
	}
	if !is.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("it is a link or no file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	now, err := f.Stat()
	if err == nil && !os.SameFile(is, now) {
		err = fmt.Errorf("it changed while it was opened")
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	s.files[name], s.sizes[name] = f, now.Size()
	return f, now.Size(), nil
}

// maxNeighbours is how many files a model may be spread over.
const maxNeighbours = 256
