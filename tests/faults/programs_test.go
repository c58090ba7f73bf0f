//go:build linux

package faults

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/labtest"
)

// TestProgramsHostile gives convserve programs that were made to harm: it
// refuses them in one line, or in the case of a network that gives no numbers
// says so.
func TestProgramsHostile(t *testing.T) {
	c := count(t, "Programs", "convserve", "programs with custom calls, infeed, endless loops, 4 GB of output, a sort of 4 GB, another signature than their comment's, NaN")
	photo := blank(t)
	files, err := filepath.Glob(filepath.Join(root(), "internal", "stablehlo", "testdata", "*.stablehlo")) // the checkout has no such signs in its path, or there are too few
	if err != nil || len(files) < 9 {
		t.Fatalf("%d programs, %v", len(files), err)
	}
	longest, most := time.Duration(0), int64(0)
	for _, file := range files {
		r, memory := serve(t, file, photo)
		longest, most = max(longest, r.took), max(most, memory)
		refusedOnly(c, r, file)
	}
	c.note("At most %.1f s and %d MiB.", longest.Seconds(), most)
	// The loop ends when its time is over, if it is allowed at all.
	loop := filepath.Join(root(), "internal", "stablehlo", "testdata", "loop.stablehlo")
	r, _ := serve(t, "--allow-loops", "--time-limit", "3s", loop, photo)
	refusedOnly(c, r, "loop.stablehlo with --allow-loops")
	if !strings.Contains(r.out, "--time-limit gives it more time") {
		t.Errorf("a loop that is allowed: %s", r.out)
	}
}

// refusedOnly counts what has to be refused in one line.
func refusedOnly(c *tally, r result, what string) {
	c.t.Helper()
	switch {
	case r.hung:
		c.hung("%s hung", what)
	case r.panicked() || r.signal != 0 || r.code > 1:
		c.panicked("%s: %s", what, r.out)
	case r.code == 1 && strings.Count(ours(r.out), "\n") == 1:
		c.refused()
	default:
		c.lost("%s: exit code %d, %s", what, r.code, r.out)
	}
}

// ours is what a command says, without what it tells of its work and the lines
// of XLA's log.
func ours(out string) string {
	var lines []string
	for line := range strings.Lines(out) {
		if strings.Contains(line, "convserve: ") || strings.Contains(line, "convlab: ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// serve runs convserve and tells its largest memory in MiB.
func serve(t *testing.T, args ...string) (result, int64) {
	t.Helper()
	p := start(t, t.TempDir(), environment(t.TempDir()), program(t, "convserve"), args...)
	r := p.wait(2 * time.Minute)
	used, ok := p.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("the system does not tell the memory of a process")
	}
	return r, used.Maxrss >> 10
}

func blank(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "photo.png")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 32, 32))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// exported is the program of a small network with what layers write: windows,
// sums, products, comparisons.
func exported(t *testing.T) []byte {
	t.Helper()
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3, Stride: 4}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.DepthwiseConv{Kernel: 3}, cnnlib.MaxPool{Size: 2},
		cnnlib.Upsample{Factor: 2, Linear: true}, cnnlib.AvgPool{Size: 2}, cnnlib.GELU{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 10}}
	m, err := cnnlib.New(labtest.XLA(t), net, nets.CIFARInput(), cnnlib.Options{Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	file := filepath.Join(t.TempDir(), "net.stablehlo")
	if err := weights.ExportStableHLO(t.Context(), m, file, 1, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestProgramsFlipped changes a bit, or a digit, of a program that was
// exported, outside of its weights: XLA is given only what it takes without
// crashing.
func TestProgramsFlipped(t *testing.T) {
	text, photo := exported(t), blank(t)
	file := filepath.Join(t.TempDir(), "net.stablehlo")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	good, _ := serve(t, file, photo)
	if good.code != 0 {
		t.Fatal(good.out)
	}
	var structure, digits []int // places outside of weights
	quoted := false
	for i, b := range text {
		if b == '"' {
			quoted = !quoted && bytes.HasPrefix(text[i:], []byte(`"0x`))
		}
		if quoted {
			continue
		}
		structure = append(structure, i)
		if b >= '0' && b <= '9' {
			digits = append(digits, i)
		}
	}
	rng := rand.New(rand.NewPCG(8, 8))
	for _, f := range []struct {
		how    string
		tries  int
		change func(text []byte)
	}{
		{"a bit flipped outside of the weights", times(4, 400), func(text []byte) { text[structure[rng.IntN(len(structure))]] ^= 1 << rng.IntN(8) }},
		{"a digit of a shape or a setting changed", times(8, 800), func(text []byte) { text[digits[rng.IntN(len(digits))]] = byte('0' + rng.IntN(10)) }},
		{"a program cut off", times(3, 100), func(text []byte) {
			for i := structure[rng.IntN(len(structure))]; i < len(text); i++ {
				text[i] = ' '
			}
		}},
	} {
		c := count(t, "Programs", "convserve with an exported network", f.how)
		others, longest, most := 0, time.Duration(0), int64(0)
		for range f.tries {
			spoilt := bytes.Clone(text)
			f.change(spoilt)
			if err := os.WriteFile(file, spoilt, 0o644); err != nil {
				t.Fatal(err)
			}
			r, memory := serve(t, file, photo)
			longest, most = max(longest, r.took), max(most, memory)
			switch {
			case r.code == 0 && !r.panicked():
				if r.out != good.out {
					others++
				}
				c.well()
			default:
				before := c.row.Panics + c.row.Hangs
				refusedOnly(c, r, f.how)
				if c.row.Panics+c.row.Hangs > before {
					t.Logf("the program: %s", difference(text, spoilt))
				}
			}
		}
		if others > 0 {
			c.note("%d were another program, which ran: the format has no checksum.", others)
		}
		c.note("At most %.1f s and %d MiB.", longest.Seconds(), most)
	}
}

// difference is the line in which two texts differ, twice.
func difference(a, b []byte) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			from := bytes.LastIndexByte(a[:i], '\n') + 1
			return fmt.Sprintf("%.1500q became %.1500q", a[from:min(len(a), i+200)], b[from:min(len(b), i+200)])
		}
	}
	return "none"
}
