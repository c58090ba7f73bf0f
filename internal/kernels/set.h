// One instruction set's kernels: included once for each, see conv_avx512.c.
#include "vectors.h"

#include "rows.h"

#include "dense.h"

#include "channelwise.h"

#include "gradient.h"

static int forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  for (int i = 0; i < 3; i++)
    if (p->hole[i] > 1 && p->stride[i] > 1) return NoKernel;
  if (p->turned && p->groups > 1) return NoKernel;
  if (!all_finite(w, (size_t)taps_of(p) * (p->cin / p->groups) * p->cout)) return kernels_plain.forward(p, x, w, bias, relu, y, threads);
  int answer = channelwise_forward(p, x, w, bias, relu, y, threads);
  return answer == NoKernel ? dense_forward(p, x, w, bias, relu, y, threads) : answer;
}

static int gradient(const Conv *p, const float *x, const float *v, float *dw, const Threads *threads) {
  if (p->turned || p->hole[0] * p->hole[1] * p->hole[2] != 1) return NoKernel;
  int answer = channelwise_gradient(p, x, v, dw, threads);
  return answer == NoKernel ? dense_gradient(p, x, v, dw, threads) : answer;
}
