// Package backend chooses where graphs run: XLA on CUDA, XLA on the CPU, or
// pure Go, and says which and why. It never downloads anything.
//
//	choice, err := backend.Open()
//	if choice.Notice != "" { fmt.Fprintln(os.Stderr, choice.Notice) }
package backend

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/gomlx/support/exceptions"
)

// PluginPath is the variable that names the folders of PJRT plugins.
const PluginPath = "PJRT_PLUGIN_LIBRARY_PATH"

// Choice is an open backend and how it came to be chosen.
type Choice struct {
	Backend compute.Backend
	Name    string // "xla:cuda", "xla:cpu", "go", or what GOMLX_BACKEND says
	Why     string
	Notice  string // what is missing and how to get it; "" if nothing is
}

// String says where graphs run and why, and what is missing, if anything is.
func (c *Choice) String() string {
	if c.Notice != "" {
		return c.Name + ": " + c.Notice
	}
	return c.Name + ": " + c.Why
}

// Open takes what GOMLX_BACKEND names if it is set, else XLA on CUDA where a
// driver and a CUDA plugin are, else XLA on the CPU where its plugin is, else
// pure Go with a notice. A plugin that is there but cannot be used is an
// error that names its file. With XLA, the C allocator of this process keeps
// the memory that is freed.
func Open() (*Choice, error) {
	xla.EnableAutoInstall(false)
	if config := os.Getenv(compute.ConfigEnvVar); config != "" {
		var b compute.Backend
		var err error
		if failed := exceptions.TryCatch[error](func() { b, err = compute.NewWithConfig(config) }); failed != nil {
			err = failed // it panics on a name it does not know
		}
		if err != nil {
			return nil, fmt.Errorf("backend: %s=%s cannot be used: %w; unset it to let convlab choose, or set it to go", compute.ConfigEnvVar, config, err)
		}
		return &Choice{Backend: b, Name: config, Why: compute.ConfigEnvVar + " is set"}, nil
	}
	if plugin := find("cuda"); plugin != "" && driver() {
		return openXLA("cuda", plugin, "a CUDA plugin and a driver are here")
	}
	if plugin := find("cpu"); plugin != "" {
		return openXLA("cpu", plugin, "the XLA plugin for CPUs is here")
	}
	b, err := gobackend.New("")
	if err != nil {
		return nil, fmt.Errorf("backend: pure Go: %w", err)
	}
	return &Choice{Backend: b, Name: "go", Why: "no XLA plugin is here",
		Notice: "convlab runs on pure Go, which is slow: no XLA plugin in " + PluginPath + "; `make setup` brings one"}, nil
}

// find gives the plugin file for "cpu" or "cuda" in the folders of
// PJRT_PLUGIN_LIBRARY_PATH, or "".
func find(device string) string {
	for _, dir := range filepath.SplitList(os.Getenv(PluginPath)) {
		for _, name := range []string{"pjrt_c_api_%s_plugin.so", "pjrt-plugin-%s.so", "pjrt_c_api_%s_plugin.dylib"} {
			path := filepath.Join(dir, fmt.Sprintf(name, device))
			if _, err := os.Lstat(path); err == nil {
				return path
			}
		}
	}
	return ""
}

// driver tells whether an NVIDIA kernel driver is loaded.
func driver() bool {
	_, err := os.Stat("/proc/driver/nvidia/version")
	return err == nil
}

func openXLA(device, plugin, why string) (*Choice, error) {
	if err := checkPlugin(plugin); err != nil {
		return nil, fmt.Errorf("backend: plugin %s: %w; run `make clean setup`, or set %s=go", plugin, err, compute.ConfigEnvVar)
	}
	KeepMemory()
	b, err := xla.New(device)
	if err != nil {
		return nil, fmt.Errorf("backend: plugin %s does not load: %w; run `make clean setup`, or set %s=go", plugin, err, compute.ConfigEnvVar)
	}
	return &Choice{Backend: b, Name: "xla:" + device, Why: why}, nil
}

// checkPlugin looks at the file before it is loaded: a broken library can end
// the whole process.
func checkPlugin(path string) error {
	if filepath.Ext(path) != ".so" {
		return nil // another system's format: the loader judges it
	}
	f, err := elf.Open(path)
	var format *elf.FormatError
	if errors.As(err, &format) {
		return fmt.Errorf("this is no shared library: %w", err)
	} else if err != nil {
		return err
	}
	defer f.Close()
	want := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}[runtime.GOARCH]
	if f.Machine != want {
		return fmt.Errorf("it is for %s, this machine needs %s", f.Machine, want)
	}
	return nil
}
