//go:build linux

package faults

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"convlab/internal/labdir"
	"convlab/internal/stop"
)

// A stoppable is a command that Ctrl-C and SIGTERM stop.
type stoppable struct {
	program string
	args    string   // words; DATA and RUNS stand for folders
	files   []string // what it writes, to the same bytes each time
	// next are the words of the run after the stop, if they are not args.
	next string
	// finished is what that run may say instead if the stopped one had done all.
	finished string
	full     bool // only in full: in short form another one stands for it
}

// stoppables are all commands of convlab and convserve, in their folder.
var stoppables = []stoppable{
	{args: "doctor"},
	{args: "doctor --full", full: true},
	{args: "data --data new --from DATA", files: []string{"new/data_batch_1.bin", "new/data_batch_3.bin", "new/data_batch_5.bin", "new/test_batch.bin"}},
	{args: "data --data DATA", full: true},
	{args: "summary resnet50"},
	{args: "train 3.1 --data DATA --dir run --valid 49000 --batch 50 --epochs 40", next: "train 3.1 --data DATA --dir run --valid 49000 --batch 50 --epochs 1"},
	{args: "sixways --data DATA --net 3.1 --ways augmentation --images 500 --valid 200 --seeds 1 --epochs 1 --dir six", full: true},
	{args: "sixways --data DATA --net 3.1 --ways augmentation --images 500 --valid 200 --seeds 1 --epochs 1 --dir six --workers 2", full: true},
	{args: "eval 3.1 --data DATA --report report", files: []string{"report.png"}, full: true},
	{args: "export 3.1 net.onnx", files: []string{"net.onnx"}},
	{args: "export 3.1 net.pth", files: []string{"net.pth"}, full: true},
	{args: "export 3.1 net.safetensors", files: []string{"net.safetensors"}, full: true},
	{args: "export 3.1 net.stablehlo", files: []string{"net.stablehlo"}},
	{args: "import 3.1 given.onnx --dir taken", finished: "has checkpoints already"},
	{args: "compare 3.1 given.onnx --draw apart.png", files: []string{"apart.png"}},
	{args: "bench conv --input 4,12,12,8 --rounds 3 --plan native//"},
	{args: "explain 3.1 --data DATA -o page.html", files: []string{"page.html"}, full: true},
	{args: "predict photo.png --net 3.1 --picture said.png", files: []string{"said.png"}},
	{program: "convserve", args: "given.stablehlo photo.png photo.png photo.png"},
	{args: "draw slide --input 7x7 --kernel 3 -o slide.gif", files: []string{"slide.gif"}},
	{args: "draw stack --input 3x6x6 --kernel 3 -o stack.gif", files: []string{"stack.gif"}, full: true},
	{args: "draw matrix --input 5x5 --kernel 3 -o matrix.gif", files: []string{"matrix.gif"}, full: true},
	{args: "draw kronecker -o kronecker.png", files: []string{"kronecker.png"}, full: true},
	{args: "draw reach --channels 12 --layers g3,s3,g3 -o reach.svg", files: []string{"reach.svg"}, full: true},
	{args: "draw connections --channels 12 --layer s3 -o connections.svg", files: []string{"connections.svg"}, full: true},
	{args: "draw coverage --rates 1,2,3 -o coverage.png", files: []string{"coverage.png"}, full: true},
	{args: "draw network resnet50 -o network.png", files: []string{"network.png"}, full: true},
	{args: "draw costs resnet18 -o costs.png", files: []string{"costs.png"}, full: true},
	{args: "draw field 3.1 --photo photo.png --layer 5 --row 2 --column 3 -o field.png", files: []string{"field.png"}, full: true},
	{args: "draw kernels 3.1 -o kernels.png", files: []string{"kernels.png"}},
	{args: "draw maps 3.1 --data DATA -o maps.png", files: []string{"maps.png"}, full: true},
	{args: "draw influence 3.1 --data DATA --layer 3 -o influence.png", files: []string{"influence.png"}, full: true},
	{args: "draw explain 3.1 --photo photo.png -o explain.png", files: []string{"explain.png"}, full: true},
	{args: "draw confusion 3.1 --data DATA -o confusion.html", files: []string{"confusion.html"}, full: true},
	{args: "draw mistakes 3.1 --data DATA -o mistakes.png", files: []string{"mistakes.png"}, full: true},
	{args: "draw curves 3.1 -o curves.png", files: []string{"curves.png"}, full: true},
	{args: "draw training 3.1 --data DATA -o training.html", files: []string{"training.html"}, full: true},
	{args: "draw classes --data DATA -o classes.png", files: []string{"classes.png"}, full: true},
	{args: "draw histograms --data DATA -o histograms.png", files: []string{"histograms.png"}, full: true},
}

