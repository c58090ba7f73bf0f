package convviz

import (
	"fmt"
	"image"
)

// Numbers are the rows that cnnlib gives, as the pictures take them.
func Numbers(rows [][]float32) [][]float64 {
	wide := make([][]float64, len(rows))
	for i, row := range rows {
		wide[i] = make([]float64, len(row))
		for j, v := range row {
			wide[i][j] = float64(v)
		}
	}
	return wide
}

// Planes are the red, green and blue values of an image, 0 to 1: three planes
// of rows, as cnnlib.ImageTensor takes them.
func Planes(img image.Image) ([][][]float32, error) {
	if img == nil || img.Bounds().Empty() {
		return nil, fmt.Errorf("convviz: no image to take planes from")
	}
	b := img.Bounds()
	planes := make([][][]float32, 3)
	for c := range planes {
		planes[c] = make([][]float32, b.Dy())
		for y := range planes[c] {
			planes[c][y] = make([]float32, b.Dx())
		}
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			red, green, blue, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			planes[0][y][x], planes[1][y][x], planes[2][y][x] = float32(red)/0xffff, float32(green)/0xffff, float32(blue)/0xffff
		}
	}
	return planes, nil
}
