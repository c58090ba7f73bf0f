// Package cifar reads CIFAR-10: 50,000 training and 10,000 test images of
// 32x32 pixels in ten classes (Krizhevsky 2009). It needs no GoMLX.
//
//	data, err := cifar.Open(ctx, "data") // fetched into that folder if it is not there
//	for batch := range data.Train.Batches(128, seed, epoch) {
//		fmt.Println(len(batch.Pixels), batch.Labels)
//	}
//
// Open fetches what is missing, Read only reads, Fetch only fetches. Images
// are bytes, [height, width, channels]; Mean and Std normalise them. They are
// what train.Fit takes; package augment changes them at random.
package cifar

import (
	"fmt"
	"image"

	"convlab/internal/cifarmean"
)

// The shape of an image and the number of classes.
const (
	Size       = 32
	Channels   = 3
	NumClasses = 10

	plane       = Size * Size
	imageBytes  = plane * Channels
	recordBytes = 1 + imageBytes
	fileRecords = 10000
)

// Classes are the names of the labels 0 to 9.
var Classes = [NumClasses]string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

// Mean and Std are the statistics of the 50,000 training images per channel
// (red, green, blue), of pixels scaled to 0..1.
var (
	Mean = [Channels]float32{cifarmean.Red, cifarmean.Green, cifarmean.Blue}
	Std  = [Channels]float32{cifarmean.RedStd, cifarmean.GreenStd, cifarmean.BlueStd}
)

// FormatError says which file is not what it should be, and where.
type FormatError struct {
	File   string
	Offset int64 // bytes from the start of the file; in an archive, how far it was read
	Reason string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s: byte %d: %s", e.File, e.Offset, e.Reason)
}

// Images are labelled images, pixels in height, width, channel order.
type Images struct {
	Pixels []uint8 // Len()·32·32·3
	Labels []uint8 // 0 to 9
}

// Data is the whole data set.
type Data struct{ Train, Test *Images }

// Len is the number of images.
func (s *Images) Len() int { return len(s.Labels) }

// Example is image i: 3072 bytes, not to be changed, and its label.
func (s *Images) Example(i int) (pixels []uint8, label uint8) {
	return s.Pixels[i*imageBytes : (i+1)*imageBytes : (i+1)*imageBytes], s.Labels[i]
}

// Image is a copy of image i for drawing.
func (s *Images) Image(i int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, Size, Size))
	pixels, _ := s.Example(i)
	for p := range plane {
		copy(img.Pix[4*p:], pixels[3*p:3*p+3])
		img.Pix[4*p+3] = 255
	}
	return img
}
