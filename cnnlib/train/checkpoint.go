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
	"strings"
	"time"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/tensors"
)

// A checkpoint file is the magic line, the length of the header as 8 bytes
// little endian, the header as JSON, the values of the variables one after
// the other, and the SHA-256 of all of that. Its name tells how far training
// was, so that names sort by progress.
const (
	magic     = "convlab checkpoint 1\n"
	maxHeader = 16 << 20
	maxFile   = 16 << 30
	keep      = 2 // the newest, and the one before in case the newest is damaged
	unnamed   = ".checkpoint.tmp"
)

type header struct {
	History   History
	Now       progress // in the epoch after those of History
	Seed      uint64
	BatchSize int    // 0: these weights did not come from Fit
	Images    int    // in the training set
	How       string `json:",omitempty"` // run.how
	Variables []stored
}

type stored struct {
	Path  string
	DType string
	Dims  []int
}

// ErrBusy is the error of Fit in a folder in which another process trains.
var ErrBusy = errors.New("being trained in already")

// CheckpointError says which checkpoint file is unusable and why.
type CheckpointError struct{ File, Reason string }

func (e *CheckpointError) Error() string {
	return fmt.Sprintf("train: checkpoint %s: %s", e.File, e.Reason)
}

// nameOf is the file of the checkpoint after done steps of an epoch.
func nameOf(dir string, epoch, done int) string {
	return filepath.Join(dir, fmt.Sprintf("epoch-%06d-step-%06d.ckpt", epoch, done))
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

// save writes where training is and gives the file: first under another name,
// synced, then renamed, so that a crash leaves the old ones whole. Kept are
// the newest ones and the one of the best epoch, with KeepAll those after
// every epoch.
func (r *run) save() (file string, err error) {
	h := header{History: r.history, Now: r.now, Seed: r.cfg.Seed, BatchSize: r.cfg.BatchSize, Images: r.data.Len(), How: r.how()}
	values, err := h.list(r.m)
	if err != nil {
		return "", err
	}
	epoch, done := len(r.history)+1, r.now.Done
	if done == 0 && epoch > 1 {
		epoch, done = epoch-1, r.steps() // an epoch has just ended
	}
	file = nameOf(r.cfg.Dir, epoch, done)
	if err := write(file, h, values); err != nil {
		return "", fmt.Errorf("train: save in %s: %w", r.cfg.Dir, err)
	}
	r.saved = time.Now()
	found, err := files(r.cfg.Dir)
	if err != nil {
		return "", err
	}
	best, kept := nameOf(r.cfg.Dir, r.history.Best()+1, r.steps()), 0
	for _, old := range found {
		switch {
		case old > file: // damaged: resume passed it over
			os.Remove(old)
		case kept < keep:
			kept++
		case r.cfg.KeepAll && strings.HasSuffix(old, fmt.Sprintf("-step-%06d.ckpt", r.steps())):
		case old != best:
			os.Remove(old)
		}
	}
	return file, nil
}

// list notes the variables of m in the header and gives their values.
func (h *header) list(m *cnnlib.Model) ([]*tensors.Tensor, error) {
	var values []*tensors.Tensor
	for v := range m.Store().IterVariables() {
		t, err := v.Value()
		if err != nil {
			return nil, fmt.Errorf("train: save %s: %w", v.Path(), err)
		}
		h.Variables = append(h.Variables, stored{v.Path(), t.DType().String(), t.Shape().Dimensions})
		values = append(values, t)
	}
	return values, nil
}

// Save makes the weights of m, from wherever they came, the first checkpoint
// of dir: Load brings them back, and Fit starts from them.
func Save(m *cnnlib.Model, dir string) error {
	found, err := files(dir)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("train: %s has checkpoints already, as %s: save in another folder", dir, found[0])
	}
	if err := forget(m); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	h := header{}
	values, err := h.list(m)
	if err != nil {
		return err
	}
	if err := write(nameOf(dir, 1, 0), h, values); err != nil {
		return fmt.Errorf("train: save in %s: %w", dir, err)
	}
	return nil
}

func write(file string, h header, values []*tensors.Tensor) error {
	head, err := json.Marshal(h)
	if err != nil {
		return err
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, unnamed)) // what a crash left under this name is overwritten
	if err != nil {
		return err
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
		return err
	}
	return os.Rename(f.Name(), file)
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

// Discard removes the checkpoints of dir and nothing else.
func Discard(dir string) error {
	found, err := files(dir)
	if err != nil {
		return err
	}
	for _, file := range found {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	return nil
}
