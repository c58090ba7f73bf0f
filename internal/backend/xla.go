//go:build cgo

package backend

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/go-xla/pjrt"
)

// withXLA tells that this program can talk to XLA: it was built with cgo.
const withXLA = true

// neverDownload keeps go-xla from fetching a plugin by itself.
func neverDownload() { xla.EnableAutoInstall(false) }

// loadPlugin loads the library and gives the version of its PJRT API.
func loadPlugin(file string) (major, minor int, err error) {
	plugin, err := pjrt.GetPlugin(file)
	if err != nil {
		return 0, 0, err
	}
	major, minor = plugin.Version()
	return major, minor, nil
}

// startXLA opens a plugin that is loaded; config is its file and options.
func startXLA(config string) (compute.Backend, error) { return xla.New(config) }
