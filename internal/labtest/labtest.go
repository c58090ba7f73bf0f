// Package labtest gives tests what set-up brings: backends and the data set.
package labtest

import (
	"os"
	"path/filepath"
	"testing"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
)

// Go is the pure-Go backend.
func Go(t testing.TB) compute.Backend {
	t.Helper()
	b, err := gobackend.New(labdir.GoOptions)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Finalize)
	return b
}

// Device is the variable that makes tests use another device than the CPU: with
// "cuda", XLA and EachBackend open the CUDA plugin, once for all tests.
const Device = "CONVLAB_TEST_DEVICE"

// EachBackend runs test on pure Go and on XLA; where CONVLAB_TEST_DEVICE names
// a device, only on that.
func EachBackend(t *testing.T, test func(t *testing.T, b compute.Backend)) {
	if name := os.Getenv(Device); name != "" {
		t.Run(name, func(t *testing.T) { test(t, XLA(t)) })
		return
	}
	t.Run("go", func(t *testing.T) { test(t, Go(t)) })
	t.Run("xla", func(t *testing.T) { test(t, XLA(t)) })
}

// Data is the folder with the real CIFAR-10 files.
func Data(t testing.TB) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(labdir.Data(), "test_batch.bin")); err != nil {
		skiptest.Missing(t, "the CIFAR-10 data set")
	}
	return labdir.Data()
}
