// A convolution, and what our kernels compute for it.
#pragma once
#include <stddef.h>

// Three spatial axes (depth, height, width); a convolution with fewer has ones
// in front. All arrays are float32 and lie as they stand here, the last axis
// side by side:
//   x  [batch][in...][cin]
//   w  [kernel...][cin/groups][cout], or [kernel...][cout][cin] if turned (one group only)
//   y  [batch][out...][cout]
// Output o reads at tap t the input (o*stride - pad + t*dilation) / hole, if
// that is a whole number inside the input. hole > 1 is a convolution over an
// input with hole-1 zeros between its pixels, the input gradient of a strided
// one; then the stride of that axis is 1.
typedef struct {
  int batch;
  int in[3], out[3], kernel[3];
  int stride[3], dilation[3], hole[3], pad[3]; // pad: before; may be negative
  int cin, cout, groups;
  int turned;
} Conv;

// Runs job(context, i) for every i below jobs, on several threads if it can.
typedef struct {
  void (*run)(void *pool, int jobs, void (*job)(void *context, int i), void *context);
  void *pool;
} Threads;

// What a kernel answers.
enum { Done = 0, NoMemory = 1, NoKernel = 2 };

// Sums over rows, for each channel: of a - a0, and of (a - a0) * (b - b0).
// a and b are [rows][channels]; b may be null, and so may a0 and b0, [channels],
// which are zero then, and what is not wanted of sum and dot, [channels].
typedef struct {
  long rows;
  int channels; // at least 16
  const float *a, *b, *a0, *b0;
  float *sum, *dot;
} Sums;

// One instruction set's kernels.
typedef struct {
  const char *name;
  // y = x * w + bias, at least 0 if relu. bias may be null.
  int (*forward)(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads);
  // dw[t][c][k] = the sum over all outputs o of x[o at tap t][c] * v[o][k]. hole must be 1, turned 0.
  // dbias[k] = the sum over all outputs of v[o][k]; it may be null, and needs 16 outputs.
  int (*gradient)(const Conv *p, const float *x, const float *v, float *dw, float *dbias, const Threads *threads);
  int (*sums)(const Sums *s, const Threads *threads);
} Kernels;

// A set by its name ("avx512", "avx2", "neon"), with a null name the best of this processor; or null if it is
// not compiled in or this processor lacks it.
const Kernels *kernels_by_name(const char *name);

// The definition, in loops: the oracle of the tests, and what computes where
// weights are not finite (see plain.c).
extern const Kernels kernels_plain;

// Memory for a kernel's own use (see scratch.c).
float *buffer_of(size_t floats);
void give_back(float *buffer);

// Shared by the instruction sets.
static inline int min_of(int a, int b) { return a < b ? a : b; }
static inline int max_of(int a, int b) { return a > b ? a : b; }
static inline int floor_div(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// The input index of tap t at output o along an axis, or -1 if there is none.
static inline int input_at(const Conv *p, int axis, int o, int t) {
  int q = o * p->stride[axis] - p->pad[axis] + t * p->dilation[axis];
  if (q < 0 || q % p->hole[axis]) return -1;
  q /= p->hole[axis];
  return q < p->in[axis] ? q : -1;
}
// Where a row of the input and one of the output begins, in floats.
static inline size_t input_row(const Conv *p, int n, int id, int ih) { return (((size_t)n * p->in[0] + id) * p->in[1] + ih) * p->in[2] * p->cin; }
static inline size_t output_row(const Conv *p, int n, int od, int oh) { return (((size_t)n * p->out[0] + od) * p->out[1] + oh) * p->out[2] * p->cout; }
static inline int taps_of(const Conv *p) { return p->kernel[0] * p->kernel[1] * p->kernel[2]; }
