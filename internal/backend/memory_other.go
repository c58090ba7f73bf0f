//go:build !linux || !cgo

package backend

// KeepMemory does nothing here: it is for glibc on Linux.
func KeepMemory() {}
