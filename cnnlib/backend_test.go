package cnnlib

import (
	"strings"
	"testing"

	"github.com/gomlx/compute"
)

// TestOpenBackend: GOMLX_BACKEND chooses, and the choice says so.
func TestOpenBackend(t *testing.T) {
	t.Setenv(compute.ConfigEnvVar, "go")
	b, err := OpenBackend()
	if err != nil {
		t.Fatal(err)
	}
	if b.Name != "go" || !strings.Contains(b.String(), compute.ConfigEnvVar) {
		t.Errorf("opened %s, which says %q", b.Name, b)
	}
	t.Setenv(compute.ConfigEnvVar, "abacus")
	if _, err := OpenBackend(); err == nil || !strings.Contains(err.Error(), "abacus") {
		t.Errorf("a backend that there is not: error %v", err)
	}
}
