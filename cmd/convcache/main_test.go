package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestGoBuildsFromTheSharedFolder: what was built with -fill is not built again
// by a user who cannot write there, and what he builds himself is his alone.
func TestGoBuildsFromTheSharedFolder(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "convcache")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	module, shared := filepath.Join(dir, "module"), filepath.Join(dir, "shared")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(module, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(module, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module m\n\ngo 1.24\n")
	write("main.go", "package main\n\nfunc main() { println(1) }\n")
	build := func(user, flags string) {
		t.Helper()
		home := filepath.Join(dir, user)
		if err := os.MkdirAll(home, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("go", "build", "-o", os.DevNull, ".")
		cmd.Dir = module
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME=", "GOFLAGS=", "GOCACHE="+filepath.Join(home, "go-build"), "GOWORK=off",
			"GOCACHEPROG="+program+" "+flags+shared)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", user, err, out)
		}
	}
	past := time.Now().Add(-time.Hour) // Go keeps nothing of files that have just changed
	for _, name := range []string{"go.mod", "main.go"} {
		if err := os.Chtimes(filepath.Join(module, name), past, past); err != nil {
			t.Fatal(err)
		}
	}
	build("administrator", "-fill ")
	filled := count(t, shared)
	if filled < 20 {
		t.Fatalf("only %d entries in the shared folder", filled)
	}
	build("one", "")
	if n := count(t, filepath.Join(dir, "one", ".cache", "convlab", "go")); n > 2 { // linking leaves one
		t.Errorf("%d entries were built anew", n)
	}
	write("main.go", "package main\n\nfunc main() { println(2) }\n")
	build("two", "")
	if n := count(t, filepath.Join(dir, "two", ".cache", "convlab", "go")); n == 0 || n > 20 {
		t.Errorf("after a change of one file %d entries were built", n)
	}
	if n := count(t, shared); n != filled {
		t.Errorf("a user wrote to the shared folder: %d entries, %d before", n, filled)
	}
}

// count counts the entries of a folder, which may not exist.
func count(t *testing.T, folder string) (n int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".json") {
			n++
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return n
}

// TestServe holds the answers to requests against the protocol.
func TestServe(t *testing.T) {
	l := layers{shared: t.TempDir(), own: t.TempDir()}
	say := func(lines string) []response {
		t.Helper()
		var out bytes.Buffer
		if err := serve(bufio.NewReader(strings.NewReader(lines)), &out, l); err != nil {
			t.Fatal(err)
		}
		var answers []response
		for d := json.NewDecoder(&out); d.More(); {
			var r response
			if err := d.Decode(&r); err != nil {
				t.Fatal(err)
			}
			answers = append(answers, r)
		}
		return answers[1:] // the first says what is known
	}
	got := say(`{"ID":1,"Command":"get","ActionID":"YWE="}
{"ID":2,"Command":"put","ActionID":"YWE=","OutputID":"b3V0","BodySize":5}

"aGVsbG8="
{"ID":3,"Command":"get","ActionID":"YWE="}
{"ID":4,"Command":"put","ActionID":"YmI=","OutputID":"bm9uZQ=="}
{"ID":5,"Command":"get","ActionID":"YmI="}
{"ID":6,"Command":"grow","ActionID":"YmI="}
{"ID":7,"Command":"get"}
{"ID":8,"Command":"close"}
`)
	if len(got) != 8 || !got[0].Miss || got[1].Err != "" || got[2].Miss || string(got[2].OutputID) != "out" || got[2].Size != 5 || got[4].Miss ||
		got[5].Err == "" || got[6].Err == "" || got[7].Err != "" {
		t.Fatalf("%+v", got)
	}
	if text, err := os.ReadFile(got[2].DiskPath); err != nil || string(text) != "hello" {
		t.Errorf("%s, %v", text, err)
	}

	// An output that was cut is none, and one that is old is removed.
	if err := os.Truncate(got[2].DiskPath, 2); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * kept)
	if err := os.Chtimes(got[4].DiskPath, old, old); err != nil {
		t.Fatal(err)
	}
	l.trim()
	for _, r := range say("{\"ID\":1,\"Command\":\"get\",\"ActionID\":\"YWE=\"}\n{\"ID\":2,\"Command\":\"get\",\"ActionID\":\"YmI=\"}\n") {
		if !r.Miss {
			t.Errorf("%+v, should be missing", r)
		}
	}
}

func TestServeRefusesOtherTexts(t *testing.T) {
	for _, text := range []string{"get\n", "{\"ID\":1}", "{\"ID\":1,\"Command\":\"put\",\"ActionID\":\"YWE=\",\"BodySize\":5}\n{\"ID\":2}\n"} {
		if err := serve(bufio.NewReader(strings.NewReader(text)), new(bytes.Buffer), layers{t.TempDir(), t.TempDir()}); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}
