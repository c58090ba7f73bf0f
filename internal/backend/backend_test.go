package backend

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"

	"github.com/gomlx/compute"
)

// bare is an environment with nothing set up; it gives the folder where
// plugins are looked for.
func bare(t *testing.T) string {
	t.Helper()
	t.Setenv(compute.ConfigEnvVar, "")
	t.Setenv(PluginPath, "")
	dir := t.TempDir()
	t.Setenv(labdir.Variable, dir)
	if err := os.Mkdir(filepath.Join(dir, "plugins"), 0o755); err != nil {
		t.Fatal(err)
	}
	setDriver(t, "")
	return filepath.Join(dir, "plugins")
}

// setDriver makes a driver seem to be here, or none if version is "".
func setDriver(t *testing.T, version string) {
	t.Helper()
	oldFile, oldDevice := driverFile, wslDevice
	t.Cleanup(func() { driverFile, wslDevice = oldFile, oldDevice })
	driverFile, wslDevice = filepath.Join(t.TempDir(), "version"), filepath.Join(t.TempDir(), "dxg")
	if version != "" {
		if err := os.WriteFile(driverFile, []byte("NVRM version: NVIDIA UNIX x86_64 Kernel Module  "+version+"  Sun Jul 27\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// needXLA leaves a test out of programs that were built without XLA.
func needXLA(t *testing.T) {
	t.Helper()
	if !withXLA {
		skiptest.Missing(t, "cgo, and XLA with it,")
	}
}

func TestPureGoWithANotice(t *testing.T) {
	needXLA(t)
	dir := bare(t)
	c, err := Open()
	if err != nil || c.Name != "go" || !strings.Contains(c.Notice, "make setup") || !strings.Contains(c.Notice, dir) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestEnvironmentDecides(t *testing.T) {
	bare(t)
	t.Setenv(compute.ConfigEnvVar, "go")
	c, err := Open()
	if err != nil || c.Name != "go" || c.Notice != "" {
		t.Errorf("%+v, %v", c, err)
	}
	for _, config := range []string{"nonsense", "xla:nonsense", "xla:cuda", "xla:/gone/pjrt_c_api_cpu_plugin.so"} {
		t.Setenv(compute.ConfigEnvVar, config)
		if _, err := Open(); err == nil || !strings.Contains(err.Error(), config) {
			t.Errorf("%s: %v", config, err)
		}
	}
}

// foreign is the header of a library for a processor that Go's amd64 and
// arm64 are not.
func foreign() []byte {
	h := make([]byte, 64)
	copy(h, "\x7fELF\x02\x01\x01")
	h[16], h[18], h[20], h[52] = 3, 0xF3, 1, 64
	return h
}

func TestBadPluginIsNamed(t *testing.T) {
	needXLA(t)
	path := filepath.Join(bare(t), "pjrt_c_api_cpu_plugin.so")
	for name, content := range map[string][]byte{"empty": {}, "text": []byte("<html>"), "other processor": foreign()} {
		put(t, path, content)
		var plugin *PluginError
		if _, err := Open(); !errors.As(err, &plugin) || plugin.File != path || !strings.Contains(err.Error(), "make clean setup") {
			t.Errorf("%s: %v", name, err)
		}
	}
	os.Remove(path)
	if err := os.Symlink("gone", path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("dangling link: %v", err)
	}
	os.Remove(path)
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), "no file") {
		t.Errorf("folder: %v", err)
	}
}

// realPlugin is the file of the XLA plugin for CPUs.
func realPlugin(t *testing.T) string {
	t.Helper()
	needXLA(t)
	file, err := filepath.EvalSymlinks(filepath.Join(labdir.Plugins(), "pjrt_c_api_cpu_plugin.so"))
	if err != nil {
		skiptest.Missing(t, "the XLA plugin for CPUs")
	}
	return file
}

func TestCutPluginIsRefused(t *testing.T) {
	plugin := realPlugin(t)
	raw, err := os.ReadFile(plugin)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(bare(t), "pjrt_c_api_cpu_plugin.so")
	for _, n := range []int{100, 100000, len(raw) - 100000} {
		put(t, path, raw[:n])
		if _, err := Open(); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%d of %d bytes: %v", n, len(raw), err)
		}
	}
}

// The plugin is found where set-up puts it and in the variable's folders,
// which come first, and opened whether GOMLX_BACKEND names it or not.
func TestXLA(t *testing.T) {
	plugin := realPlugin(t)
	dir := bare(t)
	link := filepath.Join(dir, "pjrt_c_api_cpu_plugin.so")
	if err := os.Symlink(plugin, link); err != nil {
		t.Fatal(err)
	}
	for _, config := range []string{"", "xla", "xla:cpu", "xla:cpu,tf32=false", "xla:" + plugin} {
		t.Setenv(compute.ConfigEnvVar, config)
		c, err := Open()
		if err != nil {
			t.Errorf("%q: %v", config, err)
			continue
		}
		if want := map[bool]string{true: "xla:cpu", false: config}[config == ""]; c.Name != want || !strings.HasPrefix(c.PJRT, "0.") || c.Notice != "" {
			t.Errorf("%q: %+v", config, c)
		}
		c.Backend.Finalize()
	}
	other := t.TempDir()
	put(t, filepath.Join(other, "pjrt_c_api_cpu_plugin.so"), []byte("x"))
	t.Setenv(compute.ConfigEnvVar, "")
	t.Setenv(PluginPath, other)
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), other) {
		t.Errorf("the variable's folder should come first: %v", err)
	}
	comma := filepath.Join(t.TempDir(), "a,b")
	if err := os.Mkdir(comma, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv(PluginPath, comma)
	if err := os.Symlink(plugin, filepath.Join(comma, "pjrt_c_api_cpu_plugin.so")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), "comma") {
		t.Errorf("comma in the path: %v", err)
	}
}

