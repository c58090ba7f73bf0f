package train

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestFolderNamesAreNotPatterns: runs whose folders' names are patterns of
// each other keep their checkpoints apart, resume and end.
func TestFolderNamesAreNotPatterns(t *testing.T) {
	b, parent := labtest.Go(t), t.TempDir()
	names := []string{"a", "b", "*", "?", "[ab]", "[a] b", `\*`, "[", "{a,b}"}
	for i, name := range names {
		cfg := Config{Epochs: 1, BatchSize: 32, Seed: uint64(i), Dir: filepath.Join(parent, name)}
		if _, err := Fit(context.Background(), newModel(t, b), bars(32), cfg); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
	}
	for i, name := range names {
		var log strings.Builder
		cfg := Config{Epochs: 2, BatchSize: 32, Seed: uint64(i), Dir: filepath.Join(parent, name), Log: &log}
		h, err := Fit(context.Background(), newModel(t, b), bars(32), cfg)
		if err != nil || len(h) != 2 || !strings.Contains(log.String(), "going on after epoch 1 in "+cfg.Dir) {
			t.Errorf("%q: %d epochs, %v, log %q", name, len(h), err, &log)
		}
	}
	if err := Discard(filepath.Join(parent, "*")); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		want := 2
		if name == "*" {
			want = 0
		}
		if found, err := files(filepath.Join(parent, name)); err != nil || len(found) != want {
			t.Errorf("%q: %d checkpoints, %v, want %d", name, len(found), err, want)
		}
	}
}

// TestOtherFilesAreLeftAlone: only files that are named exactly as checkpoints
// are taken for some, and they are in the order of training.
func TestOtherFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	others := []string{"epoch-1.ckpt", "epoch-000001.ckpt", "epoch-000001-step-000002.ckpt.bak", "my-epoch-000001-step-000002.ckpt", "epoch-x-step-000001.ckpt", "notes"}
	good := []string{"epoch-1000000-step-000001.ckpt", "epoch-999999-step-1000000.ckpt", "epoch-999999-step-000002.ckpt", "epoch-000001-step-000010.ckpt"}
	for _, name := range append(others, good...) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(nameOf(dir, 7, 7), 0o755); err != nil {
		t.Fatal(err)
	}
	found, err := files(dir)
	for i, file := range found {
		found[i] = filepath.Base(file)
	}
	if err != nil || !slices.Equal(found, good) {
		t.Errorf("%v, %v, want %v", found, err, good)
	}
	if err := Discard(dir); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != len(others)+1 {
		t.Errorf("left %v", left)
	}
}

// TestFolderThatFails: what cannot be listed, read or written is an error, and
// no step is done.
func TestFolderThatFails(t *testing.T) {
	b, dir := labtest.Go(t), t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	folders := map[string]string{"a file": file, "below a file": filepath.Join(file, "run")}
	if runtime.GOOS == "linux" {
		folders["a folder that nobody can write in"] = "/proc/self"
	}
	for name, dir := range folders {
		steps := 0
		_, err := Fit(context.Background(), newModel(t, b), bars(32), Config{BatchSize: 16, Dir: dir, OnStep: func(Step) { steps++ }})
		if err == nil || steps != 0 || !strings.Contains(err.Error(), strings.TrimSuffix(dir, "/run")) {
			t.Errorf("%s: %d steps, error %v", name, steps, err)
		}
	}
	if _, err := Load(newModel(t, b), file, nil); err == nil || strings.Contains(err.Error(), "no checkpoint") {
		t.Errorf("a file as the folder to load from: %v", err)
	}
	if err := Save(newModel(t, b), filepath.Join(file, "run")); err == nil {
		t.Error("saved below a file")
	}
	if err := Discard(file); err == nil {
		t.Error("discarded in a file")
	}

	// A checkpoint that cannot be read is not passed over for an older one.
	cfg := Config{Epochs: 2, BatchSize: 16, Dir: filepath.Join(dir, "run")}
	if _, err := Fit(context.Background(), newModel(t, b), bars(32), cfg); err != nil {
		t.Fatal(err)
	}
	newest := nameOf(cfg.Dir, 3, 1)
	if err := os.Symlink(newest, newest); err != nil { // a ring: ELOOP
		t.Fatal(err)
	}
	cfg.Epochs = 3
	_, err := Fit(context.Background(), newModel(t, b), bars(32), cfg)
	var damaged *CheckpointError
	if err == nil || errors.As(err, &damaged) || !strings.Contains(err.Error(), newest) {
		t.Errorf("a checkpoint that cannot be read: %v", err)
	}
	if found, err := files(cfg.Dir); err != nil || len(found) != 3 {
		t.Errorf("left %v, %v", found, err)
	}
}

