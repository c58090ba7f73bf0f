//go:build linux

package faults

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"convlab/cifar"
	"convlab/internal/labtest"
)

// TestBytesData flips a bit of a file of CIFAR-10, or cuts it: its MD5 tells.
func TestBytesData(t *testing.T) {
	c := count(t, "Bytes", "files of CIFAR-10", "a bit flipped, the end cut off")
	dir, from := t.TempDir(), labtest.Data(t)
	const spoilt = "data_batch_3.bin"
	for _, name := range []string{"data_batch_1.bin", "data_batch_2.bin", spoilt, "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"} {
		if name == spoilt {
			continue
		}
		if err := os.Symlink(filepath.Join(from, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	good, err := os.ReadFile(filepath.Join(from, spoilt))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, spoilt)
	write := func(content []byte) {
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(good)
	if _, err := cifar.Read(dir); err != nil {
		t.Fatalf("the good files: %v", err)
	}
	rng := rand.New(rand.NewPCG(10, 10))
	for i := range times(2, 60) {
		at, bit := rng.IntN(len(good)), rng.IntN(8)
		if i%2 == 0 {
			write(good[:at])
		} else {
			good[at] ^= 1 << bit
			write(good)
			good[at] ^= 1 << bit
		}
		_, err := cifar.Read(dir)
		var format *cifar.FormatError
		switch {
		case errors.As(err, &format) && filepath.Base(format.File) == spoilt:
			c.refused()
		default:
			c.lost("byte %d bit %d, try %d: error %v", at, bit, i, err)
		}
	}
}
