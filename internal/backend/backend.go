// Package backend chooses where graphs run: XLA on CUDA, XLA on the CPU, or
// pure Go, and says which and why. It never downloads anything.
//
//	choice, err := backend.Open()
//	if choice.Notice != "" { fmt.Fprintln(os.Stderr, choice.Notice) }
package backend

import (
	"fmt"
	"os"
	"strings"

	"convlab/internal/labdir"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Choice is an open backend and how it came to be chosen.
type Choice struct {
	Backend compute.Backend
	Name    string // "xla:cuda", "xla:cpu", "go", or what GOMLX_BACKEND says
	Why     string
	Notice  string // what is missing and how to get it; "" if nothing is
	Plugin  string // file of the PJRT plugin; "" on pure Go
	PJRT    string // version of the plugin's PJRT API, as "0.104"; "" on pure Go
}

// String says where graphs run and why, and what is missing, if anything is.
func (c *Choice) String() string {
	if c.Notice != "" {
		return c.Name + ": " + c.Notice
	}
	return c.Name + ": " + c.Why
}

// withoutXLA says what a program lacks that was built without cgo.
const withoutXLA = "it was built without cgo, which XLA needs: build it with CGO_ENABLED=1 and a C compiler"

// Open takes what GOMLX_BACKEND names if it is set, else XLA on CUDA where a
// driver and a CUDA plugin are, else XLA on the CPU where its plugin is, else
// pure Go with a notice, as in every program that was built without cgo. A plugin is looked for in the folders of
// PJRT_PLUGIN_LIBRARY_PATH, then where `make setup` puts it. A CUDA plugin
// that does not open is a notice, and the CPU takes over; any other plugin
// that is there but cannot be used is an error that names its file. A backend of
// XLA stays open to the end of the process: do not finalize it. With XLA,
// the C allocator of this process keeps the memory that is freed.
func Open() (*Choice, error) {
	neverDownload()
	if config := os.Getenv(compute.ConfigEnvVar); config != "" {
		return named(config)
	}
	if !withXLA {
		c, err := pureGo("this program has no XLA")
		if err == nil {
			c.Notice = "convlab runs on pure Go, which is slow: " + withoutXLA
		}
		return c, err
	}
	var notice string
	if plugin := find("cuda"); plugin != "" {
		driver, err := driver()
		if err == nil {
			var c *Choice
			if c, err = openXLA("cuda", plugin, ""); err == nil {
				c.Why = "a CUDA plugin and a driver (" + driver + ") are here"
				return c, nil
			}
		}
		notice = fmt.Sprintf("CUDA is not used: %v", err)
	}
	if plugin := find("cpu"); plugin != "" {
		c, err := openXLA("cpu", plugin, "")
		if err != nil {
			return nil, err
		}
		c.Why, c.Notice = "the XLA plugin for CPUs is here", notice
		return c, nil
	}
	c, err := pureGo("no XLA plugin is here")
	if err != nil {
		return nil, err
	}
	missing := "convlab runs on pure Go, which is slow: there is no XLA plugin in " + strings.Join(folders(), " or ") + "; `make setup` brings one"
	if notice != "" {
		missing = notice + "; " + missing
	}
	c.Notice = missing
	return c, nil
}

// pureGo opens the backend that needs nothing.
func pureGo(why string) (*Choice, error) {
	b, err := gobackend.New(labdir.GoOptions)
	if err != nil {
		return nil, fmt.Errorf("backend: pure Go: %w", err)
	}
	return &Choice{Backend: b, Name: "go", Why: why}, nil
}

// named opens what GOMLX_BACKEND says: NAME or NAME:PLUGIN,OPTIONS.
func named(config string) (*Choice, error) {
	why := compute.ConfigEnvVar + " is set"
	if config == "go" {
		return pureGo(why)
	}
	name, rest, _ := strings.Cut(config, ":")
	if name == "xla" || name == "stablehlo" || name == "hlo" || name == "shlo" {
		if !withXLA {
			return nil, fmt.Errorf("backend: %s=%s cannot be used: %s; or unset it", compute.ConfigEnvVar, config, withoutXLA)
		}
		device, options, _ := strings.Cut(rest, ",")
		devices := []string{device}
		if device == "" {
			devices = []string{"cuda", "cpu"}
			if _, err := driver(); err != nil {
				devices = []string{"cpu"}
			}
		}
		for _, device := range devices {
			if plugin := find(device); plugin != "" {
				c, err := openXLA(device, plugin, options)
				if err != nil {
					return nil, fmt.Errorf("%w (%s=%s)", err, compute.ConfigEnvVar, config)
				}
				c.Name, c.Why = config, why
				return c, nil
			}
		}
	}
	// Another backend, or a plugin where GoMLX itself looks for one.
	var b compute.Backend
	var err error
	if failed := exceptions.TryCatch[error](func() { b, err = compute.NewWithConfig(config) }); failed != nil {
		err = failed // it panics on a name it does not know
	}
	if err != nil {
		return nil, fmt.Errorf("backend: %s=%s cannot be used: %w; unset it to let convlab choose, or set it to go", compute.ConfigEnvVar, config, err)
	}
	return &Choice{Backend: b, Name: config, Why: why}, nil
}
