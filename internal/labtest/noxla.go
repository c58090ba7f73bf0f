//go:build !cgo

package labtest

import (
	"testing"

	"convlab/internal/skiptest"

	"github.com/gomlx/compute"
)

// XLA is XLA on the CPU, which needs cgo.
func XLA(t testing.TB) compute.Backend {
	t.Helper()
	skiptest.Missing(t, "cgo, and XLA with it,")
	return nil
}
