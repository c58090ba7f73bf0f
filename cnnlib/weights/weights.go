// Package weights reads and writes the weights of networks: safetensors files
// and PyTorch state dicts (.pth, .pt), and whole networks: ONNX both ways,
// StableHLO out.
//
//	err := weights.Export(m, "lenet.pth")    // torch.load(…, weights_only=True) takes it
//	err = weights.Import(m, "model.pth")     // what torch.save(net.state_dict(), …) wrote
//	err = weights.Export(m, "lenet.onnx")    // onnxruntime.InferenceSession takes it
//	net, err := weights.ReadONNX("net.onnx") // layers and weights: net.Model(backend)
//
// Files come from anywhere, so nothing in them is trusted: no code is run, no
// size is believed before it is compared with the size of the file.
package weights

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convlab/internal/whole"

	"github.com/gomlx/compute/dtypes/float16"
)

// DType is the type of a tensor's numbers, by its name in safetensors.
type DType string

// The types that both formats have.
const (
	F64  DType = "F64"
	F32  DType = "F32"
	F16  DType = "F16"
	BF16 DType = "BF16"
	I64  DType = "I64"
	I32  DType = "I32"
	I16  DType = "I16"
	I8   DType = "I8"
	U8   DType = "U8"
	Bool DType = "BOOL"
)

// Size is the number of bytes of one number, 0 for an unknown type.
func (d DType) Size() int {
	switch d {
	case F64, I64:
		return 8
	case F32, I32:
		return 4
	case F16, BF16, I16:
		return 2
	case I8, U8, Bool:
		return 1
	}
	return 0
}

// Tensor is a named array: Data has its numbers in row-major order, little
// endian.
type Tensor struct {
	Name  string
	DType DType
	Shape []int
	Data  []byte
}

// Limits of what is read. A file of weights stays far below them.
const (
	maxHeader  = 16 << 20
	maxTensors = 1 << 16
	maxAxes    = 16
)

// FormatError says what is wrong with a file, and where.
type FormatError struct{ File, At, Reason string }

func (e *FormatError) Error() string {
	return fmt.Sprintf("weights: %s: %s: %s", e.File, e.At, e.Reason)
}

// numbers is the number of elements of shape, or an error when it is negative
// or more than most.
func numbers(shape []int, most int) (int, error) {
	if len(shape) > maxAxes {
		return 0, fmt.Errorf("%d axes, at most %d are read", len(shape), maxAxes)
	}
	if len(shape) > 0 && slices.Min(shape) < 0 {
		return 0, fmt.Errorf("shape %v has a negative size", shape)
	}
	if slices.Contains(shape, 0) {
		return 0, nil
	}
	n := 1
	for _, d := range shape {
		if n > most/d {
			return 0, fmt.Errorf("shape %v has more than the %d numbers there is room for", shape, most)
		}
		n *= d
	}
	return n, nil
}

// New makes a float32 tensor of values in row-major order.
func New(name string, values []float32, shape ...int) Tensor {
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return Tensor{name, F32, shape, data}
}

// Float32s is the numbers of t as float32.
func (t Tensor) Float32s() ([]float32, error) {
	size := t.DType.Size()
	if size == 0 || len(t.Data)%size != 0 {
		return nil, fmt.Errorf("weights: %s: %d bytes of type %q are not whole numbers of a known type", t.Name, len(t.Data), t.DType)
	}
	values := make([]float32, len(t.Data)/size)
	for i := range values {
		at := t.Data[i*size:]
		switch t.DType {
		case F64:
			values[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(at)))
		case F32:
			values[i] = math.Float32frombits(binary.LittleEndian.Uint32(at))
		case F16:
			values[i] = float16.FromBits(binary.LittleEndian.Uint16(at)).Float32()
		case BF16:
			values[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(at)) << 16)
		case I64:
			values[i] = float32(int64(binary.LittleEndian.Uint64(at)))
		case I32:
			values[i] = float32(int32(binary.LittleEndian.Uint32(at)))
		case I16:
			values[i] = float32(int16(binary.LittleEndian.Uint16(at)))
		case I8:
			values[i] = float32(int8(at[0]))
		case U8, Bool:
			values[i] = float32(at[0])
		}
	}
	return values, nil
}

// open opens a regular file and tells its size.
func open(file string) (*os.File, int64, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, fmt.Errorf("weights: %w", err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = fmt.Errorf("weights: %w", err)
	case !info.Mode().IsRegular():
		err = fmt.Errorf("weights: %s is not a file", file)
	default:
		return f, info.Size(), nil
	}
	f.Close()
	return nil, 0, err
}

// ReadFile reads a file of safetensors or PyTorch; the content decides which.
func ReadFile(file string) ([]Tensor, error) {
	f, size, err := open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var start [4]byte
	if _, err := f.ReadAt(start[:], 0); err == nil && string(start[:]) == "PK\x03\x04" {
		return readPyTorch(file, f, size)
	}
	if start[0] == 0x80 && start[1] <= 5 {
		return nil, &FormatError{file, "byte 0", "this is a bare pickle, as PyTorch before 1.6 wrote it: load it there and save it again"}
	}
	return readSafetensors(file, f, size)
}

// WriteFile writes tensors in the format that the file's name asks for:
// .safetensors, .pth or .pt. The file appears under its name when it is whole.
func WriteFile(file string, tensors []Tensor) error {
	write := writePyTorch
	switch ext := strings.ToLower(filepath.Ext(file)); ext {
	case ".safetensors":
		write = writeSafetensors
	case ".pth", ".pt":
	default:
		return fmt.Errorf("weights: %s: the name should end in .safetensors, .pth or .pt, not %q", file, ext)
	}
	if err := check(tensors); err != nil {
		return err
	}
	return writeWhole(file, func(w io.Writer) error { return write(w, tensors) })
}

// writeWhole lets fill write a file that is there whole or not at all.
func writeWhole(file string, fill func(io.Writer) error) error {
	if err := whole.Write(file, fill); err != nil {
		return fmt.Errorf("weights: write %s: %w", file, err)
	}
	return nil
}

// check finds tensors that no file could hold.
func check(tensors []Tensor) error {
	names := make(map[string]bool)
	for _, t := range tensors {
		n, err := numbers(t.Shape, math.MaxInt/8)
		if err != nil {
			return fmt.Errorf("weights: %s: %w", t.Name, err)
		}
		if t.DType.Size() == 0 || n*t.DType.Size() != len(t.Data) {
			return fmt.Errorf("weights: %s: shape %v of type %q does not take %d bytes", t.Name, t.Shape, t.DType, len(t.Data))
		}
		if t.Name == "" || t.Name == "__metadata__" || names[t.Name] {
			return fmt.Errorf("weights: the name %q is empty, reserved or there twice", t.Name)
		}
		names[t.Name] = true
	}
	return nil
}
