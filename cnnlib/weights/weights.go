// Package weights reads and writes the weights of networks: safetensors files
// and PyTorch state dicts (.pth, .pt, Lightning's .ckpt), and whole networks:
// ONNX both ways, StableHLO out.
//
//	err := weights.Export(m, "lenet.pth")         // torch.load(…, weights_only=True) takes it
//	report, err := weights.Import(m, "model.pth") // what torch.save(net.state_dict(), …) wrote
//	fmt.Println(report)                           // weights matched by name after "module."; left out: n_averaged
//	err = weights.Export(m, "lenet.onnx")         // onnxruntime.InferenceSession takes it
//	net, err := weights.ReadONNX("net.onnx")      // layers and weights: net.Model(backend)
//
// # What is matched how
//
// A weight of a model has a name in PyTorch, which StateDict gives:
// "3.weight", or "layer1.0.conv1.weight" where cnnlib.Named says so. Import
// tries, in this order:
//
//  1. the names as they are; the file may have other tensors beside them that
//     are no weights;
//  2. the names after a prefix that those of the file have in common, as
//     "module.", "state_dict.net." or "_orig_mod."; of averaged copies (ema,
//     swa) the weights in use are taken;
//  3. the order of the file, where it is that of the modules (.pth, .pt, .ckpt; safetensors
//     sorts by name), and all kinds (weight, bias, running_mean, …) and shapes
//     agree one by one;
//  4. kinds and shapes of the modules, where those and the numbers in names
//     (10 after 2) leave one way only.
//
// Else an error says what does not fit, what is missing and what is left over,
// and the model stays as it was. ONNX files describe the network too: it has
// to be the model's, operation by operation, branches in any order where they
// are added or multiplied.
//
// Files come from anywhere, so nothing in them is trusted: no code is run, no
// size is believed before it is compared with the size of the file. What a
// file is, its content says, not its name.
package weights

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"convlab/internal/oneline"

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

// Size returns the number of bytes of one number, or 0 for an unknown type.
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

// whole tells types that have no fractions.
func (d DType) whole() bool {
	switch d {
	case I64, I32, I16, I8, U8, Bool:
		return true
	}
	return false
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
	return oneline.Of(fmt.Sprintf("weights: %s: %s: %s", e.File, e.At, e.Reason))
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

// NewTensor makes a float32 tensor of values in row-major order.
func NewTensor(name string, values []float32, shape ...int) Tensor {
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return Tensor{name, F32, shape, data}
}

// Float32s returns the numbers of t, in row-major order, as float32.
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

// check finds what no file could hold.
func (t Tensor) check() error {
	n, err := numbers(t.Shape, math.MaxInt/8)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	if t.DType.Size() == 0 {
		return fmt.Errorf("%s: type %q is not known", t.Name, t.DType)
	}
	if n*t.DType.Size() != len(t.Data) {
		return fmt.Errorf("%s: shape %v of type %q does not take %d bytes", t.Name, t.Shape, t.DType, len(t.Data))
	}
	return nil
}

// check finds tensors that no file could hold.
func check(tensors []Tensor) error {
	names := make(map[string]bool)
	for _, t := range tensors {
		if err := t.check(); err != nil {
			return fmt.Errorf("weights: %w", err)
		}
		if t.Name == "" || t.Name == "__metadata__" || names[t.Name] {
			return fmt.Errorf("weights: the name %q is empty, reserved or there twice", t.Name)
		}
		names[t.Name] = true
	}
	return nil
}
