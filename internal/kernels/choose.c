//go:build cgo && linux && (amd64 || arm64)

// Chooses the instruction set at run time.
#include "conv.h"
#include <string.h>

#ifdef __x86_64__
extern const Kernels kernels_avx512, kernels_avx2;
#elif defined(__aarch64__)
extern const Kernels kernels_neon;
#endif

const Kernels *kernels_by_name(const char *name) {
  const Kernels *sets[3] = {0};
  int n = 0;
#ifdef __x86_64__
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) sets[n++] = &kernels_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets[n++] = &kernels_avx2;
#elif defined(__aarch64__)
  sets[n++] = &kernels_neon;
#endif
  for (int i = 0; i < n; i++)
    if (!name || !strcmp(sets[i]->name, name)) return sets[i];
  return 0;
}
