package backend

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"convlab/internal/kernels"
	"convlab/internal/labdir"

	"github.com/gomlx/compute"
)

// PluginPath is the variable that names the folders of PJRT plugins.
const PluginPath = "PJRT_PLUGIN_LIBRARY_PATH"

// API is the version of the PJRT API that go-xla was written for. A plugin
// with a newer minor version may work; one with another major version does
// not.
const API = "0.104"

// folders are where plugins are looked for.
func folders() []string {
	return append(filepath.SplitList(os.Getenv(PluginPath)), labdir.Plugins())
}

// find gives the absolute path of the plugin file for "cpu" or "cuda", or "".
// A device that is an absolute path already is itself the plugin.
func find(device string) string {
	if filepath.IsAbs(device) {
		return device
	}
	if device == "" || strings.ContainsRune(device, filepath.Separator) {
		return ""
	}
	for _, dir := range folders() {
		for _, name := range []string{"pjrt_c_api_%s_plugin.so", "pjrt-plugin-%s.so", "pjrt_c_api_%s_plugin.dylib"} {
			path, err := filepath.Abs(filepath.Join(dir, fmt.Sprintf(name, device)))
			if err != nil {
				continue
			}
			if _, err := os.Lstat(path); err == nil {
				return path
			}
		}
	}
	return ""
}

// PluginError says which plugin cannot be used, why, and what to do.
type PluginError struct {
	File string
	Err  error
	Help string
}

func (e *PluginError) Error() string {
	return fmt.Sprintf("backend: plugin %s: %v; %s", e.File, e.Err, e.Help)
}

func (e *PluginError) Unwrap() error { return e.Err }

// openXLA opens a plugin by its file: by name, GoMLX would find it only in the
// folders that the environment named when the program started.
func openXLA(device, plugin, options string) (*Choice, error) {
	help := "run `make clean setup`, or set " + compute.ConfigEnvVar + "=go"
	cuda := strings.Contains(strings.ToLower(filepath.Base(plugin)), "cuda")
	if cuda {
		help = "run `make setup CUDA=13` (or 12, with an older driver), or set " + compute.ConfigEnvVar + "=xla:cpu"
	}
	bad := func(err error) (*Choice, error) { return nil, &PluginError{plugin, err, help} }
	if err := checkPlugin(plugin); err != nil {
		return bad(err)
	}
	if strings.Contains(plugin, ",") {
		return bad(errors.New("go-xla takes no path with a comma: move the folder"))
	}
	// The plugin finds NVIDIA's libraries from where it lies, not from where a
	// link to it does.
	file, err := filepath.EvalSymlinks(plugin)
	if err != nil {
		return bad(err)
	}
	kernels.Use(file)
	if cuda {
		prepareCUDA(file, options)
	}
	major, minor, err := loadPlugin(file)
	if err != nil {
		return bad(fmt.Errorf("does not load: %w", err))
	}
	version := fmt.Sprintf("%d.%d", major, minor)
	if major != 0 {
		return bad(fmt.Errorf("its PJRT API is version %s, convlab can talk to version %s: it is too new", version, API))
	}
	KeepMemory()
	b, err := startXLA(file + defaults(cuda, options))
	if err != nil {
		return bad(fmt.Errorf("does not start (its PJRT API is version %s, convlab was made for %s): %w", version, API, err))
	}
	keepAlive(b)
	return &Choice{Backend: b, Name: "xla:" + device, Plugin: plugin, PJRT: version}, nil
}

var opened struct {
	sync.Mutex
	backends []compute.Backend
}

// keepAlive keeps b to the end of the process, and nobody finalizes it. The
// garbage collector finds buffers and programs of a backend at any time and
// gives them back to XLA; on CUDA that corrupts the memory of the process if
// the client has gone before.
func keepAlive(b compute.Backend) {
	opened.Lock()
	defer opened.Unlock()
	opened.backends = append(opened.backends, b)
}

// defaults adds to the options of go-xla what it would else guess from words
// in the path, and full float32 precision, which is PyTorch's default too.
func defaults(cuda bool, options string) string {
	if !strings.Contains(options, "shared_buffers") {
		if cuda {
			options += ",noshared_buffers"
		} else {
			options += ",shared_buffers"
		}
	}
	if !strings.Contains(options, "tf32") {
		options += ",notf32"
	}
	return "," + strings.TrimPrefix(options, ",")
}

// checkPlugin looks at the file before it is loaded: a broken library can end
// the whole process.
func checkPlugin(path string) error {
	if runtime.GOOS != "linux" || filepath.Ext(path) != ".so" {
		return nil // another system's format: the loader judges it
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("this is no file")
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
	for _, s := range f.Sections { // a download that was cut lacks its end
		if end := s.Offset + s.FileSize; s.Type != elf.SHT_NOBITS && (end < s.Offset || end > uint64(info.Size())) {
			return fmt.Errorf("it is cut: section %s should end at byte %d, the file has %d", s.Name, end, info.Size())
		}
	}
	return nil
}
