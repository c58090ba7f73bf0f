package weights

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib/weights/internal/onnx"

	"github.com/gomlx/compute/dtypes/float16"
)

// constant is an array that the file holds, or that follows from its numbers
// and from the sizes of what the network takes.
type constant struct {
	name  string
	kind  int // onnx.Float, onnx.Int64, …
	shape []int
	*array
}

// array is the numbers of a constant, which it may share with others of another
// name or shape.
type array struct {
	raw    []byte    // of an initializer, little endian
	values []float64 // of what was computed, or of raw once it is needed; whole numbers are exact up to 2⁵³
}

// openBatch stands for the size of a batch that is open, among whole numbers.
var openBatch = math.Inf(-1)

// kindSize is the bytes of a number of each kind.
var kindSize = map[int]int{onnx.Float: 4, onnx.Double: 8, onnx.Half: 2, onnx.BFloat: 2, onnx.Int64: 8, onnx.Int32: 4, onnx.Int8: 1, onnx.Uint8: 1, onnx.Bool: 1}

func isFloat(kind int) bool {
	return kind == onnx.Float || kind == onnx.Double || kind == onnx.Half || kind == onnx.BFloat
}

// initializer makes a constant of a tensor, whose sizes are checked.
func initializer(t *onnx.Tensor) (*constant, error) {
	c := &constant{name: t.Name, kind: t.Type, array: &array{raw: t.Data}}
	for _, d := range t.Dims {
		if d < 0 || d > math.MaxInt32 {
			return nil, fmt.Errorf("constant %.80q has a size of %d", t.Name, d)
		}
		c.shape = append(c.shape, int(d))
	}
	size := kindSize[t.Type]
	if size == 0 {
		return nil, fmt.Errorf("constant %.80q has numbers of type %d, which are not read", t.Name, t.Type)
	}
	if n, err := numbers(c.shape, len(t.Data)/size); err != nil || n*size != len(t.Data) {
		return nil, fmt.Errorf("constant %.80q of shape %v has %d bytes", t.Name, c.shape, len(t.Data))
	}
	return c, nil
}

// count is how many numbers c has.
func (c *constant) count() int {
	if c.raw == nil {
		return len(c.values)
	}
	return len(c.raw) / kindSize[c.kind]
}

// numbers gives the numbers of c; they are not to be changed.
func (c *constant) numbers() []float64 {
	if c.values != nil || len(c.raw) == 0 {
		return c.values
	}
	size := kindSize[c.kind]
	c.values = make([]float64, len(c.raw)/size)
	for i := range c.values {
		c.values[i] = number(c.kind, c.raw[i*size:])
	}
	return c.values
}

func number(kind int, b []byte) float64 {
	switch kind {
	case onnx.Float:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case onnx.Double:
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	case onnx.Half:
		return float64(float16.FromBits(binary.LittleEndian.Uint16(b)).Float32())
	case onnx.BFloat:
		return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
	case onnx.Int64:
		return float64(int64(binary.LittleEndian.Uint64(b)))
	case onnx.Int32:
		return float64(int32(binary.LittleEndian.Uint32(b)))
	case onnx.Int8:
		return float64(int8(b[0]))
	}
	return float64(b[0])
}

// float32s gives the numbers of c as float32.
func (c *constant) float32s() []float32 {
	values := c.numbers()
	all := make([]float32, len(values))
	for i, v := range values {
		all[i] = float32(v)
	}
	return all
}

// ints gives c, a vector or a scalar, as whole numbers; batchSize stands for an
// open batch. Far numbers, such as "to the end" is written, come nearer.
func (c *constant) ints() ([]int, bool) {
	if isFloat(c.kind) || len(c.shape) > 1 || c.count() > maxInts {
		return nil, false
	}
	var all []int
	for _, v := range c.numbers() {
		if v == openBatch {
			all = append(all, batchSize)
			continue
		}
		all = append(all, int(min(max(v, -math.MaxInt32), math.MaxInt32)))
	}
	return all, true
}

const (
	batchSize = math.MinInt // stands for the size of an open batch in a shape
	maxInts   = 1 << 10     // numbers of a list that says what an operator does
)

// tensor gives c, which has floats, as a tensor of float32.
func (c *constant) tensor() (Tensor, error) {
	switch {
	case !isFloat(c.kind):
		return Tensor{}, fmt.Errorf("constant %.80q has numbers of type %d, floats are needed", c.name, c.kind)
	case c.kind == onnx.Float && c.raw != nil:
		return Tensor{Name: c.name, DType: F32, Shape: slices.Clone(c.shape), Data: c.raw}, nil
	}
	return NewTensor(c.name, c.float32s(), c.shape...), nil
}
