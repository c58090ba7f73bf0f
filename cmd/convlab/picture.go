package main

import (
	"errors"
	"fmt"

	"convlab/augment"
	"convlab/cifar"
)

// look gives the 32·32·3 bytes that a network is shown of a picture, and says
// how they were made: the pipeline for validation, without its tensor.
func look(path string) (pixels []uint8, saw string, err error) {
	img, err := augment.DecodeFile(path, augment.Limits{})
	var format *augment.FormatError
	if errors.As(err, &format) && format.Format == "" {
		return nil, "", fmt.Errorf("%w: give a JPEG, PNG, WebP, GIF, BMP or TIFF picture", err)
	} else if err != nil {
		return nil, "", err
	}
	small, err := augment.Apply(augment.Compose{augment.Resize{Size: cifar.Size}, augment.CenterCrop{Size: cifar.Size}}, img, nil)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	side := min(img.W, img.H)
	return small.Pix, fmt.Sprintf("%s: %dx%d pixels; the network sees its middle %dx%d as 32x32", path, img.W, img.H, side, side), nil
}
