// Package labtest gives tests what set-up brings: backends and the data set.
package labtest

import (
	"os"
	"path/filepath"
	"testing"

	"convlab/internal/lab"
	"convlab/internal/need"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
)

// Go is the pure-Go backend.
func Go(t testing.TB) compute.Backend {
	t.Helper()
	b, err := gobackend.New(lab.GoOptions)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Finalize)
	return b
}

// EachBackend runs test on pure Go and on XLA.
func EachBackend(t *testing.T, test func(t *testing.T, b compute.Backend)) {
	t.Run("go", func(t *testing.T) { test(t, Go(t)) })
	t.Run("xla", func(t *testing.T) { test(t, XLA(t)) })
}

// Data is the folder with the real CIFAR-10 files.
func Data(t testing.TB) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(lab.Data(), "test_batch.bin")); err != nil {
		need.Missing(t, "the CIFAR-10 data set")
	}
	return lab.Data()
}
