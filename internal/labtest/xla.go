//go:build cgo

package labtest

import (
	"os"
	"path/filepath"
	"testing"

	"convlab/internal/backend"
	"convlab/internal/kernels"
	"convlab/internal/lab"
	"convlab/internal/need"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
)

// XLA is XLA on the CPU.
func XLA(t testing.TB) compute.Backend {
	t.Helper()
	plugin := filepath.Join(lab.Plugins(), "pjrt_c_api_cpu_plugin.so")
	if _, err := os.Stat(plugin); err != nil {
		need.Missing(t, "the XLA plugin for CPUs")
	}
	xla.EnableAutoInstall(false)
	backend.KeepMemory()
	kernels.Use(plugin)
	b, err := xla.New(plugin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Finalize)
	return b
}
