package convviz

import (
	"fmt"
	"math"

	"convlab/cnnlib"
	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// maxCells bounds the numbers of a matrix, zeros included.
const maxCells = 1 << 22

// LayerMatrix draws a layer as the matrix that its method Matrix gives (lesson
// 1.4.2): Toeplitz of a plain convolution, its transpose, blocks on the
// diagonal of the channels for groups, a permutation for a shuffle. Zeros are
// seen; up to 26 rows and columns all numbers are printed.
func LayerMatrix(m *cnnlib.SparseMatrix, title string) (*Picture, error) {
	panel, err := matrixPanel(m, title)
	if err != nil {
		return nil, err
	}
	return panel.Draw()
}

func matrixPanel(m *cnnlib.SparseMatrix, title string) (*draw.Matrix, error) {
	if m == nil || m.Rows < 1 || m.Cols < 1 || m.Rows > maxCells/m.Cols {
		return nil, fmt.Errorf("convviz: a matrix must have from 1 to %d numbers", maxCells)
	}
	for _, e := range m.Entries {
		if math.IsNaN(e.Value) || math.IsInf(e.Value, 0) || e.Row < 0 || e.Row >= m.Rows || e.Col < 0 || e.Col >= m.Cols {
			return nil, fmt.Errorf("convviz: the matrix of %dx%d has %g at row %d, column %d", m.Rows, m.Cols, e.Value, e.Row, e.Col)
		}
	}
	values, texts := m.Dense(), make([][]string, m.Rows)
	for r, row := range values {
		texts[r] = make([]string, m.Cols)
		if m.Rows <= maxMatrix && m.Cols <= maxMatrix {
			for c, v := range row {
				texts[r][c] = figure(v)
			}
		}
	}
	note := sayf("matrix %dx%d", m.Rows, m.Cols) + colon() + sayf("%d of %d numbers are not 0", nonZero(m.Entries), m.Rows*m.Cols)
	return &draw.Matrix{Title: title, Values: values, Texts: texts, Signed: true, Zero: draw.Shade, Note: note, Alt: title + stop() + note + full()}, nil
}

// Kronecker draws that a separable kernel is one: the matrix of the kernel
// column · rowᵀ on an input of height·width numbers is the Kronecker product
// of the matrices of its two parts, each on a line of that length (lesson
// 1.6.1). Every number of the column's matrix stands for a copy of the row's.
func Kronecker(column, row []float64, height, width int) (*Picture, error) {
	if len(column) == 0 || len(row) == 0 || len(column) > 16 || len(row) > 16 || height > 64 || width > 64 {
		return nil, fmt.Errorf("convviz: parts of %d and %d numbers over %dx%d: parts up to 16 and inputs up to 64x64 can be drawn", len(column), len(row), height, width)
	}
	var kernel []float64
	for _, a := range column {
		for _, b := range row {
			kernel = append(kernel, a*b)
		}
	}
	line := func(k int) geometry.Window { return geometry.Window{Kernel: k, Stride: 1, Dilation: 1} }
	var panels []draw.Panel
	for _, part := range []struct {
		title   string
		windows []geometry.Window
		in      []int
		kernel  []float64
	}{
		{say("column"), []geometry.Window{line(len(column))}, []int{height}, column},
		{say("row"), []geometry.Window{line(len(row))}, []int{width}, row},
		{say("Kronecker product"), []geometry.Window{line(len(column)), line(len(row))}, []int{height, width}, kernel},
	} {
		m, err := geometry.Conv{Windows: part.windows, In: 1, Out: 1, Groups: 1}.Matrix(part.in, part.kernel)
		if err != nil {
			return nil, fmt.Errorf("convviz: %w", err)
		}
		panel, err := matrixPanel(sparse(m), part.title)
		if err != nil {
			return nil, err
		}
		panels = append(panels, *panel)
	}
	return draw.Beside(panels...)
}

// sparse is a matrix of plain arithmetic as cnnlib has it.
func sparse(m *geometry.Sparse) *cnnlib.SparseMatrix {
	out := &cnnlib.SparseMatrix{Rows: m.Rows, Cols: m.Cols}
	for _, e := range m.Entries {
		out.Entries = append(out.Entries, cnnlib.Entry(e))
	}
	return out
}
