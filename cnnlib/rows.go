package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/tensors"
)

// ImageTensor makes the input of a convolution from planes of rows, one plane for
// each channel: [1, height, width, planes].
func ImageTensor(planes ...[][]float32) (*tensors.Tensor, error) {
	flat, height, width, err := interleave(planes)
	if err != nil {
		return nil, err
	}
	return tensors.FromFlatDataAndDimensions(flat, 1, height, width, len(planes)), nil
}

// FilterTensor makes the kernel of a convolution with one output channel from
// slices of rows, one slice for each input channel: [height, width, slices,
// 1].
func FilterTensor(slices ...[][]float32) (*tensors.Tensor, error) {
	flat, height, width, err := interleave(slices)
	if err != nil {
		return nil, err
	}
	return tensors.FromFlatDataAndDimensions(flat, height, width, len(slices), 1), nil
}

// KernelTensor makes the kernel of a convolution from filters, each of which has a
// slice of rows for each input channel: [height, width, slices, filters].
func KernelTensor(filters ...[][][]float32) (*tensors.Tensor, error) {
	var flat []float32
	var height, width, slices int
	for o, filter := range filters {
		one, h, w, err := interleave(filter)
		if err != nil {
			return nil, fmt.Errorf("%w, in filter %d", err, o)
		}
		if o == 0 {
			height, width, slices = h, w, len(filter)
			flat = make([]float32, len(one)*len(filters))
		}
		if h != height || w != width || len(filter) != slices {
			return nil, fmt.Errorf("cnnlib: filter %d is %dx%dx%d, filter 0 is %dx%dx%d", o, h, w, len(filter), height, width, slices)
		}
		for i, v := range one {
			flat[i*len(filters)+o] = v
		}
	}
	if len(filters) == 0 {
		return nil, fmt.Errorf("cnnlib: no filters")
	}
	return tensors.FromFlatDataAndDimensions(flat, height, width, slices, len(filters)), nil
}

// FirstMap takes the first map out of a result: [batch, height, width, channels] →
// height rows of width values, of image 0 and channel 0.
func FirstMap(t *tensors.Tensor) ([][]float32, error) {
	maps, err := AllMaps(t)
	if err != nil {
		return nil, err
	}
	return maps[0], nil
}

// AllMaps takes all maps of image 0 out of a result: [batch, height, width,
// channels] → channels maps of height rows of width values.
func AllMaps(t *tensors.Tensor) ([][][]float32, error) {
	dims := t.Shape().Dimensions
	if len(dims) != 4 || t.Shape().Size() == 0 {
		return nil, fmt.Errorf("cnnlib: rows of a [batch, height, width, channels] tensor, got shape %v", dims)
	}
	flat, err := tensors.CopyFlatData[float32](t)
	if err != nil {
		return nil, fmt.Errorf("cnnlib: rows: %w", err)
	}
	maps := make([][][]float32, dims[3])
	for c := range maps {
		maps[c] = make([][]float32, dims[1])
		for i := range maps[c] {
			maps[c][i] = make([]float32, dims[2])
			for j := range maps[c][i] {
				maps[c][i][j] = flat[(i*dims[2]+j)*dims[3]+c]
			}
		}
	}
	return maps, nil
}

// interleave lays planes out with the channel last: [height, width, planes].
func interleave(planes [][][]float32) (flat []float32, height, width int, err error) {
	if len(planes) == 0 {
		return nil, 0, 0, fmt.Errorf("cnnlib: no planes")
	}
	for c, rows := range planes {
		one, err := flatten(rows)
		if err != nil {
			return nil, 0, 0, fmt.Errorf("%w, in plane %d", err, c)
		}
		if c == 0 {
			height, width = len(rows), len(rows[0])
			flat = make([]float32, len(one)*len(planes))
		}
		if len(rows) != height || len(rows[0]) != width {
			return nil, 0, 0, fmt.Errorf("cnnlib: plane %d is %dx%d, plane 0 is %dx%d", c, len(rows), len(rows[0]), height, width)
		}
		for i, v := range one {
			flat[i*len(planes)+c] = v
		}
	}
	return flat, height, width, nil
}

func flatten(rows [][]float32) ([]float32, error) {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return nil, fmt.Errorf("cnnlib: no numbers in %d rows", len(rows))
	}
	var flat []float32
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return nil, fmt.Errorf("cnnlib: row %d has %d numbers, row 0 has %d", i, len(row), len(rows[0]))
		}
		flat = append(flat, row...)
	}
	return flat, nil
}
