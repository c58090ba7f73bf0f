//go:build linux

package faults

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"
	"convlab/internal/labtest"
	"convlab/internal/stablehlo"
	"convlab/recipes"
)

// A reader reads a file as a command does, and gives all that it read.
type reader func(file string) (any, error)

// readers are those that a worker has. Each is made once; dir is where the
// worker's files are.
var readers = map[string]func(t *testing.T) reader{
	"weights": func(*testing.T) reader { return func(file string) (any, error) { return weights.ReadFile(file) } },
	"onnx":    func(*testing.T) reader { return readNetwork },
	// The numbers of a network are in a file beside it.
	"external": func(*testing.T) reader {
		return func(file string) (any, error) { return readNetwork(strings.TrimSuffix(file, ".data")) }
	},
	"picture": func(*testing.T) reader {
		return func(file string) (any, error) { return augment.DecodeFile(file, augment.Limits{}) }
	},
	"program": func(*testing.T) reader {
		return func(file string) (any, error) {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			p, err := stablehlo.Check(text, stablehlo.Limits{Memory: 4 << 30})
			if err != nil {
				return nil, err
			}
			p.Memory = 0 // a line break at the end takes a byte, and says nothing
			return []any{p, bytes.TrimSpace(text)}, nil
		}
	},
	"checkpoint": func(t *testing.T) reader {
		b := labtest.Go(t)
		return func(file string) (any, error) {
			m, err := small(b)
			if err != nil {
				return nil, err
			}
			defer m.Close()
			h, err := train.Load(m, filepath.Dir(file), nil)
			if err != nil {
				return nil, err
			}
			state, err := weights.StateDict(m)
			return []any{h, state}, err
		}
	},
	// The checksum is made right again, and training goes on.
	"resumed": func(t *testing.T) reader {
		b := labtest.Go(t)
		return func(file string) (any, error) {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if at := len(data) - sha256.Size; at >= 0 {
				sum := sha256.Sum256(data[:at])
				if err := os.WriteFile(file, append(data[:at], sum[:]...), 0o644); err != nil {
					return nil, err
				}
			}
			m, err := small(b)
			if err != nil {
				return nil, err
			}
			defer m.Close()
			ctx, cancel := context.WithCancel(context.Background())
			_, err = train.Fit(ctx, m, patterns(), train.Config{Epochs: 2, BatchSize: 8, Dir: filepath.Dir(file), OnStep: func(train.Step) { cancel() }})
			if errors.Is(err, context.Canceled) {
				err = nil // one step went well
			}
			return err == nil, err
		}
	},
	"outcome": func(*testing.T) reader {
		return func(file string) (any, error) {
			o, err := trial(filepath.Dir(filepath.Dir(filepath.Dir(file)))).Outcome(oneTrial)
			if o == nil && err == nil {
				err = errors.New("there is no outcome")
			}
			return o, err
		}
	},
}

func readNetwork(file string) (any, error) { return weights.ReadONNX(file) }

// TestBytesWorker is no test: it is the process that reads damaged files, in
// which a crash is seen and memory is bounded. It makes the file that it is
// told to make, reads it, and says what came out.
func TestBytesWorker(t *testing.T) {
	kind, file := os.Getenv("FAULTS_READER"), os.Getenv("FAULTS_FILE")
	if kind == "" {
		return // `go test` without a test that starts a worker
	}
	read := readers[kind](t)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	digest := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			text = fmt.Appendf(nil, "%+v", v)
		}
		return fmt.Sprintf("%x", sha256.Sum256(text))
	}
	try := func(content []byte) (said string) {
		defer func() {
			if p := recover(); p != nil {
				said = fmt.Sprintf("panic %q", fmt.Sprint(p))
			}
		}()
		if err := fresh(file, content); err != nil {
			return fmt.Sprintf("failed %q", err)
		}
		v, err := read(file)
		if err != nil {
			return fmt.Sprintf("refused %q", err)
		}
		return "read " + digest(v)
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var how string
		var at, bit int
		fmt.Sscan(in.Text(), &how, &at, &bit)
		content := bytes.Clone(good)
		switch how {
		case "flip":
			content[at] ^= 1 << bit
		case "cut":
			content = content[:at]
		case "take":
			if content, err = os.ReadFile(strings.TrimPrefix(in.Text(), "take ")); err != nil {
				t.Fatal(err)
			}
		case "memory":
			var used syscall.Rusage
			syscall.Getrusage(syscall.RUSAGE_SELF, &used)
			fmt.Printf("> memory %d\n", used.Maxrss>>10)
			continue
		}
		fmt.Println(">", try(content))
	}
}

