//go:build linux

package faults

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/internal/labdir"
)

// TestPeers does to GoMLX's checkpoints and to files of torch.save what is done
// to ours, beside ours: a kill while they are saved, and flipped bits.
func TestPeers(t *testing.T) {
	program(t, "convlab")
	build := exec.Command("go", "build", "-o", filepath.Dir(program(t, "convlab"))+"/", "./tests/faults/peers")
	build.Dir = root()
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	own := program(t, "peers")
	for _, p := range []struct {
		name, what string
		words      []string
	}{
		{"convlab", "convlab: `train.Fit`, `train.Load`", []string{own, "convlab"}},
		{"GoMLX", "GoMLX 0.28.1: package checkpoint", []string{own, "gomlx"}},
		{"PyTorch", "PyTorch: `torch.save`, `torch.load`", []string{filepath.Join(labdir.Dir(), "bench", "venv", "bin", "python"), filepath.Join(root(), "tests", "faults", "peers", "torch_peer.py")}},
	} {
		t.Run(p.name, func(t *testing.T) {
			if _, err := os.Stat(p.words[0]); err != nil {
				t.Skip("`make bench` brings PyTorch: ", err)
			}
			if p.name == "PyTorch" && !*full {
				t.Skip("only in full: importing PyTorch takes seconds")
			}
			do := func(words ...string) []string { return append(append([]string{}, p.words[1:]...), words...) }
			saved := t.TempDir()
			t.Run("kill", func(t *testing.T) {
				c := count(t, "Peers", p.what, "SIGKILL while it saves 1 MB again and again; is there anything that loads?")
				random := rand.New(rand.NewPCG(16, 1))
				for range times(3, 100) {
					dir := t.TempDir()
					s := start(t, root(), environment(dir), p.words[0], do("save", dir)...)
					begin := wait(t, s, 2)
					time.Sleep(time.Duration(random.Float64() * float64(2*time.Since(begin)))) // about two more times
					s.sendAll(syscall.SIGKILL)
					s.wait(longest)
					r := run(t, longest, root(), environment(dir), p.words[0], do("load", dir)...)
					switch {
					case r.code == 0:
						c.well()
					case p.name == "convlab":
						c.lost("nothing that loads after a kill:\n%s", r.out)
					default: // not ours to mend
						c.add(func(r *row) { r.Lost++ })
					}
					os.RemoveAll(dir)
				}
			})
			t.Run("flips", func(t *testing.T) {
				c := count(t, "Peers", p.what, "one bit of the saved file flipped")
				for whole := false; !whole; { // what torch.save was killed in may not be
					s := start(t, root(), environment(saved), p.words[0], do("save", saved)...)
					wait(t, s, 2)
					s.sendAll(syscall.SIGKILL)
					s.wait(longest)
					only(t, saved, p.name)
					whole = run(t, longest, root(), environment(saved), p.words[0], do("load", saved)...).code == 0
				}
				r := run(t, longest, root(), environment(saved), p.words[0], do("flips", saved, number(times(20, 1000)))...)
				var f struct{ Refused, Same, Wrong, Panics int }
				if err := json.Unmarshal([]byte(r.out), &f); err != nil {
					t.Fatalf("%v: %s", err, r.out)
				}
				c.add(func(r *row) {
					r.Tries, r.Refused, r.Well, r.Lost, r.Panics = f.Refused+f.Same+f.Wrong+f.Panics, f.Refused, f.Same, f.Wrong, f.Panics
				})
				c.note("%d loaded without an error and with other weights", f.Wrong)
				if p.name == "convlab" && f.Wrong+f.Panics > 0 {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

// wait waits until a program has saved so often, and gives when it had done so
// once less.
func wait(t *testing.T, p *process, times int) (before time.Time) {
	t.Helper()
	for end := time.Now().Add(longest); time.Now().Before(end); time.Sleep(time.Millisecond) {
		n := strings.Count(p.out.String(), "saved")
		if n >= times-1 && before.IsZero() {
			before = time.Now()
		}
		if n >= times {
			return before
		}
	}
	t.Fatalf("it does not save:\n%s", p.out.String())
	return before
}

// only leaves one whole checkpoint of those in a folder: the oldest, which was
// not being written.
func only(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	keep := ""
	for _, e := range entries {
		base := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".json"), ".bin")
		if keep == "" && !strings.HasPrefix(base, ".") {
			keep = base
		}
		if base != keep {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	if keep == "" {
		t.Fatalf("%s saved nothing", name)
	}
}
