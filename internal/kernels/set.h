// One instruction set's kernels: included once for each, see conv_avx512.c.
#include "vectors.h"

#include "rows.h"

#include "dense.h"

#include "winograd.h"

#include "channelwise.h"

#include "gradient.h"

#include "winogradgradient.h"

#include "product.h"

#include "sums.h"

// A convolution that looks at each pixel alone does not care how they are cut
// into rows and images. This gives the rows whole tiles and no more than a
// cache, whatever the images are, as far as their number can be divided so.
static Conv folded(const Conv *p) {
  Conv f = *p;
  long pixels = (long)p->batch * p->in[0] * p->in[1] * p->in[2];
  int wide = min_of(256, max_of(TILE, 32768 / p->cin)); // 128 KiB
  if (!alone(p) || pixels > 1 << 30) return f;
  while (pixels % wide) wide--;
  if (wide < p->in[2] && wide < TILE) return f;
  f.batch = pixels / wide;
  f.in[0] = f.out[0] = f.in[1] = f.out[1] = 1;
  f.in[2] = f.out[2] = wide;
  return f;
}

static int forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  for (int i = 0; i < 3; i++)
    if (p->hole[i] > 1 && p->stride[i] > 1) return NoKernel;
  if (p->turned && p->groups > 1) return NoKernel;
  int answer = product_forward(p, x, w, bias, relu, y, threads);
  if (answer != NoKernel) return answer;
  if (!all_finite(w, (size_t)taps_of(p) * (p->cin / p->groups) * p->cout)) return kernels_plain.forward(p, x, w, bias, relu, y, threads);
  Conv f = folded(p);
  answer = channelwise_forward(&f, x, w, bias, relu, y, threads);
  if (answer == NoKernel) answer = winograd_forward(&f, x, w, bias, relu, y, threads);
  return answer != NoKernel ? answer : dense_forward(&f, x, w, bias, relu, y, threads);
}

static int gradient(const Conv *p, const float *x, const float *v, float *dw, float *dbias, const Threads *threads) {
  if (p->turned || p->hole[0] * p->hole[1] * p->hole[2] != 1) return NoKernel;
  Conv f = folded(p);
  int answer = product_gradient(p, x, v, dw, threads);
  if (answer == NoKernel) answer = channelwise_gradient(&f, x, v, dw, threads);
  if (answer == NoKernel) answer = winograd_gradient(&f, x, v, dw, threads);
  if (answer == NoKernel) return dense_gradient(&f, x, v, dw, dbias, threads);
  if (answer != Done || !dbias) return answer;
  Sums s = {.rows = (long)p->batch * p->out[0] * p->out[1] * p->out[2], .channels = p->cout, .a = v, .sum = dbias};
  return sums(&s, threads);
}
