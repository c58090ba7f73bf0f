package lesson

import (
	"context"
	"image"
	"sync"

	"convlab/cifar"
	"convlab/convviz"
)

// Picture is a photo: the image, and its red, green and blue values from 0 to 1.
type Picture struct {
	image.Image
	Red, Green, Blue Map
}

// opened reads the data set once in a program: it verifies every file.
var opened = sync.OnceValues(func() (*cifar.Data, error) { return cifar.Open(context.Background(), "") })

func data() *cifar.Data { return must(opened()) }

// Photo is an image of CIFAR-10's test set by its number, 0 to 9,999.
func Photo(number int) Picture {
	test := data().Test
	if number < 0 || number >= test.Len() {
		must(0, wrong("there is no photo %d: they are numbered from 0 to %d", "没有第 %d 张照片：编号从 0 到 %d", number, test.Len()-1))
	}
	img := test.Image(number)
	p := must(convviz.Planes(img))
	return Picture{Image: img, Red: p[0], Green: p[1], Blue: p[2]}
}

// Planes are the three colours as channels.
func (p Picture) Planes() Maps { return Maps{p.Red, p.Green, p.Blue} }

// Brightness is the photo in grey: 0.299 red + 0.587 green + 0.114 blue (ITU-R
// BT.601), as lesson 1.1's 1×1 convolution computes it.
func (p Picture) Brightness() Map {
	out := make(Map, len(p.Red))
	for i, row := range p.Red {
		for j, red := range row {
			out[i] = append(out[i], 0.299*red+0.587*p.Green[i][j]+0.114*p.Blue[i][j])
		}
	}
	return out
}

// Cut is n×n pixels of each map with its left top corner in row top and column
// left.
func (m Maps) Cut(top, left, n int) Maps { return m.Part(top, left, n, n) }

// Part is this many rows and columns of each map with its left top corner in
// row top and column left.
func (m Maps) Part(top, left, rows, columns int) Maps {
	out := make(Maps, len(m))
	for i, one := range m {
		if top < 0 || left < 0 || rows < 1 || columns < 1 || top+rows > len(one) || left+columns > len(one[0]) {
			must(0, wrong("rows %d to %d and columns %d to %d are not all in an image of %dx%d", "第 %d 至 %d 行、第 %d 至 %d 列超出了 %dx%d 的图像",
				top, top+rows-1, left, left+columns-1, len(one), len(one[0])))
		}
		for _, row := range one[top : top+rows] {
			out[i] = append(out[i], row[left:left+columns])
		}
	}
	return out
}

// Whole is each value, 0 to 1, as a whole number from 0 to most: small numbers
// to follow by hand.
func (m Maps) Whole(most float32) Maps {
	out := make(Maps, len(m))
	for i, one := range m {
		for _, row := range one {
			var line []float32
			for _, v := range row {
				line = append(line, float32(int(most*v+0.5)))
			}
			out[i] = append(out[i], line)
		}
	}
	return out
}

// Pixels are the flat bytes of an image of CIFAR-10's test set, as
// Model.Predict takes them.
func Pixels(number int) []uint8 {
	Photo(number) // refuses a number that there is not
	pixels, _ := data().Test.Example(number)
	return pixels
}
