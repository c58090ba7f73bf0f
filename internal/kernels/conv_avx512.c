//go:build cgo && linux && amd64

// The kernels for processors with AVX-512.
#include "conv.h"
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,prefer-vector-width=512")
#define WIDTH 16
#define NAME(x) x##_avx512
#include "set.h"
const Kernels kernels_avx512 = {"avx512", forward, gradient, sums};
