package backend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/internal/labdir"
)

func TestCUDAIsPrepared(t *testing.T) {
	dir := t.TempDir()
	plugin := filepath.Join(dir, "plugin.so")
	put(t, plugin, []byte("123"))
	tuning := filepath.Join(dir, "cuda-tuning", "3")
	for _, c := range []struct {
		name, options, flags, override string // before
		wantFlags                      []string
		wantOverride                   string
	}{
		{"nothing set", "", "", "", []string{"--xla_gpu_enable_triton_gemm=false", "--xla_gpu_per_fusion_autotune_cache_dir=" + tuning}, "0"},
		{"the user's flags stay", "", "--xla_gpu_enable_triton_gemm=true", "1", []string{"--xla_gpu_enable_triton_gemm=true", "--xla_gpu_per_fusion_autotune_cache_dir=" + tuning}, "1"},
		{"TF32 wanted", "preallocate,tf32=true", "", "", []string{"--xla_gpu_enable_triton_gemm=false", "--xla_gpu_per_fusion_autotune_cache_dir=" + tuning}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(labdir.Variable, dir)
			t.Setenv(xlaFlags, c.flags)
			t.Setenv(tf32Override, c.override)
			if c.override == "" {
				os.Unsetenv(tf32Override)
			}
			prepareCUDA(plugin, c.options)
			flags := strings.Fields(os.Getenv(xlaFlags))
			if len(flags) != len(c.wantFlags) {
				t.Errorf("flags %q, want %q", flags, c.wantFlags)
			}
			for _, want := range c.wantFlags {
				if !strings.Contains(os.Getenv(xlaFlags), want) {
					t.Errorf("flags %q, want %q among them", flags, want)
				}
			}
			if got := os.Getenv(tf32Override); got != c.wantOverride {
				t.Errorf("%s is %q, want %q", tf32Override, got, c.wantOverride)
			}
		})
	}
	if info, err := os.Stat(tuning); err != nil || !info.IsDir() {
		t.Errorf("no folder for what XLA measures: %v", err)
	}
}

func TestFolderWithABlankIsNoFlag(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	plugin := filepath.Join(dir, "plugin.so")
	put(t, plugin, nil)
	t.Setenv(labdir.Variable, dir)
	t.Setenv(xlaFlags, "")
	prepareCUDA(plugin, "")
	if flags := os.Getenv(xlaFlags); flags != "--xla_gpu_enable_triton_gemm=false" {
		t.Errorf("flags %q", flags)
	}
}
