package cnnlib

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Separation writes a kernel as a sum of columns times rows, the largest
// first: its singular value decomposition. A kernel of rank 1 is one column
// times one row, which are two one-dimensional convolutions (lesson 1.6.1);
// other kernels are not.
type Separation struct {
	Singular []float64   // singular values, falling
	Columns  [][]float64 // the first number of a column that is not 0 is 1
	Rows     [][]float64
}

// Separate takes a kernel of height rows apart into as many columns of height
// numbers and rows of width numbers as it has singular values.
func Separate(kernel [][]float32) (*Separation, error) {
	flat, err := flatten(kernel)
	if err != nil {
		return nil, err
	}
	h, w := len(kernel), len(kernel[0])
	values := make([]float64, len(flat))
	for i, v := range flat {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("cnnlib: the kernel holds %g", v)
		}
		values[i] = float64(v)
	}
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(h, w, values), mat.SVDThin) {
		return nil, fmt.Errorf("cnnlib: the singular values of the %dx%d kernel were not found", h, w)
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	s := &Separation{Singular: svd.Values(nil)}
	for i, sigma := range s.Singular {
		column, row := mat.Col(nil, i, &u), mat.Col(nil, i, &v)
		clean(column)
		clean(row)
		first := 1.0
		for _, c := range column {
			if c != 0 {
				first = c
				break
			}
		}
		for j := range column {
			column[j] /= first
		}
		for j := range row {
			row[j] = row[j]*first*sigma + 0 // +0: no negative zero
		}
		s.Columns, s.Rows = append(s.Columns, column), append(s.Rows, row)
	}
	return s, nil
}

// clean takes rounding for 0 in a vector of length 1.
func clean(v []float64) {
	for i := range v {
		if math.Abs(v[i]) < 1e-9 {
			v[i] = 0
		}
	}
}

// Rank returns how many parts are needed: the number of singular values above
// a millionth of the largest.
func (s *Separation) Rank() int {
	rank := 0
	for _, v := range s.Singular {
		if v > 1e-6*s.Singular[0] {
			rank++
		}
	}
	return rank
}

// Error returns how much of the kernel the first n parts miss, relative to
// its size: ‖kernel − parts‖ / ‖kernel‖ in the Frobenius norm.
func (s *Separation) Error(n int) float64 {
	missed, all := 0.0, 0.0
	for i, v := range s.Singular {
		all += v * v
		if i >= n {
			missed += v * v
		}
	}
	if all == 0 {
		return 0
	}
	return math.Sqrt(missed / all)
}

// Sum returns the kernel that the first n parts make: height rows of width
// numbers.
func (s *Separation) Sum(n int) [][]float64 {
	sum := make([][]float64, len(s.Columns[0]))
	for i := range sum {
		sum[i] = make([]float64, len(s.Rows[0]))
		for p := range min(n, len(s.Singular)) {
			for j := range sum[i] {
				sum[i][j] += s.Columns[p][i] * s.Rows[p][j]
			}
		}
	}
	return sum
}