// trainedOnce is a folder with what the commands take: a run of network 3.1,
// the same network as files, a photo.
var trainedOnce struct {
	sync.Once
	dir string
	err error
}

// trainedFolder copies it into a folder of the test's own.
func trainedFolder(t *testing.T) string {
	t.Helper()
	convlab := program(t, "convlab")
	trainedOnce.Do(func() {
		dir := filepath.Join(filepath.Dir(convlab), "trained")
		trainedOnce.dir = dir
		if trainedOnce.err = os.MkdirAll(dir, 0o755); trainedOnce.err != nil {
			return
		}
		env := append(environment(filepath.Join(dir, "runs")), "CONVLAB_FAST=1")
		for _, words := range []string{"train 3.1 --epochs 1 --data " + labdir.Data(), "export 3.1 given.onnx", "export 3.1 given.stablehlo", "draw network 3.1 -o photo.png"} {
			if r := run(t, 5*time.Minute, dir, env, convlab, strings.Fields(words)...); r.code != 0 {
				trainedOnce.err = fmt.Errorf("convlab %s: code %d\n%s", words, r.code, r.out)
				return
			}
		}
	})
	if trainedOnce.err != nil {
		t.Fatal(trainedOnce.err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(trainedOnce.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (s stoppable) name() string {
	if s.program == "" {
		return "convlab"
	}
	return s.program
}

// title is the command without its options.
func (s stoppable) title() string {
	words := strings.NewReplacer(" --data DATA", "", " --data new", "", " --from DATA", " --from").Replace(s.args)
	if i := strings.Index(words, " --ways"); i >= 0 {
		words = words[:i] + strings.TrimPrefix(words[strings.Index(words, " six")+4:], " six")
	}
	return s.name() + " " + words
}

func (s stoppable) start(t *testing.T, dir, words string) *process {
	env := append(environment(filepath.Join(dir, "runs")), "TMPDIR="+filepath.Join(dir, "tmp"), "CONVLAB_FAST=")
	return start(t, dir, env, program(t, s.name()), strings.Fields(strings.ReplaceAll(words, "DATA", labdir.Data()))...)
}

// limit is how long a command may go on after a signal before it counts as
// hung. How long they do go on stands in the notes: a busy machine is no fault.
const limit = 30 * time.Second

// TestInterrupts sends each command the signal of Ctrl-C, or SIGTERM, as a
// terminal does, at moments spread over its whole work: it ends with code 130
// and says so once; what it had written is whole; the same command succeeds
// afterwards.
func TestInterrupts(t *testing.T) {
	for i, s := range stoppables {
		if s.full && !*full {
			continue
		}
		t.Run(strings.ReplaceAll(s.title(), " ", "-"), func(t *testing.T) {
			t.Parallel()
			moments := times(1, 5)
			c := count(t, "Interrupts", "`"+s.title()+"`", fmt.Sprintf("Ctrl-C and SIGTERM by turns at %d moments", moments))
			random := rand.New(rand.NewPCG(uint64(i), 16))
			whole := 400 * time.Millisecond // in short form a guess
			if *full {
				dir, words := trainedFolder(t), s.args
				if s.next != "" {
					words = s.next
				}
				begin := time.Now()
				if r := s.start(t, dir, words).wait(10 * time.Minute); r.code != 0 {
					t.Fatalf("code %d: %s", r.code, r.out)
				}
				whole = time.Since(begin)
			}
			var longest slowest
			for k := range moments {
				at := time.Duration((float64(k) + random.Float64()) / float64(moments) * float64(whole))
				signal := [...]syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[(k+i)%2]
				for !s.try(t, c, at, signal, &longest) { // it had ended before
					at /= 2
				}
			}
			c.note("At most %v until the end.", &longest)
		})
	}
}

// try stops the command once; false: it was faster than the signal.
func (s stoppable) try(t *testing.T, c *tally, at time.Duration, signal syscall.Signal, longest *slowest) bool {
	dir := trainedFolder(t)
	p := s.start(t, dir, s.args)
	select {
	case err := <-p.done:
		p.done <- err
	case <-time.After(at):
	}
	select {
	case err := <-p.done:
		p.done <- err
		if at < time.Millisecond {
			t.Fatalf("%s ends before it can be stopped: %v %s", s.title(), err, p.out.String())
		}
		return false
	default:
	}
	p.sendAll(signal)
	r := p.wait(limit)
	if r.code == 0 && !r.hung { // it ended between the look and the signal
		return false
	}
	longest.saw(r.took)
	where := fmt.Sprintf("%s, %v after %v", s.title(), signal, at.Round(time.Millisecond))
	switch {
	case r.hung:
		c.hung("%s: still there after %v:\n%s", where, limit, r.out)
		return true
	case r.panicked():
		c.panicked("%s:\n%s", where, r.out)
		return true
	}
	said := strings.Count("\n"+r.out, "\n"+s.name()+": ")
	early := r.signal == signal && r.out == "" // before its first line of code
	if !early && (r.code != stop.Code || said != 1 || strings.Contains(r.out, "error") || strings.Contains(r.out, "context canceled")) {
		c.lost("%s: code %d (signal %v), %d messages:\n%s", where, r.code, r.signal, said, r.out)
		return true
	}
	before := map[string][]byte{}
	for _, file := range s.files {
		if text, err := os.ReadFile(filepath.Join(dir, file)); err == nil {
			before[file] = text
		}
	}
	if problem := s.again(t, dir, before); problem != "" {
		c.lost("%s: %s", where, problem)
		return true
	}
	c.well()
	return true
}

// again runs the command after a stop, and says what is wrong then.
func (s stoppable) again(t *testing.T, dir string, before map[string][]byte) string {
	words := s.args
	if s.next != "" {
		words = s.next
	}
	r := s.start(t, dir, words).wait(10 * time.Minute)
	finished := s.finished != "" && strings.Contains(r.out, s.finished)
	if r.code != 0 && !finished || r.panicked() {
		return fmt.Sprintf("the next run gave code %d:\n%s", r.code, r.out)
	}
	for _, file := range s.files {
		after, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return fmt.Sprintf("after the next run: %v", err)
		}
		if old, there := before[file]; there && !bytes.Equal(old, after) {
			return fmt.Sprintf("%s had %d bytes after the stop, which are not the %d that belong there", file, len(old), len(after))
		}
	}
	return strings.Join(leftovers(dir), ", ")
}

// leftovers are temporary files below dir; what locks a folder stays.
func leftovers(dir string) (found []string) {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		if path != dir && (strings.HasPrefix(name, ".") && !slices.Contains([]string{".lock", ".gitignore"}, name) || strings.HasSuffix(name, ".tmp") || filepath.Base(filepath.Dir(path)) == "tmp") {
			found = append(found, path+" was left behind")
		}
		return nil
	})
	return found
}

// TestStopsTwice: a second Ctrl-C ends a command at once, in the middle of
// what it wants to save.
func TestStopsTwice(t *testing.T) {
	c := count(t, "Interrupts", "`convlab train 3.1`", "a second Ctrl-C right after the first")
	for range times(1, 5) {
		dir := trainedFolder(t)
		s := stoppable{args: "train 3.1 --data DATA --dir run --valid 40000 --batch 50 --epochs 40"}
		p := s.start(t, dir, s.args)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		for !p.says("images; ") && ctx.Err() == nil {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
		p.sendAll(syscall.SIGINT)
		p.sendAll(syscall.SIGINT)
		r := p.wait(limit)
		switch {
		case r.hung:
			c.hung("still there after %v: %s", limit, r.out)
		case r.panicked():
			c.panicked("%s", r.out)
		case r.code != stop.Code || strings.Count(r.out, "convlab: ") != 1:
			c.lost("code %d: %s", r.code, r.out)
		default:
			if problem := (stoppable{args: "train 3.1 --data DATA --dir run --valid 40000 --batch 50 --epochs 1"}).again(t, dir, nil); problem != "" {
				c.lost("%s", problem)
			} else {
				c.well()
			}
		}
	}
}
