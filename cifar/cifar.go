// Package cifar reads CIFAR-10: 50,000 training and 10,000 test images of
// 32x32 pixels in ten classes (Krizhevsky 2009). It needs no GoMLX.
//
//	data, err := cifar.Open("folder/with/the/bin/files")
//	for batch := range data.Train.Batches(128, seed, epoch) { … }
package cifar

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
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
	Mean = [Channels]float32{0.49140, 0.48216, 0.44653}
	Std  = [Channels]float32{0.24703, 0.24349, 0.26159}
)

// files are the official binary files and their published MD5 sums; the last
// is the test set.
var files = [...]struct{ name, md5 string }{
	{"data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"},
	{"data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"},
	{"data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"},
	{"data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"},
	{"data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d"},
	{"test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d"},
}

// FormatError says which file is not what it should be, and where.
type FormatError struct {
	File   string
	Offset int64 // bytes from the start of the file
	Reason string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("cifar: %s: byte %d: %s", e.File, e.Offset, e.Reason)
}

// Images are labelled images, pixels in height, width, channel order.
type Images struct {
	Pixels []uint8 // Len()·32·32·3
	Labels []uint8 // 0 to 9
}

// Data is the whole data set.
type Data struct{ Train, Test *Images }

// Open reads the six official .bin files from dir and verifies their MD5
// sums.
func Open(dir string) (*Data, error) {
	d := &Data{Train: &Images{}, Test: &Images{}}
	for i, f := range files {
		path := filepath.Join(dir, f.name)
		raw, err := readFile(path)
		if err != nil {
			return nil, err
		}
		if sum := md5.Sum(raw); hex.EncodeToString(sum[:]) != f.md5 {
			return nil, &FormatError{path, 0, fmt.Sprintf("MD5 is %x, the official file's is %s: remove it and fetch it again", sum, f.md5)}
		}
		into := d.Train
		if i == len(files)-1 {
			into = d.Test
		}
		if err := into.decode(path, raw); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// readFile reads one official file; its size is fixed, so nothing larger is
// ever read.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("cifar: %w: unpack cifar-10-binary.tar.gz of www.cs.toronto.edu/~kriz/cifar.html there", err)
	} else if err != nil {
		return nil, fmt.Errorf("cifar: %w", err)
	}
	defer f.Close()
	const want = fileRecords * recordBytes
	raw, err := io.ReadAll(io.LimitReader(f, want+1))
	if err != nil {
		return nil, fmt.Errorf("cifar: %w", err)
	}
	if len(raw) != want {
		return nil, &FormatError{path, int64(min(len(raw), want)), fmt.Sprintf("file should have %d bytes: %s", want, sizeWord(len(raw), want))}
	}
	return raw, nil
}

func sizeWord(got, want int) string {
	if got < want {
		return "it ends here"
	}
	return "it goes on"
}

// decode appends records of a label and three colour planes.
func (s *Images) decode(file string, raw []byte) error {
	if len(raw)%recordBytes != 0 {
		return &FormatError{file, int64(len(raw) / recordBytes * recordBytes), fmt.Sprintf("the last record has %d of %d bytes", len(raw)%recordBytes, recordBytes)}
	}
	for at := 0; at < len(raw); at += recordBytes {
		if raw[at] >= NumClasses {
			return &FormatError{file, int64(at), fmt.Sprintf("label %d, should be 0 to %d", raw[at], NumClasses-1)}
		}
		s.Labels = append(s.Labels, raw[at])
		planes := raw[at+1 : at+recordBytes]
		for p := range plane {
			s.Pixels = append(s.Pixels, planes[p], planes[plane+p], planes[2*plane+p])
		}
	}
	return nil
}

// encode is the opposite of decode.
func (s *Images) encode() []byte {
	var b bytes.Buffer
	for i, label := range s.Labels {
		b.WriteByte(label)
		pixels, _ := s.Example(i)
		for c := range Channels {
			for p := range plane {
				b.WriteByte(pixels[p*Channels+c])
			}
		}
	}
	return b.Bytes()
}

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

func (s *Images) pick(index []int) *Images {
	out := &Images{Pixels: make([]uint8, 0, len(index)*imageBytes), Labels: make([]uint8, 0, len(index))}
	for _, i := range index {
		pixels, label := s.Example(i)
		out.Pixels, out.Labels = append(out.Pixels, pixels...), append(out.Labels, label)
	}
	return out
}

// Split puts n images, chosen by seed, into valid and the others into train.
// It is an error when nothing would be left in one of them.
func (s *Images) Split(n int, seed uint64) (train, valid *Images, err error) {
	if n < 1 || n >= s.Len() {
		return nil, nil, fmt.Errorf("cifar: cannot split %d of %d images off", n, s.Len())
	}
	order := Order(s.Len(), seed, 0)
	return s.pick(order[n:]), s.pick(order[:n]), nil
}

// Order is the shuffled order of n images in one epoch; it depends on seed and
// epoch alone.
func Order(n int, seed uint64, epoch int) []int {
	return rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(n)
}

// Batch is a part of the images: which ones, their pixels one after the
// other, their labels.
type Batch struct {
	Index  []int
	Pixels []uint8
	Labels []uint8
}

// Batches gives all images once, shuffled by seed and epoch, size at a time;
// the last batch may be smaller.
func (s *Images) Batches(size int, seed uint64, epoch int) iter.Seq[Batch] {
	return func(yield func(Batch) bool) {
		order := Order(s.Len(), seed, epoch)
		for start := 0; start < len(order); start += max(size, 1) {
			index := order[start:min(start+max(size, 1), len(order))]
			part := s.pick(index)
			if !yield(Batch{index, part.Pixels, part.Labels}) {
				return
			}
		}
	}
}
