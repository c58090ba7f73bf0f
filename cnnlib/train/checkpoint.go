package train

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"convlab/cnnlib"
	"convlab/internal/atomicfile"
	"convlab/internal/oneline"

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
)

type header struct {
	History   History
	Now       progress // in the epoch after those of History
	Seed      uint64
	BatchSize int     // 0: these weights did not come from Fit
	Images    int     // in the training set
	How       string  `json:",omitempty"` // run.how
	Pixels    *pixels `json:",omitempty"` // nil: of an earlier version
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
	return oneline.Of(fmt.Sprintf("train: checkpoint %s: %s", e.File, e.Reason))
}

// list notes in the header what m does to pixels and its variables, and gives
// their values.
func (h *header) list(m *cnnlib.Model) ([]*tensors.Tensor, error) {
	h.Pixels = pixelsOf(m)
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

// write writes a checkpoint, whole or not at all: first under another name,
// synced, then renamed, so that a crash leaves the old ones whole.
func write(file string, h header, values []*tensors.Tensor) error {
	head, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return atomicfile.Write(file, func(f io.Writer) error {
		sum := sha256.New()
		w := io.MultiWriter(f, sum)
		_, err := io.WriteString(w, magic)
		err = errors.Join(err, binary.Write(w, binary.LittleEndian, uint64(len(head))))
		_, werr := w.Write(head)
		err = errors.Join(err, werr)
		for _, t := range values {
			err = errors.Join(err, t.ConstBytes(func(data []byte) {
				_, werr = w.Write(data)
			}), werr)
		}
		_, werr = f.Write(sum.Sum(nil))
		return errors.Join(err, werr)
	})
}

// read checks a checkpoint file from end to end before anything is used. What
// is wrong with the file itself is a *CheckpointError; that it could not be
// read, for lack of rights or because the disk fails, is another error.
func read(file string) (*header, []byte, error) {
	bad := func(format string, args ...any) (*header, []byte, error) {
		return nil, nil, &CheckpointError{file, fmt.Sprintf(format, args...)}
	}
	failed := func(err error) (*header, []byte, error) {
		if errors.Is(err, fs.ErrNotExist) { // the training that goes on there has removed it
			return bad("%v", err)
		}
		return nil, nil, fmt.Errorf("train: checkpoint %s cannot be read: %w", file, err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return failed(err)
	}
	if info.Size() > maxFile {
		return bad("%d bytes are more than a checkpoint can have", info.Size())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return failed(err)
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
