//go:build linux

// Package faults does to convlab what the world does: it kills commands at the
// worst moments, fills disks, flips bits, starts eight of the same command at
// once, presses Ctrl-C. After each fault the next run must succeed and no good
// file may be lost.
//
// `make test` tries everything a few times. `make faults` tries it as often as
// docs/reliability.md says and writes that page:
//
//	make faults              # everything, for hours
//	make faults FAULTS=Kill  # the tests whose names match
package faults

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"convlab/internal/labdir"
)

var full = flag.Bool("full", false, "try everything as often as docs/reliability.md says, and write that page")

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	if *full {
		if err := writePage(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// times is how often a fault is tried: inShort in `make test`, inFull in
// `make faults`.
func times(inShort, inFull int) int {
	if *full {
		return inFull
	}
	return inShort
}

// root is the checkout's folder.
var root = sync.OnceValue(func() string {
	dir, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return dir
})

var built struct {
	sync.Once
	dir string
	err error
}

// program is the path of one of the commands (convlab, convserve), built once
// for all tests.
func program(t testing.TB, name string) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "faults"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", built.dir+"/", "./cmd/convlab", "./cmd/convserve", "./cmd/convkernel")
		build.Dir = root()
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("go build: %v\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, name)
}

// environment is what every command runs in: this process's, with the lab of
// the checkout and with runs kept below a folder of the test's own.
func environment(runs string) []string {
	return append(os.Environ(), labdir.Variable+"="+labdir.Dir(), "CONVLAB_RUNS="+runs)
}