// TestFinishedRunIsOnlyRead: a run that is done needs no right to write.
func TestFinishedRunIsOnlyRead(t *testing.T) {
	b, cfg := labtest.Go(t), Config{Epochs: 1, BatchSize: 16, Dir: t.TempDir()}
	if _, err := Fit(context.Background(), newModel(t, b), bars(32), cfg); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere: tests/faults tries this as another user")
	}
	if err := os.Chmod(cfg.Dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(cfg.Dir, 0o755)
	if h, err := Fit(context.Background(), newModel(t, b), bars(32), cfg); err != nil || len(h) != 1 {
		t.Errorf("a finished run: %v", err)
	}
	cfg.Epochs = 2
	if _, err := Fit(context.Background(), newModel(t, b), bars(32), cfg); err == nil || !strings.Contains(err.Error(), "no checkpoint can be saved") {
		t.Errorf("a run with epochs left: %v", err)
	}
}

// TestVariablesThatCannotBe: a checkpoint whose checksum is right and whose
// content cannot be is an error, never a panic.
func TestVariablesThatCannotBe(t *testing.T) {
	b := labtest.Go(t)
	m := newModel(t, b)
	good := header{}
	values, err := good.list(m)
	if err != nil {
		t.Fatal(err)
	}
	eight := tensors.FromFlatDataAndDimensions(make([]uint8, 8), 8)
	check := func(extra stored, data *tensors.Tensor) {
		t.Helper()
		file := nameOf(t.TempDir(), 1, 1)
		h := header{Variables: append(slices.Clone(good.Variables), extra)}
		if err := write(file, h, append(slices.Clone(values), data)); err != nil {
			t.Fatal(err)
		}
		var bad *CheckpointError
		if _, err := load(newModel(t, b), file); !errors.As(err, &bad) || bad.File != file {
			t.Errorf("%+v: %v", extra, err)
		}
	}
	for _, name := range dtypes.DTypeStrings() {
		d, err := dtypes.DTypeString(name)
		if err != nil || storable(d) {
			continue
		}
		check(stored{"/optimizer/x", name, []int{8}}, eight)
		check(stored{"/optimizer/x", name, nil}, eight)
	}
	for _, s := range []stored{
		{"/optimizer/x", "", []int{8}}, {"/optimizer/x", "Uint8", []int{0}}, {"/optimizer/x", "Uint8", []int{-8}}, {"/optimizer/x", "Uint8", []int{7}},
		{"/optimizer/x", "Uint8", []int{math.MaxInt, math.MaxInt, 2}}, {"/optimizer/x", "Float64", []int{8}},
		{"", "Uint8", []int{8}}, {"/", "Uint8", []int{8}}, {"x", "Uint8", []int{8}}, {"/a//x", "Uint8", []int{8}}, {"/a/", "Uint8", []int{8}}, {"/../x", "Uint8", []int{8}},
		{"/net/0/weight", "Uint8", []int{8}}, {"/net/9/weight", "Uint8", []int{8}},
	} {
		check(s, eight)
	}
	file := nameOf(t.TempDir(), 1, 1)
	fine := header{Variables: append(slices.Clone(good.Variables), stored{"/optimizer/x", "Uint8", []int{2, 4}})}
	if err := write(file, fine, append(slices.Clone(values), eight)); err != nil {
		t.Fatal(err)
	}
	if _, err := load(newModel(t, b), file); err != nil {
		t.Errorf("a variable that can be: %v", err)
	}
}
