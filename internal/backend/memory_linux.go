//go:build linux && cgo

package backend

/*
#include <malloc.h>

// A thread's arena of its own cannot hold a buffer above 64 MiB, and threads
// stay with the arena that they first took: there must be no second one from
// the start.
__attribute__((constructor)) static void one_arena(void) {
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1);
#endif
}

static void keep_memory(void) {
#ifdef __GLIBC__
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, -1);
	mallopt(M_TOP_PAD, 64 << 20);
#endif
}
*/
import "C"

// KeepMemory tells the C allocator to keep what is freed. XLA on the CPU asks
// for fresh buffers in each step and frees them after it; without this the
// kernel takes every large one back and clears its pages anew: a tenth of a
// training step of network 3.2. The price is a process half as large again;
// a single arena keeps it at that.
func KeepMemory() { C.keep_memory() }
