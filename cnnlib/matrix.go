package cnnlib

import (
	"fmt"

	"convlab/internal/geometry"
)

// SparseMatrix is a matrix by its entries.
type SparseMatrix = geometry.Sparse

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
	return m, nil
}
