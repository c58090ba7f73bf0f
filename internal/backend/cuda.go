package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"convlab/internal/labdir"
)

const (
	// tf32Override is the variable of NVIDIA's libraries that, at 0, forbids
	// them to round the factors of float32 products to the 10 bits of TF32.
	tf32Override = "NVIDIA_TF32_OVERRIDE"
	// xlaFlags is the variable from which XLA takes its own options, once, when
	// a plugin is loaded.
	xlaFlags = "XLA_FLAGS"
)

// prepareCUDA sets what XLA and NVIDIA's libraries take from the environment,
// before the plugin in file is loaded. What the user has set stays.
func prepareCUDA(file, options string) {
	// go-xla asks for full precision in matrix products only: for its
	// convolutions XLA lets cuDNN take TF32.
	if _, set := os.LookupEnv(tf32Override); !set && !wantsTF32(options) {
		os.Setenv(tf32Override, "0")
	}
	flags := os.Getenv(xlaFlags)
	for name, value := range map[string]string{
		// XLA would write, compile and time hundreds of Triton kernels for each
		// matrix product: for a training step of network 3.2 it took 47 s and
		// 470 s of processor time on an H100 with 16 cores, with cuBLAS alone 7 s
		// and 47 s. The steps are as fast (docs/gpu.md).
		"--xla_gpu_enable_triton_gemm": "false",
		// What was fastest is kept for the next process: 2 s in place of 7 s.
		"--xla_gpu_per_fusion_autotune_cache_dir": tuningFolder(file),
	} {
		if value != "" && !strings.Contains(flags, name) {
			flags += " " + name + "=" + value
		}
	}
	os.Setenv(xlaFlags, strings.TrimSpace(flags))
}

// wantsTF32 tells whether options of go-xla, "a,b=c", turn TF32 on.
func wantsTF32(options string) bool {
	for _, option := range strings.Split(options, ",") {
		if option == "tf32" || option == "tf32=true" {
			return true
		}
	}
	return false
}

// tuningFolder is where XLA keeps which algorithms were fastest with the plugin
// in file, or "" where there can be no such folder. Another version of the
// plugin, which has another size, gets another folder.
func tuningFolder(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return ""
	}
	folder := filepath.Join(labdir.Dir(), "cuda-tuning", fmt.Sprint(info.Size()))
	if strings.ContainsAny(folder, " \t\n'\"") || os.MkdirAll(folder, 0o755) != nil {
		return "" // XLA_FLAGS are words with blanks between them
	}
	return folder
}
