//go:build cgo

package kernels_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"convlab/internal/kernels"
	"convlab/internal/labtest"
)

// sets are the instruction sets that may be there.
var sets = map[string][]string{"amd64": {"avx512", "avx2"}, "arm64": {"neon"}}[runtime.GOARCH]

// build compiles testdata/random.c with the kernels.
func build(t *testing.T, flags ...string) string {
	t.Helper()
	if runtime.GOOS != "linux" || sets == nil {
		t.Skipf("skipped: there are no kernels for %s on %s", runtime.GOOS, runtime.GOARCH)
	}
	program := filepath.Join(t.TempDir(), "random")
	args := append(flags, "-Wall", "-Wextra", "-Werror", "-o", program, "testdata/random.c", "plain.c", "choose.c", "scratch.c")
	for _, set := range sets {
		args = append(args, "conv_"+set+".c")
	}
	cc, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(strings.Fields(string(cc))[0], append(args, "-lm", "-lpthread")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// random runs it: problems random problems, on so many threads. It gives what
// it prints, or "" where this processor lacks the set.
func random(t *testing.T, program, set string, problems, seed, threads int) string {
	t.Helper()
	command := exec.Command(program, set, fmt.Sprint(problems), fmt.Sprint(seed), fmt.Sprint(threads))
	out, err := command.CombinedOutput()
	if command.ProcessState.ExitCode() == 4 {
		t.Logf("%s", out)
		return ""
	}
	if err != nil {
		t.Fatalf("%s on %d threads: %v\n%s", set, threads, err, out)
	}
	return string(out)
}

// Every kernel equals the definition on random problems, with infinities and
// NaNs among them, touches nothing outside its arrays, and gives the same bits
// on any number of threads.
func TestRandomProblems(t *testing.T) {
	program, large := build(t, "-O3"), build(t, "-O3", "-DLARGE=0") // as if every output were large
	for _, set := range sets {
		once := random(t, program, set, 2000, 7, 1)
		if once == "" {
			continue
		}
		t.Logf("%s: %s", set, once)
		for _, threads := range []int{2, 4} {
			if got := random(t, program, set, 2000, 7, threads); got != once {
				t.Errorf("%s: on %d threads %s, on one %s", set, threads, got, once)
			}
		}
		if got := random(t, large, set, 2000, 7, 2); got != once {
			t.Errorf("%s: written past the caches %s, else %s", set, got, once)
		}
	}
}

// The same under the compiler's checks of addresses and of what C leaves
// undefined.
func TestSanitized(t *testing.T) {
	program := build(t, "-O1", "-g", "-DLARGE=0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
	for _, set := range sets {
		t.Logf("%s: %s", set, random(t, program, set, 300, 11, 2))
	}
}

// TestChild is the program of TestSwitch.
func TestChild(t *testing.T) {
	if os.Getenv("CONVLAB_KERNELS_CHILD") == "" {
		t.Skip("skipped: it is the program that TestSwitch starts")
	}
	labtest.XLA(t)
	set, why := kernels.Status()
	fmt.Printf("set %q, active %v, because %v\n", set, kernels.Active(), why)
}

// The variable turns the kernels off, chooses a set, and says so where it
// cannot.
func TestSwitch(t *testing.T) {
	labtest.XLA(t)
	for value, want := range map[string]string{
		"off":             `set "", active false, because CONVLAB_KERNELS=off`,
		"mmx":             `set "", active false, because CONVLAB_KERNELS=mmx, which this processor does not have`,
		sets[1%len(sets)]: fmt.Sprintf("set %q, active true, because <nil>", sets[1%len(sets)]),
	} {
		command := exec.Command(os.Args[0], "-test.run=^TestChild$")
		command.Env = append(os.Environ(), kernels.Switch+"="+value, "CONVLAB_KERNELS_CHILD=1")
		out, err := command.CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s=%s: %v\n%s\nwant %s", kernels.Switch, value, err, strings.TrimSpace(string(out)), want)
		}
	}
}
