//go:build linux

package faults

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// reportedPrograms are the StableHLO files that convserve must refuse.
func reportedPrograms() map[string]report {
	all := map[string]report{}
	for name, how := range map[string]string{
		"bigout": "an output of 4 GB", "bigsort": "a sort of 4 GB", "cc_onednn": "a custom call that oneDNN would answer", "cc_slice": "a custom call that crashes",
		"infeed": "an infeed that never comes", "lie_out0": "a comment says there is an output", "lie_out2": "two outputs, a comment says one", "loop": "a loop without end", "nan": "an output that is no number",
	} {
		all[name] = report{what: "`convserve`", how: how, refused: true, try: refuses(name + ".stablehlo")}
	}
	return all
}

// What a program that is refused may cost.
const (
	programMemory = 2 << 30
	programTime   = 30 * time.Second
)

// refuses runs convserve on a file: one clear line, exit code 1, in bounded
// time and memory.
func refuses(name string) func(t *testing.T, c checkout) string {
	return func(t *testing.T, c checkout) string {
		if !exists(filepath.Join(labdir.Plugins(), "pjrt_c_api_cpu_plugin.so")) {
			skiptest.Missing(t, "the XLA plugin for CPUs")
		}
		dir := t.TempDir()
		f, err := os.Create(filepath.Join(dir, "grey.png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			t.Fatal(err)
		}
		f.Close()
		p := start(t, dir, append(os.Environ(), labdir.Variable+"="+labdir.Dir(), "GOMLX_NO_AUTO_INSTALL=1"), filepath.Join(c.bin, "convserve"), reported(t, name), "grey.png")
		peak := p.bound(programMemory)
		r := p.wait(programTime)
		used := <-peak
		lines := strings.Split(strings.TrimSpace(r.out), "\n")
		switch {
		case r.hung:
			return fmt.Sprintf("it does not end within %v", programTime)
		case used > programMemory:
			return fmt.Sprintf("it takes more than %d GB of memory", programMemory>>30)
		case r.signal != 0:
			return fmt.Sprintf("it dies of %v", r.signal)
		case r.panicked():
			return "it crashes: " + crash(lines)
		case r.code == 0:
			return "it is taken, and said: " + r.last()
		case r.code != 1 || len(lines) != 1 || !strings.Contains(r.out, "error"):
			return fmt.Sprintf("exit code %d and %d lines: %s", r.code, len(lines), strings.TrimSpace(lines[0]))
		}
		return ""
	}
}

// logged is what XLA puts before a line of its log: the time and a number.
var logged = regexp.MustCompile(`^F\d{4} [\d:.]+ +\d+ `)

// crash is the line of a crash's output that tells what it was.
func crash(lines []string) string {
	for _, sign := range []string{"panic: ", "fatal error: ", "Check fail", "SIG"} {
		for _, line := range lines {
			if strings.Contains(line, sign) {
				return strings.TrimSpace(logged.ReplaceAllString(line, ""))
			}
		}
	}
	return strings.TrimSpace(lines[0])
}

// bound kills the process when more than limit bytes of it are in memory, and
// tells in the end how many were at most.
func (p *process) bound(limit int64) <-chan int64 {
	peak := make(chan int64, 1)
	go func() {
		most := int64(0)
		for {
			select {
			case err := <-p.done:
				p.done <- err
				if usage, ok := p.cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
					most = max(most, usage.Maxrss<<10)
				}
				peak <- most
				return
			case <-time.After(20 * time.Millisecond): // how often memory is looked at
				status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
				if err != nil {
					continue // it has ended
				}
				if _, after, found := strings.Cut(string(status), "VmRSS:"); found {
					var kilobytes int64
					fmt.Sscan(after, &kilobytes)
					if most = max(most, kilobytes<<10); most > limit {
						p.sendAll(syscall.SIGKILL)
					}
				}
			}
		}
	}()
	return peak
}
