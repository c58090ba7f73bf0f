// Random problems through the kernels, against the definition.
//
//   random SET PROBLEMS SEED
//
// Every buffer ends at a page that may not be touched and begins right behind
// one, so that a read or write outside ends the program; without
// -fsanitize=address, which watches on its own. Prints one line: problems,
// those with large and with small groups, the largest error as a part of the
// output's scale, and a hash of all bits. The hash is the same on any number
// of threads.
#define _GNU_SOURCE
#include "../conv.h"
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t state;
static uint32_t draw(void) { // a linear congruential generator is random enough here
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state >> 33;
}
static int pick(int low, int high) { return low + draw() % (high - low + 1); }
static int one_of(int n, const int *v) { return v[draw() % n]; }
#define ONE_OF(...) one_of(sizeof((int[]){__VA_ARGS__}) / sizeof(int), (int[]){__VA_ARGS__})

typedef struct {
  char *pages;
  size_t length;
  float *floats;
} Guarded;

// n floats that end where a page begins that may not be touched; at_start:
// they begin where one ends.
static Guarded guarded(size_t n, int at_start) {
  size_t page = sysconf(_SC_PAGESIZE), bytes = n * sizeof(float), inner = (bytes + page - 1) / page * page;
  Guarded g = {0, inner + 2 * page, 0};
  g.pages = mmap(0, g.length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (g.pages == MAP_FAILED || mprotect(g.pages + page, inner, PROT_READ | PROT_WRITE)) exit(3);
  g.floats = (float *)(g.pages + page + (at_start ? 0 : inner - bytes));
  return g;
}
static void fill(float *v, size_t n, int special) {
  for (size_t i = 0; i < n; i++) v[i] = (float)draw() / (1u << 30) - 1;
  for (int i = 0; i < special; i++) v[draw() % n] = ((float[]){NAN, INFINITY, -INFINITY})[draw() % 3];
}

typedef struct {
  void (*job)(void *, int);
  void *context;
  int jobs;
  atomic_int next;
} Work;
static void *work(void *v) {
  Work *w = v;
  for (int i; (i = atomic_fetch_add(&w->next, 1)) < w->jobs;) w->job(w->context, i);
  return 0;
}
static void run(void *pool, int jobs, void (*job)(void *, int), void *context) {
  Work w = {job, context, jobs, 0};
  int n = *(int *)pool;
  pthread_t threads[8];
  for (int i = 1; i < n; i++) pthread_create(&threads[i], 0, work, &w);
  work(&w);
  for (int i = 1; i < n; i++) pthread_join(threads[i], 0);
}

static uint64_t hash = 14695981039346656037u;

// The largest difference as a part of the scale; NaN and infinities must be
// the same.
static double compare(const float *got, const float *want, size_t n) {
  double scale = 1e-3, worst = 0;
  for (size_t i = 0; i < n; i++) {
    if (isfinite(want[i])) scale = fmax(scale, fabs(want[i]));
  }
  for (size_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, got + i, 4);
    hash = (hash ^ (isnan(got[i]) ? 0x7fc00000u : bits)) * 1099511628211u;
    if (isnan(want[i]) != isnan(got[i]) || (isinf(want[i]) && got[i] != want[i])) return INFINITY;
    if (isfinite(want[i])) worst = fmax(worst, fabs((double)got[i] - want[i]));
  }
  return worst / scale;
}

