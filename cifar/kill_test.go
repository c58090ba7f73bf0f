package cifar

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The variables that make a process of TestFetchChild fetch: into a folder,
// from the official archive or, where this is set, from the mirror.
const (
	childFolder = "CONVLAB_TEST_FETCH_INTO"
	childMirror = "CONVLAB_TEST_FETCH_FROM_MIRROR"
)

// slow gives its bytes in small pieces, so that a download takes a while.
type slow struct{ io.ReadSeeker }

func (s slow) Read(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	return s.ReadSeeker.Read(p[:min(len(p), 512)])
}

// TestFetchChild is the process that tests/faults kills: it fetches a small
// data set from a server of its own. In an ordinary run of the tests it does
// nothing.
func TestFetchChild(t *testing.T) {
	dir := os.Getenv(childFolder)
	if dir == "" {
		return
	}
	s := newSmall(t)
	s.dir = filepath.Join(dir, "data")
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, slow{bytes.NewReader(s.official)})
	}
	if os.Getenv(childMirror) != "" {
		s.fetcher.npm = fakeNPM(t, s.npm)
		s.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	}
	if err := s.fetch(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	s.check(t)
}
