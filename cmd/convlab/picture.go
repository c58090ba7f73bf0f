package main

import (
	"fmt"
	"image"

	"convlab/augment"
	"convlab/cifar"
	"convlab/convviz"
	"convlab/convviz/draw"
)

// look gives the 32·32·3 bytes that a network is shown of a picture, and says
// how they were made: the pipeline for validation, without its tensor.
func look(path string) (pixels []uint8, saw string, err error) {
	img, seen, err := middle(path, cifar.Size, cifar.Size)
	if err != nil {
		return nil, "", err
	}
	side := min(img.W, img.H)
	return seen.Pix, fmt.Sprintf("%s: %dx%d pixels; the network sees its middle %dx%d as 32x32", path, img.W, img.H, side, side), nil
}

// middle opens a picture, and gives its middle at that size too.
func middle(path string, height, width int) (img, small augment.Image, err error) {
	img, err = augment.DecodeFile(path, augment.Limits{})
	if err != nil {
		return img, small, err
	}
	cover := augment.Resize{Height: height, Width: img.W * height / img.H}
	if img.W*height < img.H*width {
		cover = augment.Resize{Height: img.H * width / img.W, Width: width}
	}
	if small, err = augment.Apply(augment.Compose{cover, augment.CenterCrop{Height: height, Width: width}}, img, nil); err != nil {
		return img, small, fmt.Errorf("%s: %w", path, err)
	}
	return img, small, nil
}

// drawGuesses draws the photo, the pixels that the network was shown, and what
// it said.
func drawGuesses(file, path string, pixels []uint8, guesses []guess) error {
	photo, err := augment.DecodeFile(path, augment.Limits{})
	if err != nil {
		return err
	}
	seen := augment.Image{W: cifar.Size, H: cifar.Size, Pix: pixels}
	said := draw.Bars{Percent: true, Width: 420, Height: 220}
	for _, g := range guesses {
		said.Labels, said.Values = append(said.Labels, cifar.Classes[g.class]), append(said.Values, float64(g.p))
	}
	p, err := draw.Beside(draw.Gallery{
		Images: [][]image.Image{{photo.Std(), seen.Std()}}, Cols: []string{convviz.Say("photo", "照片"), "32x32"}, Cell: 192}, said)
	return convviz.Write(file, p, err)
}
