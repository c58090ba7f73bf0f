//go:build cgo && linux && (amd64 || arm64)

// Memory for what a kernel lays out. A network asks for the same sizes again
// and again, some hundred times a step, while XLA's own large arrays come and
// go in the C library's heap: there the search for room took a twentieth of a
// training step. So buffers that were given back are kept and lent again, the
// last one first, since a cache may still hold it.
#include "conv.h"
#include <pthread.h>
#include <stdlib.h>

// In front of a buffer stands its size, in a cache line of its own.
enum { Line = 64, MostBuffers = 64 };
#ifdef __SANITIZE_ADDRESS__
enum { Keeps = 0 }; // it has to see where each buffer ends
#else
enum { Keeps = 1 };
#endif
static const size_t most_bytes = (size_t)256 << 20; // kept, of all together

typedef struct {
  void *start;
  size_t bytes;
} Kept;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Kept kept[MostBuffers]; // the last one given back stands last
static int count;
static size_t total;

static Kept take_out(int i) {
  Kept k = kept[i];
  for (count--; i < count; i++) kept[i] = kept[i + 1];
  total -= k.bytes;
  return k;
}

// A buffer at the start of a cache line, with a line of room behind it. Null if
// there is no memory.
float *buffer_of(size_t floats) {
  size_t bytes = (floats * sizeof(float) + 2 * Line - 1) / Line * Line + Line;
  Kept k = {0, bytes};
  pthread_mutex_lock(&lock);
  for (int i = count - 1; i >= 0 && !k.start; i--)
    if (kept[i].bytes >= bytes && kept[i].bytes / 2 <= bytes) k = take_out(i);
  pthread_mutex_unlock(&lock);
  if (!k.start && !(k.start = aligned_alloc(Line, bytes))) return 0;
  *(size_t *)k.start = k.bytes;
  return (float *)((char *)k.start + Line);
}

// Ends the use of a buffer; null is allowed.
void give_back(float *buffer) {
  if (!buffer) return;
  Kept k = {(char *)buffer - Line, 0};
  k.bytes = *(size_t *)k.start;
  void *gone[MostBuffers];
  int n = 0;
  pthread_mutex_lock(&lock);
  kept[count++] = k, total += k.bytes;
  while (count > 0 && (!Keeps || count == MostBuffers || total > most_bytes)) gone[n++] = take_out(0).start;
  pthread_mutex_unlock(&lock);
  while (n > 0) free(gone[--n]);
}
