// Package notebook is the one place that talks to GoNB, the Go kernel of
// Jupyter. Outside a notebook everything in it does nothing.
package notebook

import (
	"time"

	"convlab/internal/fastmode"
	"convlab/internal/labdir"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Bundle is one output in several formats; the page shows the richest that it
// can. Empty formats are left out.
type Bundle struct {
	HTML          string
	SVG           string
	PNG           []byte
	Text          string // for readers without pictures
	Width, Height int    // of SVG and PNG, in CSS pixels
}

// A cell that trains must not show how a check of the notebooks shortens it,
// so the switch is set here: all such cells draw with convviz.
func init() {
	if Inside() {
		fastmode.Set(labdir.Fast())
	}
}

// Inside tells whether this program is a notebook cell.
func Inside() bool { return gonbui.IsNotebook }

// data is the bundle as GoNB's message. A []byte travels as base64, as
// Jupyter wants it.
func (b Bundle) data() *protocol.DisplayData {
	d := &protocol.DisplayData{Data: map[protocol.MIMEType]any{}}
	if b.HTML != "" {
		d.Data[protocol.MIMETextHTML] = b.HTML
	}
	if b.SVG != "" {
		d.Data[protocol.MIMEImageSVG] = b.SVG
	}
	if len(b.PNG) > 0 {
		d.Data[protocol.MIMEImagePNG] = b.PNG
		if b.Width > 0 && b.Height > 0 { // the PNG has more pixels than its place
			d.Metadata = map[string]any{string(protocol.MIMEImagePNG): map[string]int{"width": b.Width, "height": b.Height}}
		}
	}
	if b.Text != "" {
		d.Data[protocol.MIMETextPlain] = b.Text
	}
	return d
}

// Show adds the bundle to the cell's output. An error means that the kernel
// cannot be reached.
func Show(b Bundle) error {
	if !Inside() {
		return nil
	}
	return send(b.data())
}

// Slot is a place in the cell's output whose content can be replaced. The
// saved notebook keeps the last content. The zero value is ready.
type Slot struct{ id string }

// Show puts the bundle into the place: under the outputs so far the first
// time, then where it was.
func (s *Slot) Show(b Bundle) error {
	if !Inside() {
		return nil
	}
	if s.id == "" {
		s.id = gonbui.UniqueId() // an id of an earlier run would change that run's output
	}
	d := b.data()
	d.DisplayID = s.id
	return send(d)
}

// UniqueID is new on every call, for elements of a page.
func UniqueID() string { return "convlab-" + gonbui.UniqueId() }

// patience is how long the kernel may take to answer.
const patience = 10 * time.Second

// send waits until the kernel has the message, so that nothing is lost when
// the cell ends. A kernel that has gone must not hold the cell up.
func send(d *protocol.DisplayData) error {
	gonbui.SendData(d)
	if err := gonbui.Error(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		gonbui.Sync()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patience):
	}
	return gonbui.Error()
}
