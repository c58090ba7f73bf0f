package cnnlib

import "convlab/internal/backend"

// OpenBackend opens the best place to run graphs that is here: what
// GOMLX_BACKEND names, else XLA on a CUDA device, else XLA on the CPU, else
// pure Go. Printed, the choice says which and why. Nothing is downloaded.
func OpenBackend() (*backend.Choice, error) { return backend.Open() }