// fresh writes the file, and removes what an earlier reading left beside it:
// nothing but checkpoints.
func fresh(file string, content []byte) error {
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(file), "epoch-*")) // the folder is the test's own
	for _, old := range beside {
		err = errors.Join(err, os.Remove(old))
	}
	return errors.Join(err, os.WriteFile(file, content, 0o644))
}

// A worker is such a process, seen from the test.
type worker struct {
	cmd  *exec.Cmd
	in   io.Writer
	out  chan string // its lines; closed when it ends
	text *buffer     // all that it said
}

// memoryLimit is of a worker's addresses, in KiB: what the largest picture that
// is allowed takes, and what Go and C need for themselves.
const memoryLimit = 4 << 20

func startWorker(t *testing.T, d damaged) *worker {
	t.Helper()
	if err := fresh(d.file, d.content); err != nil {
		t.Fatal(err)
	}
	w := &worker{out: make(chan string, 1), text: &buffer{}}
	w.cmd = exec.Command("sh", "-c", `ulimit -v "$1" && exec "$2" -test.run '^TestBytesWorker$' -test.timeout 0`, "sh", fmt.Sprint(memoryLimit), os.Args[0])
	w.cmd.Env = append(os.Environ(), "FAULTS_READER="+d.reader, "FAULTS_FILE="+d.file)
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var err error
	if w.in, err = w.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	w.cmd.Stderr = w.text
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if said, ok := strings.CutPrefix(lines.Text(), "> "); ok {
				w.out <- said
			} else {
				fmt.Fprintln(w.text, lines.Text())
			}
		}
		close(w.out)
	}()
	return w
}

// ask tells the worker what to do and gives what it says; ended, with its last
// words, if it died of it, hung if it takes longer than 30 s.
func (w *worker) ask(what string) string {
	fmt.Fprintln(w.in, what)
	select {
	case said, ok := <-w.out:
		if !ok {
			w.cmd.Wait()
			said = fmt.Sprintf("ended %v: %.2000s", w.cmd.ProcessState, w.text)
		}
		return said
	case <-time.After(30 * time.Second):
		w.stop()
		return "hung"
	}
}

func (w *worker) stop() {
	w.cmd.Process.Kill()
	for range w.out {
	}
	w.cmd.Wait()
}

// small is the network of the checkpoints, patterns what it learns.
func small(b backend) (*cnnlib.Model, error) {
	return cnnlib.New(b, cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3, Stride: 8}, cnnlib.BatchNorm{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 10}}, []int{32, 32, 3}, cnnlib.Options{Seed: 1})
}

func patterns() *cifar.Images {
	all := &cifar.Images{Pixels: make([]uint8, 16*32*32*3), Labels: make([]uint8, 16)}
	for i := range all.Pixels {
		all.Pixels[i] = uint8(i * i >> 3)
	}
	for i := range all.Labels {
		all.Labels[i] = uint8(i % 10)
	}
	return all
}

// oneTrial is of an experiment in dir.
var oneTrial = recipes.Trial{Setting: recipes.SixWays(recipes.Plain())[0], Seed: 1}

func trial(dir string) recipes.Experiment {
	return recipes.Experiment{Settings: []recipes.Setting{oneTrial.Setting}, Seeds: 1, Epochs: 2, Images: 100, Valid: 50, Dir: dir}
}

// sealed is a checkpoint with this header and these values.
func sealed(header, values []byte) []byte {
	body := append([]byte("convlab checkpoint 1\n"), binary.LittleEndian.AppendUint64(nil, uint64(len(header)))...)
	body = append(append(body, header...), values...)
	sum := sha256.Sum256(body)
	return append(body, sum[:]...)
}
