package cifar

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"convlab/internal/labtest"
)

func TestReadErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("empty folder: %v", err)
	}
	for size, offset := range map[int]int64{0: 0, 100: 100, files[0].size(): 0, files[0].size() + 1: int64(files[0].size())} {
		path := filepath.Join(dir, files[0].name)
		if err := os.WriteFile(path, make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
		var format *FormatError
		if _, err := Open(context.Background(), dir); !errors.As(err, &format) || format.File != path || format.Offset != offset {
			t.Errorf("file of %d zeros: %v, want byte %d", size, err, offset)
		}
	}
}

func TestReadsTheArchiveLayout(t *testing.T) {
	s := newSmall(t)
	d, err := read(put(t, s.bins...), s.files)
	if err != nil || d.Train.Len() != 35 || d.Test.Len() != 7 {
		t.Fatal(err)
	}
	for i := range d.Train.Len() {
		if _, label := d.Train.Example(i); int(label) != i%NumClasses {
			t.Fatalf("image %d has label %d", i, label)
		}
	}
}

func TestRealData(t *testing.T) {
	d, err := Read(labtest.Data(t))
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 50000 || d.Test.Len() != 10000 {
		t.Errorf("%d and %d images", d.Train.Len(), d.Test.Len())
	}
	for _, images := range []*Images{d.Train, d.Test} {
		for class, n := range images.Counts() {
			if n != images.Len()/NumClasses {
				t.Errorf("%d images of class %s", n, Classes[class])
			}
		}
	}
	mean, std := d.Train.MeanStd()
	for c := range Channels {
		if math.Abs(mean[c]-float64(Mean[c])) > 6e-6 || math.Abs(std[c]-float64(Std[c])) > 6e-6 {
			t.Errorf("channel %d: mean %.6f, std %.6f", c, mean[c], std[c])
		}
		var n int
		for _, k := range d.Train.Histograms()[c] {
			n += k
		}
		if n != 50000*plane {
			t.Errorf("channel %d: %d pixels", c, n)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	dir := labtest.Data(b)
	for b.Loop() {
		if _, err := Read(dir); err != nil {
			b.Fatal(err)
		}
	}
}
