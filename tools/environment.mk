# The environment in which Go, Python and the kernel run, whatever the user's
# says: the Makefile includes this file and tools/kernel.py puts the same into
# the kernel. Lines are NAME := VALUE to export and NAME to unexport.
export GO111MODULE := on
export GOFLAGS := -buildvcs=false
export GOWORK := off
export CGO_ENABLED := 1
export GOMLX_NO_AUTO_INSTALL := 1
export PIP_USER := 0
unexport GOOS
unexport GOARCH
unexport GOBIN
unexport PYTHONPATH
unexport PYTHONHOME
unexport PIP_TARGET
unexport PIP_PREFIX
unexport PIP_REQUIRE_VIRTUALENV
unexport PIP_NO_BINARY
unexport PIP_ONLY_BINARY