// Where CUDA does not open, the CPU takes over and says so, unless CUDA was
// asked for.
func TestCUDAFallsBack(t *testing.T) {
	plugin := realPlugin(t)
	dir := bare(t)
	if err := os.Symlink(plugin, filepath.Join(dir, "pjrt_c_api_cpu_plugin.so")); err != nil {
		t.Fatal(err)
	}
	cuda := filepath.Join(dir, "pjrt_c_api_cuda_plugin.so")
	put(t, cuda, bytes.Repeat([]byte("x"), 100))
	c, err := Open()
	if err != nil || c.Name != "xla:cpu" || !strings.Contains(c.Notice, "no NVIDIA driver") {
		t.Errorf("without a driver: %+v, %v", c, err)
	}
	setDriver(t, "580.65.06")
	c, err = Open()
	if err != nil || c.Name != "xla:cpu" || !strings.Contains(c.Notice, cuda) || !strings.Contains(c.Notice, "CUDA=13") {
		t.Errorf("with a broken plugin: %+v, %v", c, err)
	}
	t.Setenv(compute.ConfigEnvVar, "xla:cuda")
	if c, err := Open(); err == nil || !strings.Contains(err.Error(), cuda) {
		t.Errorf("asked for: %+v, %v", c, err)
	}
}

func TestDriver(t *testing.T) {
	setDriver(t, "580.65.06")
	if got, err := driver(); got != "580.65.06" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	setDriver(t, "")
	put(t, wslDevice, nil)
	if _, err := driver(); err == nil || !strings.Contains(err.Error(), "Windows") {
		t.Errorf("WSL without a driver: %v", err)
	}
}

func TestDefaults(t *testing.T) {
	for want, got := range map[string]string{
		",noshared_buffers,notf32":    defaults(true, ""),
		",shared_buffers,notf32":      defaults(false, ""),
		",tf32=true,noshared_buffers": defaults(true, "tf32=true"),
		",noshared_buffers,tf32":      defaults(false, "noshared_buffers,tf32"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
