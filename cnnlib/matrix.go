package cnnlib

import (
	"cmp"
	"fmt"
	"slices"

	"convlab/internal/geometry"
)

// Entry is one number of a SparseMatrix.
type Entry struct {
	Row, Col int
	Tap      int // index in the flat kernel of the number that stands here
	Value    float64
}

// SparseMatrix is a matrix by its entries, sorted by row, then column.
type SparseMatrix struct {
	Rows, Cols int
	Entries    []Entry
}

// Matrixer is a layer that is a matrix on the flat numbers of one example.
type Matrixer interface {
	Layer
	// Matrix is the layer with this flat kernel on one example of shape in:
	// flat output = matrix · flat input, both in row-major order.
	Matrix(in []int, kernel []float64) (*SparseMatrix, error)
}

// Matrix writes the convolution as a matrix (lesson 1.4.2): the flat output is
// matrix · flat input, both [height, width, channels] of one example in
// row-major order. kernel is flat, [Kernel, Kernel, in/Groups, Out]. A row
// holds the products of one output number; a column, where one input number
// goes.
func (c Conv) Matrix(in []int, kernel []float64) (*SparseMatrix, error) {
	return matrixOf(c, in, kernel)
}

// Matrix writes the layer as a matrix: the transpose of that of the
// convolution with the same kernel, [Kernel, Kernel, Out/Groups, in].
func (c TransposedConv) Matrix(in []int, kernel []float64) (*SparseMatrix, error) {
	return matrixOf(c, in, kernel)
}

// Matrix writes the layer as a matrix; kernel: [Kernel, Kernel, 1,
// in·Multiplier].
func (c DepthwiseConv) Matrix(in []int, kernel []float64) (*SparseMatrix, error) {
	return matrixOf(c, in, kernel)
}

func matrixOf(c convolution, in []int, kernel []float64) (*SparseMatrix, error) {
	a, _, err := c.arithmetic(in)
	if err != nil {
		return nil, fmt.Errorf("cnnlib: %s: %w", nameOf(c, in), err)
	}
	m, err := a.Matrix(in[:len(in)-1], kernel)
	if err != nil {
		return nil, fmt.Errorf("cnnlib: %s: %w", nameOf(c, in), err)
	}
	return ours(m), nil
}

func ours(m *geometry.Sparse) *SparseMatrix {
	out := &SparseMatrix{Rows: m.Rows, Cols: m.Cols, Entries: make([]Entry, len(m.Entries))}
	for i, e := range m.Entries {
		out.Entries[i] = Entry(e)
	}
	return out
}

func (m *SparseMatrix) plain() *geometry.Sparse {
	out := &geometry.Sparse{Rows: m.Rows, Cols: m.Cols, Entries: make([]geometry.Entry, len(m.Entries))}
	for i, e := range m.Entries {
		out.Entries[i] = geometry.Entry(e)
	}
	return out
}

// Transpose swaps rows and columns.
func (m *SparseMatrix) Transpose() *SparseMatrix { return ours(m.plain().Transpose()) }

// Mul is matrix · x.
func (m *SparseMatrix) Mul(x []float64) ([]float64, error) { return m.plain().Mul(x) }

// Dense is the matrix with its zeros, by rows.
func (m *SparseMatrix) Dense() [][]float64 { return m.plain().Dense() }

// Row is the entries of row r.
func (m *SparseMatrix) Row(r int) []Entry {
	at, _ := slices.BinarySearchFunc(m.Entries, r, func(e Entry, r int) int { return cmp.Compare(e.Row, r) })
	end := at
	for end < len(m.Entries) && m.Entries[end].Row == r {
		end++
	}
	return m.Entries[at:end]
}
