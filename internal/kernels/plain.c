//go:build cgo && linux && (amd64 || arm64)

// The definition of the maps in loops, for the tests and for weights that are
// not finite.
//
// The fast kernels lay zeros around a row and multiply with them, which is
// harmless but for infinite weights and NaNs: 0 times those is NaN, where the
// definition reads no padding at all. Such weights belong to a training that
// went wrong; they need the right answer, not a fast one.
#include "conv.h"

static float *pixel(const Conv *p, const float *base, const int *size, int channels, int n, int d, int h, int w) {
  (void)p;
  return (float *)base + ((((size_t)n * size[0] + d) * size[1] + h) * size[2] + w) * channels;
}

typedef struct {
  const Conv *p;
  const float *x, *w, *bias;
  float *y;
  int relu;
} Forward;

static void forward_image(void *context, int n) {
  Forward *f = context;
  const Conv *p = f->p;
  int perin = p->cin / p->groups, perout = p->cout / p->groups;
  for (int od = 0; od < p->out[0]; od++)
    for (int oh = 0; oh < p->out[1]; oh++)
      for (int ow = 0; ow < p->out[2]; ow++)
        for (int k = 0; k < p->cout; k++) {
          float sum = f->bias ? f->bias[k] : 0;
          for (int a = 0; a < p->kernel[0]; a++)
            for (int b = 0; b < p->kernel[1]; b++)
              for (int t = 0; t < p->kernel[2]; t++) {
                int id = input_at(p, 0, od, a), ih = input_at(p, 1, oh, b), iw = input_at(p, 2, ow, t);
                if (id < 0 || ih < 0 || iw < 0) continue;
                const float *x = pixel(p, f->x, p->in, p->cin, n, id, ih, iw) + k / perout * perin;
                size_t tap = ((size_t)a * p->kernel[1] + b) * p->kernel[2] + t;
                for (int c = 0; c < perin; c++)
                  sum += x[c] * (p->turned ? f->w[(tap * p->cout + k) * p->cin + c] : f->w[(tap * perin + c) * p->cout + k]);
              }
          pixel(p, f->y, p->out, p->cout, n, od, oh, ow)[k] = f->relu && sum < 0 ? 0 : sum;
        }
}

static int forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  Forward f = {p, x, w, bias, y, relu};
  threads->run(threads->pool, p->batch, forward_image, &f);
  return Done;
}

typedef struct {
  const Conv *p;
  const float *x, *v;
  float *dw;
} Gradient;

static void gradient_tap(void *context, int tap) {
  Gradient *f = context;
  const Conv *p = f->p;
  int perin = p->cin / p->groups, perout = p->cout / p->groups;
  int a = tap / (p->kernel[1] * p->kernel[2]), b = tap / p->kernel[2] % p->kernel[1], t = tap % p->kernel[2];
  float *dw = f->dw + (size_t)tap * perin * p->cout;
  for (size_t i = 0; i < (size_t)perin * p->cout; i++) dw[i] = 0;
  for (int n = 0; n < p->batch; n++)
    for (int od = 0; od < p->out[0]; od++)
      for (int oh = 0; oh < p->out[1]; oh++)
        for (int ow = 0; ow < p->out[2]; ow++) {
          int id = input_at(p, 0, od, a), ih = input_at(p, 1, oh, b), iw = input_at(p, 2, ow, t);
          if (id < 0 || ih < 0 || iw < 0) continue;
          const float *x = pixel(p, f->x, p->in, p->cin, n, id, ih, iw), *v = pixel(p, f->v, p->out, p->cout, n, od, oh, ow);
          for (int c = 0; c < perin; c++)
            for (int k = 0; k < p->cout; k++) dw[(size_t)c * p->cout + k] += x[k / perout * perin + c] * v[k];
        }
}

static int gradient(const Conv *p, const float *x, const float *v, float *dw, float *dbias, const Threads *threads) {
  if (p->turned || p->hole[0] * p->hole[1] * p->hole[2] != 1) return NoKernel;
  for (int k = 0; dbias && k < p->cout; k++) {
    double sum = 0;
    for (size_t o = 0; o < (size_t)p->batch * p->out[0] * p->out[1] * p->out[2]; o++) sum += v[o * p->cout + k];
    dbias[k] = sum;
  }
  Gradient f = {p, x, v, dw};
  threads->run(threads->pool, taps_of(p), gradient_tap, &f);
  return Done;
}

static int sums(const Sums *s, const Threads *threads) {
  (void)threads;
  for (int c = 0; c < s->channels; c++) {
    double sum = 0, dot = 0;
    for (long r = 0; r < s->rows; r++) {
      float a = s->a[r * s->channels + c] - (s->a0 ? s->a0[c] : 0);
      sum += a;
      if (s->b) dot += (double)a * (s->b[r * s->channels + c] - (s->b0 ? s->b0[c] : 0));
    }
    if (s->sum) s->sum[c] = sum;
    if (s->dot) s->dot[c] = dot;
  }
  return Done;
}

const Kernels kernels_plain = {"plain", forward, gradient, sums};
