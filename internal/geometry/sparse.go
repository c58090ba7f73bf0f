package geometry

import (
	"cmp"
	"fmt"
	"slices"
)

// Transpose swaps rows and columns.
func (m *Sparse) Transpose() *Sparse {
	t := &Sparse{Rows: m.Cols, Cols: m.Rows, Entries: slices.Clone(m.Entries)}
	for i, e := range t.Entries {
		t.Entries[i].Row, t.Entries[i].Col = e.Col, e.Row
	}
	slices.SortStableFunc(t.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
	return t
}

// Mul is matrix · x.
func (m *Sparse) Mul(x []float64) ([]float64, error) {
	if len(x) != m.Cols {
		return nil, fmt.Errorf("a %dx%d matrix times %d numbers", m.Rows, m.Cols, len(x))
	}
	y := make([]float64, m.Rows)
	for _, e := range m.Entries {
		y[e.Row] += e.Value * x[e.Col]
	}
	return y, nil
}

// Dense is the matrix with its zeros, by rows.
func (m *Sparse) Dense() [][]float64 {
	d := make([][]float64, m.Rows)
	for i := range d {
		d[i] = make([]float64, m.Cols)
	}
	for _, e := range m.Entries {
		d[e.Row][e.Col] += e.Value
	}
	return d
}

// Row is the entries of row r.
func (m *Sparse) Row(r int) []Entry {
	at, _ := slices.BinarySearchFunc(m.Entries, r, func(e Entry, r int) int { return cmp.Compare(e.Row, r) })
	end := at
	for end < len(m.Entries) && m.Entries[end].Row == r {
		end++
	}
	return m.Entries[at:end]
}
