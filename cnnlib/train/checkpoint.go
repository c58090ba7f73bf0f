package train

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"convlab/cnnlib"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// A checkpoint file is the magic line, the length of the header as 8 bytes
// little endian, the header as JSON, the values of the variables one after
// the other, and the SHA-256 of all of that.
const (
	magic     = "convlab checkpoint 1\n"
	maxHeader = 16 << 20
	maxFile   = 16 << 30
	keep      = 2 // the newest, and the one before in case the newest is damaged
)

type header struct {
	History   History
	Seed      uint64
	BatchSize int
	Variables []stored
}

type stored struct {
	Path  string
	DType string
	Dims  []int
}

// CheckpointError says which checkpoint file is unusable and why.
type CheckpointError struct{ File, Reason string }

func (e *CheckpointError) Error() string {
	return fmt.Sprintf("train: checkpoint %s: %s", e.File, e.Reason)
}

// files lists the checkpoints of dir, newest first.
func files(dir string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(dir, "epoch-*.ckpt"))
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	slices.Sort(found)
	slices.Reverse(found)
	return found, nil
}

// save writes the state after the last epoch of history: to a temporary file,
// synced, then renamed, so that a crash leaves the old ones whole.
func save(m *cnnlib.Model, cfg Config, history History) error {
	h := header{History: history, Seed: cfg.Seed, BatchSize: cfg.BatchSize}
	var values []*tensors.Tensor
	for v := range m.Store().IterVariables() {
		t, err := v.Value()
		if err != nil {
			return fmt.Errorf("train: save %s: %w", v.Path(), err)
		}
		h.Variables = append(h.Variables, stored{v.Path(), t.DType().String(), t.Shape().Dimensions})
		values = append(values, t)
	}
	head, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("train: save: %w", err)
	}
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return fmt.Errorf("train: save: %w", err)
	}
	f, err := os.CreateTemp(cfg.Dir, ".checkpoint-*")
	if err != nil {
		return fmt.Errorf("train: save: %w", err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	sum := sha256.New()
	w := io.MultiWriter(f, sum)
	_, err = io.WriteString(w, magic)
	err = errors.Join(err, binary.Write(w, binary.LittleEndian, uint64(len(head))))
	_, werr := w.Write(head)
	err = errors.Join(err, werr)
	for _, t := range values {
		err = errors.Join(err, t.ConstBytes(func(data []byte) {
			_, werr = w.Write(data)
		}), werr)
	}
	_, werr = f.Write(sum.Sum(nil))
	if err = errors.Join(err, werr, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("train: save in %s: %w", cfg.Dir, err)
	}
	name := filepath.Join(cfg.Dir, fmt.Sprintf("epoch-%06d.ckpt", len(history)))
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("train: save: %w", err)
	}
	old, err := files(cfg.Dir)
	if err != nil {
		return err
	}
	for _, file := range old[min(keep, len(old)):] {
		os.Remove(file)
	}
	return nil
}

// read checks a checkpoint file from end to end before anything is used.
func read(file string) (*header, []byte, error) {
	bad := func(format string, args ...any) (*header, []byte, error) {
		return nil, nil, &CheckpointError{file, fmt.Sprintf(format, args...)}
	}
	info, err := os.Stat(file)
	if err != nil {
		return bad("%v", err)
	}
	if info.Size() > maxFile {
		return bad("%d bytes are more than a checkpoint can have", info.Size())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return bad("%v", err)
	}
	if len(data) < len(magic)+8+sha256.Size || string(data[:len(magic)]) != magic {
		return bad("this is no convlab checkpoint (%d bytes)", len(data))
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return bad("damaged: its checksum does not match its content")
	}
	size := binary.LittleEndian.Uint64(body[len(magic):])
	body = body[len(magic)+8:]
	if size > maxHeader || size > uint64(len(body)) {
		return bad("header of %d bytes in a file of %d", size, len(data))
	}
	h := &header{}
	if err := json.Unmarshal(body[:size], h); err != nil {
		return bad("header: %v", err)
	}
	return h, body[size:], nil
}

