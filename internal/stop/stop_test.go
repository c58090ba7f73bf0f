package stop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestEnds: every way in which a command can end has its code and one message.
func TestEnds(t *testing.T) {
	whole := errors.New("disk is full")
	for name, c := range map[string]struct {
		signals int
		run     func(ctx context.Context) error
		code    int
		says    string
	}{
		"well":       {0, func(context.Context) error { return nil }, 0, ""},
		"error":      {0, func(context.Context) error { return whole }, 1, "x: error: disk is full\n"},
		"two causes": {0, func(context.Context) error { return errors.Join(whole, whole) }, 1, "x: error: disk is full\n  disk is full\n"},
		"stops":      {1, func(ctx context.Context) error { <-ctx.Done(); return fmt.Errorf("a: b: %w", ctx.Err()) }, 130, "x: stopped\n"},
		"says more": {1, func(ctx context.Context) error {
			<-ctx.Done()
			return fmt.Errorf("a: %w", &Error{"stopped here", ctx.Err()})
		}, 130, "x: stopped here\n"},
		"done meanwhile":  {1, func(ctx context.Context) error { <-ctx.Done(); return nil }, 130, "x: stopped; all was done already\n"},
		"cannot save":     {1, func(ctx context.Context) error { <-ctx.Done(); return whole }, 130, "x: error: disk is full\n"},
		"goes on":         {1, func(context.Context) error { select {} }, 130, "x: stopped\n"},
		"holds on":        {1, func(ctx context.Context) error { Hold(ctx); select {} }, 130, "x: stopped\n"},
		"second":          {2, func(ctx context.Context) error { Hold(ctx); select {} }, 130, "x: stopped at once\n"},
		"held, then done": {1, held, 130, "x: stopped saved\n"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			w := &watch{Command: Command{Name: "x", Run: c.run}, out: &out, patience: 100 * time.Millisecond, longest: time.Second}
			if c.signals == 2 {
				w.patience, w.longest = time.Hour, time.Hour
			}
			signals := make(chan os.Signal, 2)
			for range c.signals {
				signals <- os.Interrupt
			}
			if code := w.main(signals); code != c.code || out.String() != c.says {
				t.Errorf("code %d and %q, want %d and %q", code, &out, c.code, c.says)
			}
		})
	}
}

// held works on for longer than the patience.
func held(ctx context.Context) error {
	defer Hold(ctx)()
	<-ctx.Done()
	time.Sleep(300 * time.Millisecond)
	return &Error{"stopped saved", ctx.Err()}
}

// TestLine: the message does not stick to a progress bar.
func TestLine(t *testing.T) {
	var out bytes.Buffer
	w := &watch{Command: Command{Name: "x"}, out: &out, terminal: true}
	w.say("stopped")
	if got, want := out.String(), "\r\x1b[Kx: stopped\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestHoldElsewhere: a context that is not a command's has nothing to hold.
func TestHoldElsewhere(t *testing.T) { Hold(t.Context())() }

// TestSilent: a process that another one speaks for says nothing of a stop.
func TestSilent(t *testing.T) {
	var out bytes.Buffer
	w := &watch{Command: Command{Name: "x", Silent: true}, out: &out}
	w.ended(context.Canceled)
	if out.Len() > 0 {
		t.Errorf("it says %q", &out)
	}
	w.ended(errors.New("disk is full"))
	if got, want := out.String(), "x: error: disk is full\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
