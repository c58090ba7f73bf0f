package recipes

import (
	"convlab/cifar"
	"convlab/cnnlib"
)

// meanOverViews is airbench's test-time augmentation: the mean of the logits of an
// image and its mirror image, half of it as they are, and a quarter each
// shifted by a pixel down and right, and up and left, the edge reflected.
//
// pixels: n images of 32·32·3 bytes.
func meanOverViews(m *cnnlib.Model, pixels []uint8, n int) ([][]float32, error) {
	var sum [][]float32
	for _, look := range []struct {
		by     int
		weight float32
	}{{0, 0.25}, {-1, 0.125}, {1, 0.125}} {
		for _, mirror := range []bool{false, true} {
			logits, err := m.Predict(view(pixels, n, look.by, mirror), n)
			if err != nil {
				return nil, err
			}
			if sum == nil {
				sum = make([][]float32, len(logits))
			}
			for i, row := range logits {
				if sum[i] == nil {
					sum[i] = make([]float32, len(row))
				}
				for c, v := range row {
					sum[i][c] += look.weight * v
				}
			}
		}
	}
	return sum, nil
}

// view is the images as one of these views has them: pixel (y, x) is that at
// (y+by, x+by); of that the mirror image if mirror.
func view(pixels []uint8, n, by int, mirror bool) []uint8 {
	out := make([]uint8, 0, len(pixels))
	for i := range n {
		for y := range cifar.Size {
			for x := range cifar.Size {
				column := x
				if mirror {
					column = cifar.Size - 1 - x
				}
				at := ((i*cifar.Size+reflect(y+by))*cifar.Size + reflect(column+by)) * cifar.Channels
				out = append(out, pixels[at:at+cifar.Channels]...)
			}
		}
	}
	return out
}

func reflect(i int) int {
	if i < 0 {
		return -i
	}
	if i >= cifar.Size {
		return 2*cifar.Size - 2 - i
	}
	return i
}
