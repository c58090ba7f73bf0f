// Package stop ends a command when its user says so, with Ctrl-C or SIGTERM:
// in time, with one message and with one exit code, whatever the command is
// doing.
//
//	func main() { stop.Main(stop.Command{Name: "convlab", Run: run}) }
//
// The command's context ends with the signal. What looks at it stops where it
// can, and returns an error that wraps ctx.Err(). What cannot be interrupted,
// as a compilation by XLA, is left behind.
package stop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/term"
)

// Code is the exit code of a command that was stopped: what a shell gives for a
// program that Ctrl-C ended.
const Code = 130

const (
	// patience is how long a command may go on after the signal.
	patience = 1500 * time.Millisecond
	// longest is how long it may go on where it holds the process: less than
	// the ten seconds after which a container is killed.
	longest = 9 * time.Second
)

// Error is the error of work that ended because its context did, where there
// is more to say than that.
type Error struct {
	Says  string // how far the work came, and how to go on; begins with a small letter
	Cause error  // ctx.Err()
}

// Error implements error.
func (e *Error) Error() string { return e.Says + ": " + e.Cause.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Command is what Main runs.
type Command struct {
	Name string // begins every message
	Run  func(ctx context.Context) error
	// Silent says nothing of a stop: the process that started this one does.
	Silent bool
}

// Main runs a command and ends the process: with code 0, with 1 after an
// error, with Code after a signal, whatever the command returned. It prints the
// error, or what is to be said of the stop. A second signal ends the process at
// once.
func Main(c Command) {
	w := &watch{Command: c, out: os.Stderr, terminal: term.IsTerminal(int(os.Stderr.Fd())), patience: patience, longest: longest}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	os.Exit(w.main(signals))
}

// Hold asks Main to wait until release is called, if ctx is the command's: what
// goes on would be lost, as a step of training that is to be saved. It is
// waited for nine seconds at most.
func Hold(ctx context.Context) (release func()) {
	w, ok := ctx.Value(key{}).(*watch)
	if !ok {
		return func() {}
	}
	w.holds.Add(1)
	return func() { w.holds.Add(-1) }
}

// key is the context's key of the watch.
type key struct{}

// watch looks after one command.
type watch struct {
	Command
	out               io.Writer
	terminal          bool
	patience, longest time.Duration
	holds             atomic.Int32
}

func (w *watch) main(signals <-chan os.Signal) int {
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, w))
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	select {
	case err := <-done:
		if err == nil {
			return 0
		}
		w.failed(err)
		return 1
	case <-signals:
		cancel()
	}
	begin := time.Now()
	until := begin.Add(w.patience)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-done:
			w.ended(err)
			return Code
		case <-signals:
			w.say("stopped at once")
			return Code
		case now := <-look.C:
			if w.holds.Load() > 0 {
				until = now.Add(w.patience)
			}
			if now.After(until) || now.After(begin.Add(w.longest)) {
				w.say("stopped")
				return Code
			}
		}
	}
}

// ended tells how a command ended that was asked to stop.
func (w *watch) ended(err error) {
	var stopped *Error
	switch {
	case err == nil:
		w.say("stopped; all was done already")
	case errors.As(err, &stopped):
		w.say(stopped.Says)
	case errors.Is(err, context.Canceled):
		w.say("stopped")
	default:
		w.failed(err)
	}
}

func (w *watch) say(text string) {
	if !w.Silent {
		w.print(w.Name + ": " + text)
	}
}

// failed prints an error, each of several causes on a line of its own.
func (w *watch) failed(err error) {
	w.print(w.Name + ": error: " + strings.ReplaceAll(strings.TrimRight(err.Error(), "\n"), "\n", "\n  "))
}

// print begins a line of its own, in place of a progress bar.
func (w *watch) print(text string) {
	if w.terminal {
		text = "\r\x1b[K" + text
	}
	fmt.Fprintln(w.out, text)
}
