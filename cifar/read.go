package cifar

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"convlab/internal/labdir"
)

// An official is one of the binary files that make up the data set.
type official struct {
	name, md5 string
	records   int
}

func (f official) size() int { return f.records * recordBytes }

// files are the official binary files with their published MD5 sums; the last
// is the test set.
var files = []official{
	{"data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25", fileRecords},
	{"data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692", fileRecords},
	{"data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421", fileRecords},
	{"data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb", fileRecords},
	{"data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d", fileRecords},
	{"test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d", fileRecords},
}

// archiveFolder is the folder inside the official archive.
const archiveFolder = "cifar-10-batches-bin"

// Open returns the data set in dir. Where files are missing it fetches them
// into dir first and says so on standard error. A damaged file is an error;
// Fetch replaces it. An empty dir means .lab/data of the checkout. When ctx
// ends, the fetch stops, and the next one goes on from there.
func Open(ctx context.Context, dir string) (*Data, error) {
	if dir == "" {
		dir = labdir.Data()
	}
	d, err := Read(dir)
	if !errors.Is(err, os.ErrNotExist) {
		return d, err
	}
	if err := Fetch(ctx, dir, FetchOptions{Progress: ProgressLines(os.Stderr)}); err != nil {
		return nil, err
	}
	return Read(dir)
}

// Read returns the data set from the six official .bin files in dir, or in
// its folder cifar-10-batches-bin as the official archive has it, and
// verifies their MD5 sums. It changes nothing. If a file is missing, the
// error is os.ErrNotExist; if one is damaged, a *FormatError.
func Read(dir string) (*Data, error) {
	return read(dir, files)
}

func read(dir string, files []official) (*Data, error) {
	last := len(files) - 1
	var records int
	for _, f := range files[:last] {
		records += f.records
	}
	train := &Images{Pixels: make([]uint8, records*imageBytes), Labels: make([]uint8, records)}
	parts := make([]Images, len(files)) // those of the training set lie inside train
	errs := make([]error, len(files))
	var wait sync.WaitGroup
	from := 0
	for i, f := range files {
		if i < last {
			to := from + f.records
			parts[i] = Images{train.Pixels[from*imageBytes : from*imageBytes : to*imageBytes], train.Labels[from:from:to]}
			from = to
		}
		wait.Go(func() {
			path := find(dir, f)
			raw, err := readFile(path, f)
			if err == nil {
				err = parts[i].decode(path, raw)
			}
			errs[i] = err
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("cifar: %w", err)
		}
	}
	return &Data{Train: train, Test: &parts[last]}, nil
}

// Check looks whether the six files are in dir and have their sizes, which is
// quick; Read verifies their content.
func Check(dir string) error {
	for _, f := range files {
		path := find(dir, f)
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("cifar: %w", err)
		}
		if info.Size() != int64(f.size()) {
			return fmt.Errorf("cifar: %w", &FormatError{path, min(info.Size(), int64(f.size())), fmt.Sprintf("the file has %d bytes, should have %d", info.Size(), f.size())})
		}
	}
	return nil
}

// find gives the path of a file in dir or in the archive's folder there; where
// it is in neither, the path it should have.
func find(dir string, f official) string {
	inside := filepath.Join(dir, archiveFolder, f.name)
	path := filepath.Join(dir, f.name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if _, err := os.Stat(inside); err == nil {
		return inside
	}
	return path
}

// readFile reads and verifies one official file; its size is fixed, so
// nothing larger is ever read.
func readFile(path string, want official) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w; `convlab data` fetches it", err)
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	raw := make([]byte, want.size())
	n, err := io.ReadFull(f, raw)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, &FormatError{path, int64(n), fmt.Sprintf("the file ends here, it should have %d bytes; `convlab data` fetches it anew", want.size())}
	} else if err != nil {
		return nil, err
	}
	if n, _ := f.Read(make([]byte, 1)); n > 0 {
		return nil, &FormatError{path, int64(want.size()), fmt.Sprintf("the file goes on, it should have %d bytes; `convlab data` fetches it anew", want.size())}
	}
	if got := sum(raw); got != want.md5 {
		return nil, &FormatError{path, 0, fmt.Sprintf("its MD5 is %s, the official file's is %s; `convlab data` fetches it anew", got, want.md5)}
	}
	return raw, nil
}

func sum(raw []byte) string {
	s := md5.Sum(raw)
	return hex.EncodeToString(s[:])
}

// Decode returns the images of raw, which holds any number of records of
// 3,073 bytes in the form of the official .bin files. Errors name file.
func Decode(file string, raw []byte) (*Images, error) {
	var s Images
	if err := s.decode(file, raw); err != nil {
		return nil, err
	}
	return &s, nil
}

// decode appends records of a label and three colour planes.
func (s *Images) decode(file string, raw []byte) error {
	if extra := len(raw) % recordBytes; extra != 0 {
		return &FormatError{file, int64(len(raw) - extra), fmt.Sprintf("the last record has %d of %d bytes", extra, recordBytes)}
	}
	n := len(raw) / recordBytes
	for i := range n {
		if label := raw[i*recordBytes]; label >= NumClasses {
			return &FormatError{file, int64(i * recordBytes), fmt.Sprintf("label %d, should be 0 to %d", label, NumClasses-1)}
		}
	}
	out := slices.Grow(s.Pixels, n*imageBytes)
	for i := range n {
		record := raw[i*recordBytes : (i+1)*recordBytes]
		s.Labels = append(s.Labels, record[0])
		red, green, blue := record[1:1+plane], record[1+plane:1+2*plane], record[1+2*plane:]
		for p := range plane {
			out = append(out, red[p], green[p], blue[p])
		}
	}
	s.Pixels = out
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
