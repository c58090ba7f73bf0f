//go:build linux

package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/internal/guard"
)

// address is where JupyterLab says that it is.
var address = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+/`)

// TestStopsLab ends JupyterLab, as `make lab` runs it, while a cell runs: with
// Ctrl-C in its terminal, with signals where there is no terminal, with
// SIGKILL; half of the cells do not heed SIGINT. The kernel ends with it, and so do the programs of cells and gopls.
func TestStopsLab(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	cells := []string{"fmt.Println(\"begun\")\ntime.Sleep(time.Hour)", "signal.Ignore(os.Interrupt)\nfmt.Println(\"stubborn\")\ntime.Sleep(time.Hour)"}
	for k, way := range []struct {
		how   string
		start func(t testing.TB, dir string, env []string, name string, args ...string) *process
		end   func(p *process)
	}{
		{"Ctrl-C in its terminal", startOnTerminal, func(p *process) { io.WriteString(p.keyboard, ctrlC) }},
		{"SIGKILL to the server", startOnTerminal, func(p *process) { p.send(syscall.SIGKILL) }},
		{"SIGINT to the process group, without a terminal", start, func(p *process) { p.sendAll(syscall.SIGINT) }},
		{"SIGTERM to the process group, without a terminal", start, func(p *process) { p.sendAll(syscall.SIGTERM) }},
	}[:times(2, 4)] {
		t.Run(strings.ReplaceAll(way.how, " ", "-"), func(t *testing.T) {
			c := count(t, "Interrupts", "`make lab`", way.how+", while a cell runs that heeds Ctrl-C or does not")
			var ended slowest
			var gone [2]slowest // all programs, where the cell heeds Ctrl-C and where it does not
			for i := range times(1, 4) {
				p := way.start(t, root(), labEnvironment(t, l), filepath.Join(filepath.Dir(l.python), "jupyter"), "lab",
					"--config=tools/jupyter/server_config.py", "--no-browser", "--port=0")
				client := newClient(t, l)
				client.do("attach", startKernel(t, p))
				client.do("run", first)
				cell := (i + k + 1) % 2
				client.do("begin", "%%\n"+cells[cell])
				begin := time.Now()
				way.end(p)
				for p.alive() && time.Since(begin) < limit { // wait waits for the children's output too
					time.Sleep(10 * time.Millisecond)
				}
				ended.saw(time.Since(begin))
				r := p.wait(limit)
				left := l.left(limit)
				gone[cell].saw(time.Since(begin))
				switch {
				case r.hung:
					c.hung("the server is still there:\n%s", r.out)
				case r.panicked():
					c.panicked("%s", r.out)
				case len(left) > 0:
					c.lost("still there: %s\n%s", strings.Join(left, "\n"), r.out)
					l.killAll()
				default:
					c.well()
				}
			}
			c.note("The server ended after at most %v, all programs", &ended)
			if gone[0].took > 0 {
				c.note("after %v;", &gone[0])
			}
			c.note("after %v where the cell does not heed Ctrl-C: it has %v to save what it has.", &gone[1], guard.Grace)
		})
	}
}

// labEnvironment is what JupyterLab runs in: nothing of the user's is read or
// written.
func labEnvironment(t *testing.T, l *kernelLab) []string {
	state := t.TempDir()
	return append(l.env, "JUPYTER_TOKEN="+token, "JUPYTER_CONFIG_DIR="+state, "JUPYTER_DATA_DIR="+state, "IPYTHONDIR="+state)
}

// token opens the server.
const token = "open"

// startKernel asks the server for a kernel and gives the name of the file by
// which clients reach it.
func startKernel(t *testing.T, p *process) string {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if time.Since(begin) > 3*time.Minute {
			t.Fatalf("no kernel:\n%s", p.out.String())
		}
		server := address.FindString(p.out.String())
		if server == "" {
			continue
		}
		ask, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+"api/kernels", strings.NewReader(`{"name": "gonb"}`))
		if err != nil {
			t.Fatal(err)
		}
		ask.Header.Set("Authorization", "token "+token)
		answer, err := http.DefaultClient.Do(ask)
		if err != nil {
			continue // it says where it is before it listens there
		}
		var kernel struct{ ID string }
		err = json.NewDecoder(answer.Body).Decode(&kernel)
		answer.Body.Close()
		if answer.StatusCode != http.StatusCreated || err != nil {
			t.Fatalf("no kernel: %s, %v\n%s", answer.Status, err, p.out.String())
		}
		return fmt.Sprintf("kernel-%s.json", kernel.ID)
	}
}
