// Package lesson is what the cells of the course share, so that a cell holds
// the idea and nothing else: convolutions on plain rows of numbers, films and
// matrices of a layer on those numbers, the test photos, models opened in one
// line, charts and tables with texts for readers without pictures, a fair
// table of times, and the checks of the exercises.
//
// It is made for cells. What goes wrong in a call, such as a kernel that does
// not fit on its input, ends the cell with one sentence in the student's
// language (see convviz.Language) instead of returning an error. A program has
// the same with errors in cnnlib and convviz.
//
//	photo := lesson.Rows("1 2 0 1; 0 1 3 1; 2 1 0 0; 1 0 2 3")
//	edge := lesson.Rows("1 0 -1; 2 0 -2; 1 0 -1")
//	fmt.Println(lesson.Apply(cnnlib.Conv{}, photo, edge))
//	lesson.Film(cnnlib.Conv{}, photo, edge) // every product, step by step
package lesson

import (
	"strconv"
	"strings"
)

// Map is a rectangle of numbers by rows: one channel of an image, a kernel or
// a feature map. It is what cnnlib takes as [][]float32. It prints one row a
// line.
type Map [][]float32

// Maps are several of one size: the channels of an image, the slices of a
// kernel, the feature maps of a layer, or the slices of a volume. They print
// side by side.
type Maps []Map

// Rows reads a Map from text: numbers with spaces between them, rows with
// semicolons between them, as in Rows("1 0 -1; 2 0 -2; 1 0 -1").
func Rows(text string) Map { return must(rows(text)) }

func rows(text string) (Map, error) {
	var m Map
	for i, line := range strings.Split(text, ";") {
		var row []float32
		for _, word := range strings.Fields(line) {
			v, err := strconv.ParseFloat(word, 32)
			if err != nil {
				return nil, wrong("row %d: %q is not a number", "第 %d 行：%q 不是数", i, word)
			}
			row = append(row, float32(v))
		}
		m = append(m, row)
	}
	return m, m.check()
}

// Counting is an n×n image of the numbers 1, 2, 3, …, row by row.
func Counting(n int) Map {
	m := Filled(n, n, 0)
	for i := range n * n {
		m[i/n][i%n] = float32(i + 1)
	}
	return m
}

// Digits is an n×n image of numbers from 0 to 9 without a visible pattern, the
// same in every run.
func Digits(n int) Map {
	m := Filled(n, n, 0)
	for i := range m {
		for j := range m[i] {
			m[i][j] = float32((3*i*i + 2*j*j + i*j) % 10)
		}
	}
	return m
}

// Filled is an image of this many rows and columns with v in every pixel.
func Filled(rows, columns int, v float32) Map {
	if rows < 1 || columns < 1 {
		must(0, wrong("an image of %dx%d has no pixels", "%dx%d 的图像没有像素", rows, columns))
	}
	m := make(Map, rows)
	for i := range m {
		for range columns {
			m[i] = append(m[i], v)
		}
	}
	return m
}

// Impulse is an n×n image with a single 1 in the middle: what a convolution
// makes of it shows how the kernel is used.
func Impulse(n int) Map {
	m := Filled(n, n, 0)
	m[n/2][n/2] = 1
	return m
}

// Outer is the kernel that a column and a row multiply out to: the number in
// row i and column j is column[i]·row[j].
func Outer(column, row []float32) Map {
	m := make(Map, len(column))
	for i, a := range column {
		for _, b := range row {
			m[i] = append(m[i], a*b)
		}
	}
	return must(m, m.check())
}

// check refuses what is not a rectangle of numbers.
func (m Map) check() error {
	if len(m) == 0 || len(m[0]) == 0 {
		return wrong("there are no numbers in it", "里面一个数也没有")
	}
	for i, row := range m {
		if len(row) != len(m[0]) {
			return wrong("row %d has %d numbers, row 0 has %d", "第 %d 行有 %d 个数，第 0 行有 %d 个", i, len(row), len(m[0]))
		}
	}
	return nil
}

// figure writes a number with at most three decimals.
func figure(v float32) string {
	s := strconv.FormatFloat(float64(v), 'f', 3, 32)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// String writes a row a line, the columns one under the other.
func (m Map) String() string { return Maps{m}.String() }

// String writes the maps side by side.
func (m Maps) String() string {
	height, width := 0, 1
	for _, one := range m {
		height = max(height, len(one))
		for _, row := range one {
			for _, v := range row {
				width = max(width, len(figure(v)))
			}
		}
	}
	lines := make([]string, height)
	for i := range lines {
		var parts []string
		for _, one := range m {
			var words []string
			if i < len(one) {
				for _, v := range one[i] {
					words = append(words, strings.Repeat(" ", width-len(figure(v)))+figure(v))
				}
			}
			parts = append(parts, strings.Join(words, " "))
		}
		lines[i] = strings.Join(parts, "  |  ")
	}
	return strings.Join(lines, "\n")
}

// Size is how many rows and columns there are.
func (m Map) Size() (height, width int) { return len(m), len(m[0]) }

// Largest is the largest number without its sign.
func (m Maps) Largest() (most float32) {
	for _, one := range m {
		for _, row := range one {
			for _, v := range row {
				most = max(most, v, -v)
			}
		}
	}
	return most
}

// Minus is m − other, number by number.
func (m Map) Minus(other Map) Map {
	if len(m) != len(other) || len(m[0]) != len(other[0]) {
		must(0, wrong("%dx%d minus %dx%d: the sizes differ", "%dx%d 减 %dx%d：大小不同", len(m), len(m[0]), len(other), len(other[0])))
	}
	out := make(Map, len(m))
	for i, row := range m {
		for j, v := range row {
			out[i] = append(out[i], v-other[i][j])
		}
	}
	return out
}

// MapOf is a Map of these rows.
func MapOf(rows ...[]float64) Map {
	m := make(Map, len(rows))
	for i, row := range rows {
		for _, v := range row {
			m[i] = append(m[i], float32(v))
		}
	}
	return must(m, m.check())
}

// Transposed exchanges rows and columns.
func (m Map) Transposed() Map {
	out := Filled(len(m[0]), len(m), 0)
	for i, row := range m {
		for j, v := range row {
			out[j][i] = v
		}
	}
	return out
}
