//go:build cgo && linux && arm64

// The kernels for 64-bit ARM processors, all of which have NEON.
#include "conv.h"
#define WIDTH 4
#define NAME(x) x##_neon
#include "set.h"
const Kernels kernels_neon = {"neon", forward, gradient, sums};
