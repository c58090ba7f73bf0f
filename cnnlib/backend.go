package cnnlib

import "convlab/internal/backend"

// OpenBackend opens the best backend that is installed: the one that
// GOMLX_BACKEND names, else XLA on a CUDA device, else XLA on the CPU, else
// pure Go. Print the choice to see which it is and why. Nothing is
// downloaded.
func OpenBackend() (*backend.Choice, error) { return backend.Open() }
