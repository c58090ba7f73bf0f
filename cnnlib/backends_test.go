package cnnlib

import (
	"os"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/go-xla/compute/xla"
)

func goBackend(t *testing.T) compute.Backend {
	t.Helper()
	b, err := gobackend.New("")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// eachBackend runs test on the pure-Go backend, and on XLA for the CPU where
// PJRT_PLUGIN_LIBRARY_PATH says where its plugin is.
func eachBackend(t *testing.T, test func(t *testing.T, b compute.Backend)) {
	t.Run("go", func(t *testing.T) { test(t, goBackend(t)) })
	t.Run("xla", func(t *testing.T) {
		if os.Getenv("PJRT_PLUGIN_LIBRARY_PATH") == "" {
			t.Skip("no XLA plugin: PJRT_PLUGIN_LIBRARY_PATH is not set")
		}
		xla.EnableAutoInstall(false)
		b, err := xla.New("cpu")
		if err != nil {
			t.Fatal(err)
		}
		defer b.Finalize()
		test(t, b)
	})
}
