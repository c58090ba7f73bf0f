// Package kernels gives XLA's CPU plugin convolutions and dense products of our
// own, in C, for AVX-512, AVX2 and NEON: for most shapes XLA's take twice as long.
//
// A plugin is used through a table of functions. Use hands go-xla a copy of
// that table with a Compile of our own, which puts a call of our kernels in the
// place of each convolution in the program's text that is marked for them (see
// package program); the plugin's extension for foreign functions (FFI) calls
// them. Nothing else changes: in the graph, in its gradients, on GPUs and in
// exported files such a convolution is an ordinary one, that computes the same.
//
// One kernel has one idea, which its file explains with a picture of its loops:
// dense.h and gradient.h sum up tiles in registers, winograd.h and
// winogradgradient.h do so with fewer products, product.h has the products of
// dense layers, channelwise.h depthwise convolutions and small groups, sums.h
// sums by channel, plain.c the definition. set.h chooses; scratch.c lends memory.
//
// Kernels are used only with versions of PJRT that they were tested with, on
// Linux, built with cgo, after a self-test of each of them in the process.
// Otherwise everything works as if they did not exist. The variable Switch
// turns them off or chooses an instruction set.
package kernels

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Switch is the variable that turns the kernels off, with the value "off", or
// names the instruction set to use: avx512, avx2 or neon.
const Switch = "CONVLAB_KERNELS"

// minors are the versions 0.N of the PJRT interface that the kernels were
// tested with; their layouts stand in xla.h.
var minors = []int{106}

// state is what Use came to. It belongs to the process, as a loaded plugin
// does.
var state struct {
	sync.Mutex
	asked bool
	set   string
	why   error
}

// Use makes go-xla run the plugin at this path with our kernels, if it can and
// if the file's name says that it is the one for CPUs. It is to be called
// before the plugin is opened with the same path; Status tells what came out.
// Only the first plugin of a process gets them.
func Use(plugin string) {
	state.Lock()
	defer state.Unlock()
	if state.asked || !filepath.IsAbs(plugin) || !strings.Contains(strings.ToLower(filepath.Base(plugin)), "cpu") {
		return
	}
	state.asked = true
	name := os.Getenv(Switch)
	if name == "off" {
		state.why = fmt.Errorf("%s=off", Switch)
		return
	}
	state.set, state.why = load(plugin, name)
}

// Status is the instruction set of the kernels that are in use, or why there
// are none.
func Status() (set string, why error) {
	state.Lock()
	defer state.Unlock()
	if !state.asked {
		return "", errors.New("no plugin for CPUs was opened")
	}
	return state.set, state.why
}

// Active tells whether kernels are in use.
func Active() bool {
	set, why := Status()
	return why == nil && set != ""
}
