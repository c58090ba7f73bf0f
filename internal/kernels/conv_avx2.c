//go:build cgo && linux && amd64

// The kernels for processors with AVX2 and FMA.
#include "conv.h"
#pragma GCC target("avx2,fma")
#define WIDTH 8
#define NAME(x) x##_avx2
#include "set.h"
const Kernels kernels_avx2 = {"avx2", forward, gradient, sums};
