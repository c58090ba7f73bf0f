package backend

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Where a driver of NVIDIA shows: the kernel module on Linux; on WSL the
// device that Windows lends and the driver's library that comes with it.
var (
	driverFile = "/proc/driver/nvidia/version"
	wslDevice  = "/dev/dxg"
	wslDriver  = "/usr/lib/wsl/lib/libcuda.so.1"
)

// driver describes the NVIDIA driver that is here, or says why there is none.
func driver() (string, error) {
	if raw, err := os.ReadFile(driverFile); err == nil {
		// NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun …
		for _, word := range strings.Fields(string(raw)) {
			if word[0] >= '0' && word[0] <= '9' && strings.Contains(word, ".") {
				return word, nil
			}
		}
		return "of unknown version", nil
	}
	if _, err := os.Stat(wslDevice); err == nil {
		if _, err := os.Stat(wslDriver); err == nil {
			return "of Windows", nil
		}
		return "", errors.New("WSL has " + wslDevice + " but not " + filepath.Base(wslDriver) + ": install NVIDIA's driver in Windows")
	}
	return "", errors.New("no NVIDIA driver is loaded (" + driverFile + " is not there)")
}
