package convviz

import (
	"fmt"
	"html"
	"os"
	"strings"
	"time"

	"convlab/cnnlib/train"
	"convlab/convviz/draw"
	"convlab/internal/notebook"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Watch shows training while it runs: in a notebook a progress bar and the
// loss plot of lesson 3.8, both updated in place and kept in the saved
// notebook; in a terminal a progress bar; elsewhere nothing.
//
//	watch := convviz.NewWatch()
//	history, err := train.Fit(ctx, m, data, train.Config{OnStep: watch.OnStep, OnEpoch: watch.OnEpoch})
type Watch struct {
	bar, plot notebook.Slot
	terminal  *progressbar.ProgressBar
	last      time.Time // of the last update in a notebook
	err       error
}

// NewWatch watches one run of training.
func NewWatch() *Watch { return &Watch{} }

// updates is the time between two updates of a notebook's bar: Jupyter drops
// output that comes too fast.
const updates = 200 * time.Millisecond

// OnStep is for train.Config.OnStep.
func (w *Watch) OnStep(s train.Step) {
	if notebook.Inside() {
		if s.Done < s.Steps && time.Since(w.last) < updates {
			return
		}
		w.last = time.Now()
		w.keep(w.bar.Show(notebook.Bundle{HTML: barHTML(s), Text: barText(s)}))
		return
	}
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return
	}
	if w.terminal == nil || s.Done == 1 {
		w.terminal = progressbar.NewOptions(s.Steps, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetWidth(24),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionSetPredictTime(false))
	}
	w.terminal.Describe(barText(s))
	w.keep(w.terminal.Set(s.Done))
}

// OnEpoch is for train.Config.OnEpoch.
func (w *Watch) OnEpoch(h train.History) {
	if !notebook.Inside() {
		return
	}
	p, err := Curves(h)
	if err == nil {
		err = w.plot.Show(bundle(p))
	}
	w.keep(err)
}

// Err is the first thing that could not be shown. Training goes on without.
func (w *Watch) Err() error { return w.err }

func (w *Watch) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

func barText(s train.Step) string {
	return strings.Join([]string{sayf("epoch %d of %d", s.Epoch, s.Epochs), sayf("step %d of %d", s.Done, s.Steps), sayf("loss %.4f", s.Loss),
		sayf("%s images/s", draw.Number(s.Rate, 0)), sayf("%s left", clock(s.Left))}, " · ")
}

// barHTML is the bar over the whole run: it has the page's own colours.
func barHTML(s train.Step) string {
	share := 0.0
	if s.Epochs > 0 && s.Steps > 0 {
		share = (float64(s.Epoch-1) + float64(s.Done)/float64(s.Steps)) / float64(s.Epochs)
	}
	text := html.EscapeString(barText(s))
	return fmt.Sprintf(`<div style="display:flex;gap:10px;align-items:center;flex-wrap:wrap"><progress value="%.4f" max="1" style="width:220px" aria-label="%s"></progress><span>%s</span></div>`,
		share, text, text)
}

// clock writes a duration as 1:05 or 1:02:03.
func clock(d time.Duration) string {
	s := int(max(d, 0).Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
