// Vectors of WIDTH floats, written once for every instruction set: the file
// that includes this one defines WIDTH and NAME(x), which gives each function
// the name of its set, and turns the set on for the compiler.
#include "conv.h"
#ifdef __x86_64__
#include <immintrin.h>
#endif
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef float vec __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));
typedef int32_t lanes __attribute__((vector_size(WIDTH * 4)));

#define INLINE static inline __attribute__((always_inline))
#define load(p) (*(const vec *)(p))
#define store(p, v) (*(vec *)(p) = (v))

// Writes a vector past the caches, to a multiple of its size: the line that it
// fills need not be read from memory before. put does so or not. Behind the
// last one comes streamed().
#if WIDTH == 16
#define stream(p, v) _mm512_stream_ps(p, (__m512)(v))
#elif WIDTH == 8
#define stream(p, v) _mm256_stream_ps(p, (__m256)(v))
#else
#define stream(p, v) store(p, v)
#endif
INLINE void put(int past_caches, float *p, vec v) {
  if (past_caches) stream(p, v);
  else store(p, v);
}
INLINE void streamed(void) {
#ifdef __x86_64__
  _mm_sfence();
#endif
}

// What is summed up in registers at once: TILE rows of BLOCK floats, so that a
// vector or two are left for what is multiplied. EACH_TILE(M, V) is M(1, V) to
// M(TILE, V).
#define BLOCK (2 * WIDTH)
#if WIDTH == 16 || defined(__aarch64__)
enum { TILE = 14 }; // 28 of 32 registers
#define EACH_TILE(M, V) M(1, V) M(2, V) M(3, V) M(4, V) M(5, V) M(6, V) M(7, V) M(8, V) M(9, V) M(10, V) M(11, V) M(12, V) M(13, V) M(14, V)
#else
enum { TILE = 6 }; // 12 of 16 registers
#define EACH_TILE(M, V) M(1, V) M(2, V) M(3, V) M(4, V) M(5, V) M(6, V)
#endif

// v where it is not below 0, else 0. A NaN stays.
INLINE vec positive(vec v) {
  vec zero = {0};
  return (vec)((lanes)v & ~(v < zero));
}

// Memory that is needed next, fetched a little at a time while the processor is
// busy: items of some bytes, stride bytes apart, in about so many times.
// INLINE: GCC takes a function that only fetches for one without effect, and
// drops the call.
typedef struct {
  const char *at;
  long stride, bytes, left, each;
} Ahead;
INLINE Ahead ahead(const float *from, long stride, long bytes, long items, long times) {
  return (Ahead){(const char *)from, stride, bytes, items, items / (times + 1) + 1};
}
INLINE void fetch_some(Ahead *a) {
  long n = a->left < a->each ? a->left : a->each;
  for (a->left -= n; n > 0; n--, a->at += a->stride)
    for (long i = 0; i < a->bytes; i += 64) __builtin_prefetch(a->at + i, 0, 2);
}

static inline int round_up(int n, int to) { return (n + to - 1) / to * to; }

// Not finite: all ones in the exponent.
static inline int all_finite(const float *w, size_t n) {
  uint32_t bad = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, w + i, 4);
    bad |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return !bad;
}