// Sums by channel of random arrays; the error as compare has it.
static double random_sums(const Kernels *set, const Threads *some, const Threads *single) {
  Sums s = {.rows = draw() % 4 ? pick(1, 300) : pick(300, 3000), .channels = ONE_OF(16, 16, 17, 20, 31, 32, 33, 48, 64, 81, 200)};
  size_t n = s.rows * s.channels;
  int at_start = draw() % 2, special = draw() % 8 ? 0 : pick(1, 3);
  Guarded a = guarded(n, at_start), b = guarded(n, at_start), a0 = guarded(s.channels, at_start), b0 = guarded(s.channels, at_start), sum = guarded(s.channels, at_start), dot = guarded(s.channels, at_start);
  fill(a.floats, n, special), fill(b.floats, n, special), fill(a0.floats, s.channels, 0), fill(b0.floats, s.channels, 0);
  float *want = malloc(2 * s.channels * sizeof *want);
  s.a = a.floats, s.sum = sum.floats, s.dot = dot.floats;
  int same = !(draw() % 4); // the squares of a
  if (draw() % 4) s.b = same ? a.floats : b.floats;
  if (draw() % 2) s.a0 = a0.floats;
  if (draw() % 2) s.b0 = same ? s.a0 : b0.floats;
  double error = set->sums(&s, some) ? INFINITY : 0;
  s.sum = want, s.dot = want + s.channels;
  kernels_plain.sums(&s, single);
  error = fmax(error, compare(sum.floats, want, s.channels));
  error = fmax(error, compare(dot.floats, want + s.channels, s.channels));
  Guarded all[] = {a, b, a0, b0, sum, dot};
  for (int j = 0; j < 6; j++) munmap(all[j].pages, all[j].length);
  free(want);
  return error;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  const Kernels *set = kernels_by_name(argv[1]);
  if (!set) {
    printf("this processor has no %s\n", argv[1]);
    return 4;
  }
  int problems = atoi(argv[2]), threads = atoi(argv[4]), one = 1, large = 0, small = 0, gradients = 0;
  state = strtoull(argv[3], 0, 10) * 2 + 1;
  Threads some = {run, &threads}, single = {run, &one};
  double worst = 0;
  for (int i = 0; i < problems;) {
    Conv p = {.batch = ONE_OF(1, 1, 2, 3, 9), .turned = 0};
    int axes = pick(1, 3), holes = !(draw() % 4), good = 1;
    for (int a = 0; a < 3; a++) {
      p.in[a] = p.kernel[a] = p.stride[a] = p.dilation[a] = p.hole[a] = 1;
      if (a < 3 - axes) {
        p.out[a] = 1;
        continue;
      }
      p.in[a] = axes == 3 ? pick(1, 6) : pick(1, 19);
      p.kernel[a] = ONE_OF(1, 2, 3, 3, 3, 4, 5);
      p.dilation[a] = ONE_OF(1, 1, 1, 2, 3);
      if (holes) p.hole[a] = ONE_OF(1, 2, 2, 3);
      else p.stride[a] = ONE_OF(1, 1, 2, 3);
      p.pad[a] = pick(-1, 4);
      int padded = (p.in[a] - 1) * p.hole[a] + 1 + p.pad[a] + pick(-1, 4) - p.dilation[a] * (p.kernel[a] - 1);
      p.out[a] = padded < 1 ? 0 : (padded - 1) / p.stride[a] + 1;
      good &= p.out[a] > 0;
    }
    if (!good) continue;
    switch (draw() % 6) {
    case 0: // 3x3 kernels that move by one pixel, with many channels
      for (int a = 1; a < 3; a++) {
        int d = ONE_OF(1, 1, 2, 3);
        p.in[a] = pick(2, 13) + 4 * (d - 1), p.kernel[a] = 3, p.stride[a] = p.hole[a] = 1, p.dilation[a] = d, p.pad[a] = pick(-1, 2 * d + 1);
        p.out[a] = p.in[a] + p.pad[a] + pick(0, 3) - 2 * d;
        if (p.out[a] < 1) p.out[a] = p.dilation[a] = 1, p.in[a] = 3, p.pad[a] = 0;
      }
      p.batch = ONE_OF(1, 2, 5), p.groups = ONE_OF(1, 1, 2), p.cin = p.groups * ONE_OF(16, 32, 48), p.cout = p.groups * ONE_OF(16, 32, 37, 48);
      p.turned = p.groups == 1 && draw() % 2;
      break;
    case 1: // dense
      p.groups = 1, p.cin = ONE_OF(1, 2, 3, 5, 15, 16, 17, 33, 40), p.cout = ONE_OF(1, 3, 8, 15, 16, 17, 31, 32, 33, 50);
      p.turned = draw() % 2;
      break;
    case 2: // depthwise, with a multiplier
      p.groups = p.cin = ONE_OF(1, 3, 8, 15, 16, 17, 32, 37), p.cout = p.cin * ONE_OF(1, 1, 1, 2, 3);
      break;
    case 4: // the products of dense layers
      for (int a = 0; a < 3; a++) p.kernel[a] = p.stride[a] = p.dilation[a] = p.hole[a] = 1, p.pad[a] = 0, p.out[a] = p.in[a] = a ? ONE_OF(1, 1, 2, 7) : 1;
      p.batch = ONE_OF(1, 2, 13, 15), p.groups = 1, p.cin = ONE_OF(256, 257, 300, 395), p.cout = ONE_OF(32, 33, 47, 128, 160, 171), p.turned = draw() % 2;
      break;
    case 3: // small groups
      p.groups = ONE_OF(2, 3, 4, 5), p.cin = p.groups * pick(1, 9), p.cout = p.groups * pick(1, 9);
      break;
    default: // large groups
      p.groups = ONE_OF(2, 3), p.cin = p.groups * ONE_OF(1, 4, 16, 20), p.cout = p.groups * ONE_OF(3, 16, 24, 40);
    }
    int perin = p.cin / p.groups, perout = p.cout / p.groups;
    (p.groups == 1 || perout >= 16 || perin > 16 ? (large++) : (small++));
    size_t nx = (size_t)p.batch * p.in[0] * p.in[1] * p.in[2] * p.cin, nw = (size_t)taps_of(&p) * perin * p.cout, ny = (size_t)p.batch * p.out[0] * p.out[1] * p.out[2] * p.cout;
    int at_start = draw() % 2, relu = draw() % 2, special = draw() % 8 ? 0 : pick(1, 3), which = draw() % 3;
    Guarded x = guarded(nx, at_start), w = guarded(nw, at_start), y = guarded(ny, at_start), b = guarded(p.cout, at_start), v = guarded(ny, at_start), dw = guarded(nw, at_start);
    float *want = malloc((ny > nw ? ny : nw) * sizeof *want);
    fill(x.floats, nx, which == 0 ? special : 0), fill(w.floats, nw, which == 1 ? special : 0), fill(b.floats, p.cout, 0), fill(v.floats, ny, which == 2 ? special : 0);
    const float *bias = draw() % 2 ? b.floats : 0;
    memset(y.floats, 0xa5, ny * sizeof(float)), memset(dw.floats, 0xa5, nw * sizeof(float));
    double error = 0;
    int answer = set->forward(&p, x.floats, w.floats, bias, relu, y.floats, &some);
    kernels_plain.forward(&p, x.floats, w.floats, bias, relu, want, &single);
    error = fmax(error, answer ? INFINITY : compare(y.floats, want, ny));
    if (!holes && !p.turned) {
      float want_bias[256], *db = p.cout >= 16 && draw() % 2 ? b.floats : 0;
      answer = set->gradient(&p, x.floats, v.floats, dw.floats, db, &some);
      kernels_plain.gradient(&p, x.floats, v.floats, want, want_bias, &single);
      double e = answer ? INFINITY : compare(dw.floats, want, nw);
      if (db) e = fmax(e, compare(db, want_bias, p.cout));
      if (e > 1e-5 && isfinite(e) && ny / p.cout > 1000) e /= 4; // long sums
      error = fmax(error, e);
      gradients++;
    }
    if (!(error < 1e-5)) {
      printf("problem %d: error %g (answer %d) in batch %d in %d,%d,%d out %d,%d,%d kernel %d,%d,%d stride %d,%d,%d dilation %d,%d,%d hole %d,%d,%d pad %d,%d,%d cin %d cout %d groups %d turned %d relu %d special %d/%d\n",
             i, error, answer, p.batch, p.in[0], p.in[1], p.in[2], p.out[0], p.out[1], p.out[2], p.kernel[0], p.kernel[1], p.kernel[2], p.stride[0], p.stride[1], p.stride[2],
             p.dilation[0], p.dilation[1], p.dilation[2], p.hole[0], p.hole[1], p.hole[2], p.pad[0], p.pad[1], p.pad[2], p.cin, p.cout, p.groups, p.turned, relu, special, which);
      return 1;
    }
    worst = fmax(worst, error);
    double e = random_sums(set, &some, &single);
    if (!(e < 1e-5)) {
      printf("problem %d: error %g in sums by channel\n", i, e);
      return 1;
    }
    worst = fmax(worst, e);
    Guarded all[] = {x, w, y, b, v, dw};
    for (int j = 0; j < 6; j++) munmap(all[j].pages, all[j].length);
    free(want);
    i++;
  }
  printf("%d problems, %d with large groups, %d with small, %d gradients, error %.2g, bits %016llx\n", problems, large, small, gradients, worst, (unsigned long long)hash);
  return 0;
}
