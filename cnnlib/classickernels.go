package cnnlib

import (
	"fmt"
)

// NamedKernel is a classic filter with its name.
type NamedKernel struct {
	Name   string
	Does   string
	Values [][]float32
}

// ClassicKernels returns filters that were made by hand, for lessons 1.2 and
// 1.6.
func ClassicKernels() []NamedKernel {
	return []NamedKernel{
		{"identity", "changes nothing", [][]float32{{0, 0, 0}, {0, 1, 0}, {0, 0, 0}}},
		{"cross", "counts the diagonals (lesson 1.2.1)", [][]float32{{1, 0, 1}, {0, 1, 0}, {1, 0, 1}}},
		{"box", "blurs: the mean of 3x3 pixels", scaled(9, [][]float32{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}})},
		{"gaussian", "blurs smoothly", scaled(16, [][]float32{{1, 2, 1}, {2, 4, 2}, {1, 2, 1}})},
		{"gaussian5", "blurs more", scaled(256, [][]float32{{1, 4, 6, 4, 1}, {4, 16, 24, 16, 4}, {6, 24, 36, 24, 6}, {4, 16, 24, 16, 4}, {1, 4, 6, 4, 1}})},
		{"sharpen", "adds what a blur takes away", [][]float32{{0, -1, 0}, {-1, 5, -1}, {0, -1, 0}}},
		{"edges", "finds edges in all directions", [][]float32{{-1, -1, -1}, {-1, 8, -1}, {-1, -1, -1}}},
		{"sobel x", "finds vertical edges", [][]float32{{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}}},
		{"sobel y", "finds horizontal edges", [][]float32{{-1, -2, -1}, {0, 0, 0}, {1, 2, 1}}},
		{"prewitt x", "finds vertical edges, all rows alike", [][]float32{{-1, 0, 1}, {-1, 0, 1}, {-1, 0, 1}}},
		{"scharr x", "finds vertical edges, more alike in all directions", [][]float32{{-3, 0, 3}, {-10, 0, 10}, {-3, 0, 3}}},
		{"laplacian", "second derivative: finds spots and thin lines", [][]float32{{0, 1, 0}, {1, -4, 1}, {0, 1, 0}}},
		{"emboss", "lights the picture from the upper left", [][]float32{{-2, -1, 0}, {-1, 1, 1}, {0, 1, 2}}},
	}
}

func scaled(by float32, rows [][]float32) [][]float32 {
	for _, row := range rows {
		for i := range row {
			row[i] /= by
		}
	}
	return rows
}

// ClassicKernel returns the rows of one of ClassicKernels by its name. An unknown
// name is an error that lists the known ones.
func ClassicKernel(name string) ([][]float32, error) {
	var names []string
	for _, k := range ClassicKernels() {
		if k.Name == name {
			return k.Values, nil
		}
		names = append(names, k.Name)
	}
	return nil, fmt.Errorf("cnnlib: there is no kernel %q; there are %q", name, names)
}

// Turned returns the kernel turned by 180°, as rows. What networks call a
// convolution with the turned kernel is what mathematics calls a convolution
// with the kernel itself (lesson 1.1).
func Turned(kernel [][]float32) [][]float32 {
	turned := make([][]float32, len(kernel))
	for i, row := range kernel {
		other := make([]float32, len(row))
		for j, v := range row {
			other[len(row)-1-j] = v
		}
		turned[len(kernel)-1-i] = other
	}
	return turned
}
