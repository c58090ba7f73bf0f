package main

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// layers are two folders of what was built: one that is shared and only read,
// one that is written. In each, NAME.json, where NAME is an action, says which
// output it gave, and the file NAME holds that.
type layers struct{ shared, own string }

// An entry is what is kept of an action beside its output.
type entry struct {
	OutputID []byte
	Size     int64
	Time     time.Time // when it was built
}

// kept is how long an entry stays in a user's own folder without use.
const kept = 5 * 24 * time.Hour

// place is the file of an action in a folder; 256 folders below it keep each short.
func place(folder string, action []byte) string {
	name := hex.EncodeToString(action)
	return filepath.Join(folder, name[:2], name)
}

// get gives the entry of an action and the file of its output; ok is false
// where neither folder has both whole.
func (l layers) get(action []byte) (e entry, file string, ok bool) {
	for _, folder := range []string{l.shared, l.own} {
		file := place(folder, action)
		text, err := os.ReadFile(file + ".json")
		if err != nil || json.Unmarshal(text, &e) != nil {
			continue
		}
		if info, err := os.Stat(file); err != nil || info.Size() != e.Size {
			continue
		}
		if folder == l.own {
			now := time.Now()
			os.Chtimes(file, now, now) // trim goes by it; where it fails, the entry is built anew some day
		}
		return e, file, true
	}
	return entry{}, "", false
}

// put keeps what body holds as the output of an action, in place of an older
// one, and gives its file. Both files are renamed into place, the entry last.
func (l layers) put(action []byte, e entry, body io.Reader) (string, error) {
	file := place(l.own, action)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	if err := replace(file, func(f *os.File) error {
		_, err := io.Copy(f, body)
		return err
	}); err != nil {
		return "", err
	}
	return file, replace(file+".json", func(f *os.File) error { return json.NewEncoder(f).Encode(e) })
}

// replace writes a file anew, so that others read the old one or the new one.
// Unlike package atomicfile it waits for no disk: a build writes thousands, get
// checks their sizes, and what is lost is built again.
func replace(file string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // when it was renamed there is none
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	return err
}

// trim removes, once a day at most, what was not used for long from the
// user's own folder. What it cannot remove it leaves to another day.
func (l layers) trim() {
	mark := filepath.Join(l.own, "trimmed")
	if info, err := os.Stat(mark); err == nil && time.Since(info.ModTime()) < 24*time.Hour {
		return
	}
	files, err := fs.Glob(os.DirFS(l.own), "??/*")
	if err != nil {
		return
	}
	for _, file := range files {
		file = filepath.Join(l.own, file)
		if filepath.Ext(file) == ".json" {
			continue
		}
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > kept {
			os.Remove(file + ".json")
			os.Remove(file)
		}
	}
	os.WriteFile(mark, nil, 0o644)
}
