package cifar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDownload(t *testing.T) {
	s := newSmall(t)
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	s.check(t)
	if err := s.fetch(t.Context(), ""); err != nil || s.requests.Load() != 1 {
		t.Errorf("second fetch: %v, %d requests in all, want 1", err, s.requests.Load())
	}
}

// A server that cuts each connection: the download goes on where it was cut.
func TestDownloadResumes(t *testing.T) {
	s := newSmall(t)
	var sent int
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		var from int
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(s.official)-1, len(s.official)))
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(s.official)-from))
		if from > 0 {
			w.WriteHeader(http.StatusPartialContent)
		}
		to := min(from+len(s.official)/4, len(s.official))
		sent += to - from
		w.Write(s.official[from:to]) // the server closes where Content-Length is not reached
	}
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	s.check(t)
	if sent != len(s.official) {
		t.Errorf("%d bytes were sent, the archive has %d", sent, len(s.official))
	}
}

// Stopped in the middle, then run again by another process.
func TestStoppedAndTakenUpAgain(t *testing.T) {
	s := newSmall(t)
	ctx, stop := context.WithCancel(t.Context())
	half := len(s.official) / 2
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(s.official)))
		w.Write(s.official[:half])
		w.(http.Flusher).Flush()
		for size(filepath.Join(s.dir, s.fetcher.official.name+".part")) < int64(half) {
			time.Sleep(time.Millisecond)
		}
		stop()
		<-r.Context().Done()
	}
	if err := s.fetch(ctx, ""); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "goes on from here") {
		t.Fatalf("stopped: %v", err)
	}
	var asked string
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Range")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.official))
	}
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	s.check(t)
	if want := fmt.Sprintf("bytes=%d-", half); asked != want {
		t.Errorf("asked for %q, want %q", asked, want)
	}
}

func TestStaleAndOverlongParts(t *testing.T) {
	s := newSmall(t)
	for name, part := range map[string][]byte{
		"of another file": bytes.Repeat([]byte("x"), 1000),
		"whole":           s.official,
		"too long":        append(bytes.Clone(s.official), 1, 2, 3),
	} {
		s.dir = put(t, entry{name: s.fetcher.official.name + ".part", data: part})
		if err := s.fetch(t.Context(), ""); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s.check(t)
	}
}

func TestNetworkErrorsSayWhatToDo(t *testing.T) {
	s := newSmall(t)
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request){
		"not found":   http.NotFound,
		"a page":      func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("<html>log in first</html>")) },
		"stalls":      func(w http.ResponseWriter, r *http.Request) { w.(http.Flusher).Flush(); <-r.Context().Done() },
		"wrong range": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusPartialContent) },
	} {
		s.answer = answer
		s.dir = t.TempDir()
		err := s.fetch(t.Context(), "")
		if err == nil || !strings.Contains(err.Error(), "npm is not installed") || !strings.Contains(err.Error(), "--from") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
