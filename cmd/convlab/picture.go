package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"os"

	"convlab/cifar"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// maxPixels bounds a picture before it is decoded; at most 8 bytes each.
const maxPixels = 64 << 20

// look gives the 32·32·3 bytes that a network is shown of a picture, and says
// how they were made.
func look(path string) (pixels []uint8, saw string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	size, format, err := image.DecodeConfig(f)
	if errors.Is(err, image.ErrFormat) {
		return nil, "", fmt.Errorf("%s: this is no PNG, JPEG, GIF or WebP picture: convert it first", path)
	} else if err != nil {
		return nil, "", fmt.Errorf("%s: the picture is damaged: %w", path, err)
	}
	if size.Width < 1 || size.Height < 1 {
		return nil, "", fmt.Errorf("%s: the picture has %dx%d pixels: there is nothing to see", path, size.Width, size.Height)
	}
	if size.Width > maxPixels/size.Height {
		return nil, "", fmt.Errorf("%s: %dx%d pixels are too many, at most %d million are taken: make it smaller first", path, size.Width, size.Height, maxPixels/1000000)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, "", fmt.Errorf("%s: the picture is damaged: %w", path, err)
	}
	square := centre(img.Bounds())
	small := image.NewNRGBA(image.Rect(0, 0, cifar.Size, cifar.Size))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src) // shows through where the picture is transparent
	draw.CatmullRom.Scale(small, small.Bounds(), img, square, draw.Over, nil)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	turned := ""
	if o := orientation(f); o != 1 {
		small, turned = upright(small, o), ", turned as the camera was"
	}
	for i := 0; i < len(small.Pix); i += 4 {
		pixels = append(pixels, small.Pix[i:i+3]...)
	}
	saw = fmt.Sprintf("%s: %s, %dx%d pixels; the network sees its middle %dx%d as 32x32%s",
		path, format, size.Width, size.Height, square.Dx(), square.Dy(), turned)
	return pixels, saw, nil
}

// centre is the largest square in the middle of r.
func centre(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	at := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{at, at.Add(image.Pt(side, side))}
}
