//go:build cgo && linux && (amd64 || arm64)

package kernels

/*
#cgo CFLAGS: -O3 -Wall
#cgo LDFLAGS: -ldl -lm -lpthread
#include <stdlib.h>
#include "conv.h"
void *kernels_load(const char *path, const int *minor, int minors, const Kernels *set, const char **problem);
int kernels_self_test(const Kernels *set);
long kernels_calls(void);
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"convlab/internal/kernels/program"

	"github.com/gomlx/go-xla/pjrt"
)

// load registers the plugin with our Compile, and gives the name of the
// instruction set.
func load(plugin, name string) (string, error) {
	var wanted *C.char // null: the best
	if name != "" {
		wanted = C.CString(name)
		defer C.free(unsafe.Pointer(wanted))
	}
	set := C.kernels_by_name(wanted)
	if set == nil && name != "" {
		return "", fmt.Errorf("%s=%s, which this processor does not have", Switch, name)
	} else if set == nil {
		return "", fmt.Errorf("there are none for this processor (%s without AVX2)", runtime.GOARCH)
	}
	if n := C.kernels_self_test(set); n != 0 {
		return "", fmt.Errorf("problem %d of their self-test comes out wrong on this processor, with %s", n, C.GoString(set.name))
	}
	path := C.CString(plugin)
	defer C.free(unsafe.Pointer(path))
	versions := make([]C.int, len(minors))
	for i, v := range minors {
		versions[i] = C.int(v)
	}
	var problem *C.char
	table := C.kernels_load(path, &versions[0], C.int(len(versions)), set, &problem)
	if table == nil {
		return "", errors.New(C.GoString(problem))
	}
	if err := pjrt.RegisterPreloadedPlugin(plugin, uintptr(table)); err != nil {
		return "", err
	}
	return C.GoString(set.name), nil
}

// Calls is how often XLA has called our kernels in this process.
func Calls() int { return int(C.kernels_calls()) }

//export rewriteProgram
func rewriteProgram(code *C.char, size C.size_t, out **C.char, outSize *C.size_t) {
	text, changed := program.Rewrite(string(unsafe.Slice((*byte)(unsafe.Pointer(code)), int(size))))
	if changed == 0 {
		return
	}
	*out, *outSize = C.CString(text), C.size_t(len(text))
}
