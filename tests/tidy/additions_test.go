package tidy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestAdditions adds a layer, a picture and a format of weights to a temporary
// copy, each as a patch, and runs its test there. A patch may touch only so many
// files besides tests and pages: CONTRIBUTING.md promises these numbers.
func TestAdditions(t *testing.T) {
	for _, addition := range []struct {
		patch string
		most  int
		run   [][]string // arguments of go
	}{
		{"layer", 3, [][]string{{"test", "-run", "^(TestNegate|TestEveryLayerIsListed)$", "./cnnlib"}}},
		{"picture", 3, [][]string{{"test", "-run", "^TestOutputs$", "./convviz"}, {"vet", "./cmd/convlab"}}},
		{"format", 2, [][]string{{"test", "-run", "^TestTable$", "./cnnlib/weights"}}},
	} {
		t.Run(addition.patch, func(t *testing.T) {
			overlay, touched := patched(t, addition.patch+".patch")
			counted := slices.DeleteFunc(touched, func(name string) bool { return strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".md") })
			if len(counted) > addition.most {
				t.Errorf("it touches %v, at most %d files are promised", counted, addition.most)
			}
			for _, args := range addition.run {
				cmd := exec.Command("go", slices.Insert(slices.Clone(args), 1, "-overlay="+overlay)...)
				cmd.Dir = root
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
				} else if strings.Contains(string(out), "no tests to run") {
					t.Errorf("go %s ran no test", strings.Join(args, " "))
				}
			}
		})
	}
}

// patched applies a patch of testdata to a copy of the files that it touches.
// It gives the overlay by which go sees them in place of the checkout's, and
// their names from the root.
func patched(t *testing.T, patch string) (overlay string, touched []string) {
	t.Helper()
	patch, err := filepath.Abs(filepath.Join("testdata", patch))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.ReadFile(patch)
	if err != nil {
		t.Fatal(err)
	}
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir, replace := t.TempDir(), map[string]string{}
	for _, found := range regexp.MustCompile(`(?m)^\+\+\+ b/(.*)$`).FindAllStringSubmatch(string(lines), -1) {
		name := found[1]
		touched = append(touched, name)
		copied := filepath.Join(dir, name)
		replace[filepath.Join(checkout, name)] = copied
		if err := os.MkdirAll(filepath.Dir(copied), 0o777); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(checkout, name))
		if os.IsNotExist(err) {
			continue // the patch makes it
		} else if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("git", "apply", "-C1", patch)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the patch does not fit any more: %v\n%s", err, out)
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay = filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return overlay, touched
}
