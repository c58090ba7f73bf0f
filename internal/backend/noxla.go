//go:build !cgo

package backend

import (
	"errors"

	"github.com/gomlx/compute"
)

// withXLA tells that this program cannot talk to XLA, whose plugins are
// libraries with an interface of C: it was built without cgo.
const withXLA = false

func neverDownload() {}

func loadPlugin(string) (major, minor int, err error) { return 0, 0, errors.New(withoutXLA) }

func startXLA(string) (compute.Backend, error) { return nil, errors.New(withoutXLA) }
