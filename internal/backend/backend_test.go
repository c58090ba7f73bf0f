package backend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/compute"
)

func TestPureGoWithANotice(t *testing.T) {
	t.Setenv(compute.ConfigEnvVar, "")
	t.Setenv(PluginPath, t.TempDir())
	c, err := Open()
	if err != nil || c.Name != "go" || !strings.Contains(c.Notice, "make setup") {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestEnvironmentDecides(t *testing.T) {
	t.Setenv(compute.ConfigEnvVar, "go")
	c, err := Open()
	if err != nil || c.Name != "go" || c.Notice != "" {
		t.Errorf("%+v, %v", c, err)
	}
	t.Setenv(compute.ConfigEnvVar, "nonsense")
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("unknown backend: %v", err)
	}
}

func TestBadPluginIsNamed(t *testing.T) {
	t.Setenv(compute.ConfigEnvVar, "")
	dir := t.TempDir()
	t.Setenv(PluginPath, dir)
	path := filepath.Join(dir, "pjrt_c_api_cpu_plugin.so")
	header := make([]byte, 64) // of an ELF file for a processor that Go's amd64 and arm64 are not
	copy(header, "\x7fELF\x02\x01\x01")
	header[16], header[18], header[20], header[52] = 3, 0xF3, 1, 64
	for name, content := range map[string][]byte{"empty": {}, "text": []byte("<html>"), "other processor": header} {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	os.Remove(path)
	if err := os.Symlink(filepath.Join(dir, "gone"), path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("dangling link: %v", err)
	}
}

func TestXLA(t *testing.T) {
	if find("cpu") == "" {
		t.Skip("no XLA plugin in " + PluginPath)
	}
	t.Setenv(compute.ConfigEnvVar, "")
	c, err := Open()
	if err != nil || !strings.HasPrefix(c.Name, "xla:") {
		t.Fatalf("%+v, %v", c, err)
	}
	c.Backend.Finalize()
}