// load reads a checkpoint and puts its variables into the store of m. All of
// them are decoded and compared with the model before the first is set.
func load(m *cnnlib.Model, file string) (*header, error) {
	h, values, err := read(file)
	if err != nil {
		return nil, err
	}
	bad := func(format string, args ...any) error {
		return &CheckpointError{file, fmt.Sprintf(format, args...)}
	}
	decoded := make(map[string]*tensors.Tensor)
	for _, s := range h.Variables {
		dtype, err := dtypes.DTypeString(s.DType)
		if err != nil {
			return nil, bad("%s: unknown type %q", s.Path, s.DType)
		}
		size := uint64(dtype.Size())
		for _, d := range s.Dims {
			if d < 1 || size > uint64(len(values))/uint64(d) {
				return nil, bad("%s: shape %v does not fit the %d bytes that are left", s.Path, s.Dims, len(values))
			}
			size *= uint64(d)
		}
		if size > uint64(len(values)) {
			return nil, bad("%s: %d bytes wanted, %d left", s.Path, size, len(values))
		}
		t := tensors.FromShape(shapes.Make(dtype, s.Dims...))
		if err := t.MutableBytes(func(data []byte) { copy(data, values[:size]) }); err != nil {
			return nil, bad("%s: %v", s.Path, err)
		}
		values = values[size:]
		decoded[s.Path] = t
	}
	if len(values) != 0 {
		return nil, bad("%d bytes too many", len(values))
	}
	for v := range m.Store().IterVariables() {
		t, found := decoded[v.Path()]
		if !found || !t.Shape().Equal(v.Shape()) {
			return nil, bad("it is of another network: %s should have shape %s", v.Path(), v.Shape())
		}
	}
	for path, t := range decoded {
		if v := m.Store().GetVariable(path); v != nil {
			if err := v.SetValue(t); err != nil {
				return nil, bad("%s: %v", path, err)
			}
			continue
		}
		scope, name := model.SplitPath(path)
		m.Store().Scope(scope).VariableWithValue(name, t).SetTrainable(false) // the optimiser's
	}
	return h, nil
}

// newest loads the newest good checkpoint of dir and reports the damaged ones
// on the way to it. No checkpoint at all gives a nil header.
func newest(m *cnnlib.Model, dir string, report func(error)) (*header, error) {
	found, err := files(dir)
	if err != nil {
		return nil, err
	}
	for _, file := range found {
		h, err := load(m, file)
		if err == nil {
			return h, nil
		}
		report(fmt.Errorf("%w; trying the one before", err))
	}
	if len(found) > 0 {
		return nil, fmt.Errorf("train: none of the %d checkpoints in %s can be used: remove them to start anew", len(found), dir)
	}
	return nil, nil
}

func resume(m *cnnlib.Model, cfg Config) (History, error) {
	h, err := newest(m, cfg.Dir, func(err error) {
		if cfg.Log != nil {
			fmt.Fprintln(cfg.Log, err)
		}
	})
	if err != nil || h == nil {
		return nil, err
	}
	if h.Seed != cfg.Seed || h.BatchSize != cfg.BatchSize {
		return nil, fmt.Errorf("train: %s was trained with seed %d and batch size %d, now %d and %d: use the same, or another folder",
			cfg.Dir, h.Seed, h.BatchSize, cfg.Seed, cfg.BatchSize)
	}
	if cfg.Log != nil {
		fmt.Fprintf(cfg.Log, "going on from epoch %d in %s\n", len(h.History), cfg.Dir)
	}
	return h.History, nil
}

// Load puts the weights of the newest good checkpoint of dir into m. Damaged
// checkpoints are reported to log (nil: nowhere) and passed over.
func Load(m *cnnlib.Model, dir string, log io.Writer) (History, error) {
	h, err := newest(m, dir, func(err error) {
		if log != nil {
			fmt.Fprintln(log, err)
		}
	})
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, fmt.Errorf("train: no checkpoint in %s: train first", dir)
	}
	return h.History, nil
}
