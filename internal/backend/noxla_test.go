//go:build !cgo

package backend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/compute"
)

// TestWithoutXLA: a program without XLA runs on pure Go, also where a plugin
// is, and says how to build one that does not.
func TestWithoutXLA(t *testing.T) {
	if err := os.WriteFile(filepath.Join(bare(t), "pjrt_c_api_cpu_plugin.so"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := Open()
	if err != nil || c.Name != "go" || !strings.Contains(c.Notice, "CGO_ENABLED=1") {
		t.Errorf("%+v, %v", c, err)
	}
	for _, config := range []string{"xla", "xla:cpu", "stablehlo:cuda"} {
		t.Setenv(compute.ConfigEnvVar, config)
		if _, err := Open(); err == nil || !strings.Contains(err.Error(), config) || !strings.Contains(err.Error(), "CGO_ENABLED=1") {
			t.Errorf("%s: %v", config, err)
		}
	}
}
