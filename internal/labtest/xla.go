//go:build cgo

package labtest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"convlab/internal/backend"
	"convlab/internal/kernels"
	"convlab/internal/labdir"
	"convlab/internal/skiptest"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
)

// device is the backend that CONVLAB_TEST_DEVICE asks for, as convlab itself
// opens it.
var device = sync.OnceValues(func() (*backend.Choice, error) {
	if os.Getenv(compute.ConfigEnvVar) == "" {
		if err := os.Setenv(compute.ConfigEnvVar, "xla:"+os.Getenv(Device)); err != nil {
			return nil, err
		}
	}
	return backend.Open()
})

// XLA is XLA on the CPU, or on the device that CONVLAB_TEST_DEVICE names.
func XLA(t testing.TB) compute.Backend {
	t.Helper()
	if os.Getenv(Device) != "" {
		choice, err := device()
		if err != nil {
			t.Fatal(err)
		}
		return choice.Backend
	}
	plugin := filepath.Join(labdir.Plugins(), "pjrt_c_api_cpu_plugin.so")
	if _, err := os.Stat(plugin); err != nil {
		skiptest.Missing(t, "the XLA plugin for CPUs")
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
