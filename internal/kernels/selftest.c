//go:build cgo && linux && (amd64 || arm64)

// A look at every kernel before a process uses it: a few small problems
// against the definition.
#include "conv.h"
#include <math.h>
#include <stdlib.h>

static void run_here(void *pool, int jobs, void (*job)(void *, int), void *context) {
  (void)pool;
  for (int i = 0; i < jobs; i++) job(context, i);
}

static int differ(const float *got, const float *want, size_t n) {
  double scale = 1e-3, worst = 0;
  for (size_t i = 0; i < n; i++) {
    scale = fmax(scale, fabs(want[i])), worst = fmax(worst, fabs((double)got[i] - want[i]));
    if (!isfinite(got[i])) return 1;
  }
  return !(worst <= 1e-5 * scale);
}

// 0 if all is right, else the number of the problem that is not.
int kernels_self_test(const Kernels *set) {
  static const Conv problems[] = {
      {2, {1, 7, 19}, {1, 7, 19}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 1, 1}, 20, 37, 1, 0},   // dense
      {1, {1, 7, 19}, {1, 7, 19}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 1, 1}, 18, 33, 1, 1},   // turned
      {2, {1, 13, 14}, {1, 13, 14}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 1, 1}, 32, 48, 1, 0}, // Winograd's
      {2, {1, 13, 14}, {1, 13, 14}, {1, 3, 3}, {1, 1, 1}, {1, 2, 2}, {1, 1, 1}, {0, 2, 2}, 32, 32, 1, 0}, // the same, dilated
      {3, {1, 1, 11}, {1, 1, 11}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 260, 37, 1, 0},  // dense layer
      {3, {1, 1, 11}, {1, 1, 11}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 260, 37, 1, 1},  // the same, turned
      {2, {1, 1, 90}, {1, 1, 90}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 33, 20, 1, 0},   // 1x1
      {2, {1, 8, 15}, {1, 4, 8}, {1, 3, 3}, {1, 2, 2}, {1, 1, 1}, {1, 1, 1}, {0, 1, 1}, 3, 32, 1, 0},     // few channels, strided
      {1, {1, 4, 8}, {1, 8, 16}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 2, 2}, {0, 1, 1}, 17, 16, 1, 1},    // holes
      {1, {3, 5, 6}, {3, 5, 6}, {3, 3, 3}, {1, 1, 1}, {1, 1, 2}, {1, 1, 1}, {1, 1, 2}, 32, 64, 2, 0},     // three axes, large groups, dilated
      {3, {1, 6, 21}, {1, 6, 21}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 1, 1}, 35, 35, 35, 0},  // depthwise
      {1, {1, 6, 21}, {1, 3, 11}, {1, 3, 3}, {1, 2, 2}, {1, 1, 1}, {1, 1, 1}, {0, 1, 1}, 16, 32, 16, 0},  // depthwise, strided, two outputs of a channel
      {2, {1, 6, 21}, {1, 6, 21}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 1, 1}, 32, 32, 4, 0},   // small groups
      {1, {1, 3, 11}, {1, 6, 21}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {1, 2, 2}, {0, 1, 1}, 24, 24, 24, 0},  // depthwise over holes
  };
  enum { Most = 32768 }; // more than any of them has
  float *memory = malloc(6 * Most * sizeof *memory);
  if (!memory) return -1;
  float *x = memory, *w = x + Most, *v = w + Most, *bias = v + Most, *got = bias + Most, *want = got + Most;
  unsigned state = 1;
  for (int i = 0; i < 4 * Most; i++) state = state * 1664525 + 1013904223, memory[i] = (float)(state >> 8) / (1 << 23) - 1;
  Threads here = {run_here, 0};
  int bad = 0;
  for (int i = 0; i < (int)(sizeof problems / sizeof *problems) && !bad; i++) {
    const Conv *p = &problems[i];
    size_t ny = (size_t)p->batch * p->out[0] * p->out[1] * p->out[2] * p->cout, nw = (size_t)taps_of(p) * (p->cin / p->groups) * p->cout;
    kernels_plain.forward(p, x, w, bias, 1, want, &here);
    bad |= set->forward(p, x, w, bias, 1, got, &here) != Done || differ(got, want, ny) ? i + 1 : 0;
    if (p->turned || p->hole[2] > 1) continue;
    kernels_plain.gradient(p, x, v, want, want + nw, &here);
    bad |= set->gradient(p, x, v, got, got + nw, &here) != Done || differ(got, want, nw) || differ(got + nw, want + nw, p->cout) ? i + 1 : 0;
  }
  for (int i = 0; i < 2 && !bad; i++) { // whole vectors, and one more channel
    Sums s = {100, 80 + i, x, w, bias, v, got, got + 100};
    bad |= set->sums(&s, &here) != Done ? 100 : 0;
    s.sum = want, s.dot = want + 100;
    kernels_plain.sums(&s, &here);
    bad |= differ(got, want, s.channels) || differ(got + 100, want + 100, s.channels) ? 100 : 0;
  }
  free(memory);
  return bad;
}
