package grade

import (
	"bufio"
	"os"
	"os/exec"
	"testing"
)

// leftBehind is the variable that lets this test's program hold a workshop until it is
// killed.
const leftBehind = "CONVLAB_TEST_WORKSHOP"

// TestKilled: the folder of a grader that was killed is removed by the next one, that
// of a living one is not.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	there := func() int {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), leftBehind+"="+checkout(t))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || there() != 1 {
		t.Errorf("a grader made %d folders and said %q, %v", there(), said, err)
	}
	for _, step := range []struct {
		what  string
		do    func() error
		there int
	}{
		{"while it lives", func() error { return nil }, 2},
		{"once it was killed", func() error { defer cmd.Wait(); return cmd.Process.Kill() }, 1},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		w, err := openWorkshop(checkout(t))
		if err != nil {
			t.Fatal(err)
		}
		if there() != step.there {
			t.Errorf("%s there are %d folders, want %d", step.what, there(), step.there)
		}
		w.close()
	}
	if there() != 0 {
		t.Errorf("%d folders are left", there())
	}
}
