package notebook

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"convlab/internal/fastmode"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

func TestOutsideNothingHappens(t *testing.T) {
	if Inside() {
		t.Skip("skipped: this test runs in a notebook cell")
	}
	var s Slot
	if err := Show(Bundle{Text: "a"}); err != nil {
		t.Error(err)
	}
	if err := s.Show(Bundle{Text: "a"}); err != nil || s.id != "" {
		t.Error(err, s.id)
	}
	if first := UniqueID(); first == UniqueID() {
		t.Error("one id twice")
	}
}

// TestTravels: what goes through the kernel's pipe comes out the same. The
// kernel decodes with GoNB's own registered types only.
func TestTravels(t *testing.T) {
	b := Bundle{HTML: "<b>", SVG: "<svg/>", PNG: []byte{1, 2}, Text: "alt", Width: 3, Height: 4}
	var pipe bytes.Buffer
	if err := gob.NewEncoder(&pipe).Encode(b.data()); err != nil {
		t.Fatal(err)
	}
	var got protocol.DisplayData
	if err := gob.NewDecoder(&pipe).Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := map[protocol.MIMEType]any{"text/html": "<b>", "image/svg+xml": "<svg/>", "image/png": []byte{1, 2}, "text/plain": "alt"}
	if !reflect.DeepEqual(got.Data, want) {
		t.Errorf("got %v", got.Data)
	}
	if size := got.Metadata["image/png"]; !reflect.DeepEqual(size, map[string]int{"width": 3, "height": 4}) {
		t.Errorf("size %v", size)
	}
	if d := (Bundle{}).data(); len(d.Data) != 0 || d.Metadata != nil {
		t.Errorf("empty bundle: %+v", d)
	}
}

// TestShortenedInACell: CONVLAB_FAST shortens trainings in a notebook's cell
// that draws with convviz, and nowhere else by itself.
func TestShortenedInACell(t *testing.T) {
	const child = "CONVLAB_TEST_CELL"
	if os.Getenv(child) != "" {
		fmt.Println("shortened:", fastmode.On())
		return
	}
	for _, c := range []struct {
		cell, fast string
		want       bool
	}{{"a pipe", "1", true}, {"a pipe", "", false}, {"", "1", false}} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestShortenedInACell$")
		pipe := c.cell
		if pipe != "" {
			pipe = filepath.Join(t.TempDir(), pipe)
		}
		cmd.Env = append(os.Environ(), child+"=1", protocol.GONB_PIPE_ENV+"="+pipe, "CONVLAB_FAST="+c.fast)
		out, err := cmd.CombinedOutput()
		if want := fmt.Sprintf("shortened: %t\n", c.want); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("cell %q, CONVLAB_FAST %q: %v, %s", c.cell, c.fast, err, out)
		}
	}
}
