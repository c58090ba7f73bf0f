// Package outside uses the library as somebody else does: from a module of its
// own, with layers of its own.
package outside

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFromAnotherModule builds and runs a program in a module that takes
// convlab from this checkout, by the two commands that stand in the README.
func TestFromAnotherModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program, err := os.ReadFile("testdata/main.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), program, 0o644); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?m)^```sh\n(go mod edit .*)\n(go mod tidy)\n```$").FindStringSubmatch(string(readme))
	if shown == nil {
		t.Fatal("README.md does not show how a module takes convlab from a checkout")
	}
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off") // the first time, go mod tidy fetches what the tests of our modules need
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	run("go", "mod", "init", "example.com/outside")
	for _, command := range shown[1:] {
		words := strings.Fields(command)
		for i, w := range words {
			words[i] = strings.Replace(w, "/path/to/convlab", root, 1)
		}
		run(words[0], words[1:]...)
	}
	run("go", "build", "-o", "program", ".")
	out := run(filepath.Join(dir, "program"), filepath.Join(dir, "runs"))
	if !strings.Contains(out, "all of it works from outside") {
		t.Fatal(out)
	}
	t.Log(out)
}
