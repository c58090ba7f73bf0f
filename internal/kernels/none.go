//go:build !(cgo && linux && (amd64 || arm64))

package kernels

import (
	"fmt"
	"runtime"
)

func load(string, string) (string, error) {
	return "", fmt.Errorf("they are built for Linux on x86-64 and ARM, with cgo; this is %s on %s", runtime.GOOS, runtime.GOARCH)
}

// Calls is how often XLA has called our kernels in this process.
func Calls() int { return 0 }
