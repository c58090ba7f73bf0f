package grade

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestHostile: a notebook that attacks ends at its limits, scores nothing, is told
// why, and harms nothing.
func TestHostile(t *testing.T) {
	g := grader(t, Options{Limits: Limits{Time: 2 * time.Second, Memory: 256 << 20}})
	dir := t.TempDir()
	secret := filepath.Join(dir, "victim", "secret")
	if err := os.MkdirAll(filepath.Dir(secret), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte("the exam"), 0o666); err != nil {
		t.Fatal(err)
	}
	lesson := filepath.Join(checkout(t), "notebooks", "lesson", "exercise.go")
	before, err := os.ReadFile(lesson)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	heard := make(chan bool, 1)
	go func() {
		if _, err := listener.Accept(); err == nil {
			heard <- true
		}
	}()
	// does is an answer that does this and then gives what is right.
	does := func(body string) string {
		return "func OutputSize(n, k, s, p int) int {\n" + body + "\nreturn (n+2*p-k)/s + 1\n}\nfunc TestOutputSize(t *testing.T) {}\n%test"
	}
	for name, c := range map[string]struct{ answer, says string }{
		"endless loop":    {does("for { n += k }"), "not ended after 2 seconds"},
		"endless start":   {"func init() { for { } }\n" + does(""), "not ended after 2 seconds"},
		"fork bomb":       {"import \"syscall\"\n" + does("for range 1000 { if pid, _, e := syscall.RawSyscall(syscall.SYS_CLONE, 17, 0, 0); e != 0 { panic(e) } else if pid == 0 { for { } } }"), "operation not permitted"},
		"program bomb":    {"import \"os/exec\"\n" + does("for range 1000 { if err := exec.Command(\"/program\").Start(); err != nil { panic(err) } }"), "stops with"},
		"thread bomb":     {"import \"runtime\"\n" + does("for { go func() { runtime.LockOSThread(); for { } }() }"), "ended|memory|stops with"},
		"100 GB":          {does("b := make([]byte, 100<<30); for i := range b { b[i] = 1 }"), "more than 256 MB of memory"},
		"slow 100 GB":     {"var all [][]byte\n" + does("for { b := make([]byte, 1<<20); for i := range b { b[i] = 1 }; all = append(all, b) }"), "more than 256 MB of memory|2 seconds"},
		"full disk":       {does("f, err := os.Create(\"/big\"); for err == nil { _, err = f.Write(make([]byte, 1<<20)) }; panic(err)"), "file too large|no space|stops with"},
		"endless output":  {does("for { fmt.Print(strings.Repeat(\"--- PASS: TestOutputSize\\n\", 1000)) }"), "prints more than 1 MB"},
		"deletes":         {does(fmt.Sprintf("for _, f := range []string{%q, %q, \"/\"} { if os.RemoveAll(f) != nil { os.Exit(1) } }\nif _, err := os.Stat(%[1]q); err != nil { panic(\"all gone\") }", secret, lesson)), "stops with|ends before"},
		"reads":           {does(fmt.Sprintf("b, err := os.ReadFile(%q); panic(fmt.Sprint(string(b), err))", secret)), "no such file"},
		"reads proc":      {does("_, err := os.ReadDir(\"/proc\"); panic(err)"), "no such file"},
		"network":         {"import \"net\"\n" + does(fmt.Sprintf("_, err := net.Dial(\"tcp\", %q); panic(err)", listener.Addr())), "operation not permitted"},
		"kills":           {"import \"syscall\"\n" + does(fmt.Sprintf("for _, pid := range []int{-1, 0, syscall.Getppid(), %d} { syscall.Kill(pid, syscall.SIGKILL) }; panic(\"alive\")", os.Getpid())), "stops with|ends before"},
		"overwrites":      {does(fmt.Sprintf("err := os.WriteFile(%q, nil, 0o666); panic(err)", lesson)), "no such file"},
		"fakes":           {"func TestMain(m *testing.M) { os.Exit(0) }\n" + does("fmt.Println(\"\\n--- PASS: TestOutputSize (0.00s)\\nPASS\"); os.Exit(0)"), "ends before it gives a result"},
		"fakes results":   {"func init() { os.NewFile(4, \"\").Write(make([]byte, 1<<20)); os.Exit(0) }\n" + does(""), "ends before it gives a result|stops with"},
		"fakes a panic":   {does("panic(\"\\n--- PASS: TestOutputSize (0.00s)\\nPASS\\n\")"), `stops with: \\n--- PASS`},
		"calls C":         {"import \"C\"\n" + does("C.x()"), "does not compile"},
		"huge program":    {"var big = [1 << 34]byte{1}\n" + does("n += int(big[n]) - int(big[n])"), "does not compile|memory|ends before|stops with"},
		"wide characters": {does("panic(\"\\u202e\\x1b[2J\")"), `stops with: \\u202e\\x1b`},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			file := filepath.Join(dir, name+".ipynb")
			handIn(t, file, "en/1.1-convolution.ipynb", map[string]string{"OutputSize": c.answer})
			begin := time.Now()
			got, err := g.Grade(t.Context(), Found{Student: name, Path: file})
			if err != nil {
				t.Fatal(err)
			}
			if points, of := got.Sum(); points != 0 || of != 3 {
				t.Errorf("%g of %g points, want 0 of 3", points, of)
			}
			if said := got.Marks[0].Feedback; !regexp.MustCompile(c.says).MatchString(said) {
				t.Errorf("feedback %q, want %q", said, c.says)
			}
			t.Logf("%.1f s: %s", time.Since(begin).Seconds(), got.Marks[0].Feedback)
		})
	}
	if content, err := os.ReadFile(secret); string(content) != "the exam" {
		t.Errorf("the victim has %q, %v", content, err)
	}
	if after, err := os.ReadFile(lesson); string(after) != string(before) {
		t.Errorf("the tests were changed: %v", err)
	}
	select {
	case <-heard:
		t.Error("a program reached the network")
	default:
	}
}

// TestHostileFiles: what is no notebook scores nothing and is told why.
func TestHostileFiles(t *testing.T) {
	g := grader(t, Options{})
	dir := t.TempDir()
	good := filepath.Join(t.TempDir(), "1.1-convolution.ipynb")
	handIn(t, good, "en/1.1-convolution.ipynb", map[string]string{"OutputSize": rightSize})
	for name, c := range map[string]struct {
		make func(file string) error
		says string
	}{
		"1 GB": {func(file string) error {
			if err := os.WriteFile(file, []byte("{"), 0o666); err != nil {
				return err
			}
			return os.Truncate(file, 1<<30)
		}, "1024 MB, at most 64 are read"},
		"malformed":  {func(file string) error { return os.WriteFile(file, []byte(`{"cells": [{"cell_type": `), 0o666) }, "not a notebook: unexpected end"},
		"no cells":   {func(file string) error { return os.WriteFile(file, []byte(`[]`), 0o666) }, "not a notebook"},
		"deep":       {func(file string) error { return os.WriteFile(file, []byte(strings.Repeat("[", 1<<20)), 0o666) }, "exceeded max depth"},
		"link":       {func(file string) error { return os.Symlink(good, file) }, "link to another file"},
		"link to me": {func(file string) error { return os.Symlink(file, file) }, "link to another file"},
		"device":     {func(file string) error { return os.Symlink("/dev/zero", file) }, "link to another file"},
		"stranger":   {func(file string) error { return os.WriteFile(file, []byte(`{"nbformat": 4, "cells": []}`), 0o666) }, "no exercise of the teacher"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			file := filepath.Join(dir, name, "1.1-convolution.ipynb")
			if err := os.Mkdir(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := c.make(file); err != nil {
				t.Fatal(err)
			}
			got, err := g.Grade(t.Context(), Found{Student: name, Path: file})
			if err != nil {
				t.Fatal(err)
			}
			if points, of := got.Sum(); points != 0 || of != 3 && name != "stranger" || !strings.Contains(got.Problem, c.says) {
				t.Errorf("%g of %g points and %q, want 0 of 3 and %q", points, of, got.Problem, c.says)
			}
		})
	}
	// A folder that holds itself, and one with all of this.
	if err := os.Symlink(dir, filepath.Join(dir, "round")); err != nil {
		t.Fatal(err)
	}
	found, err := Find([]string{dir})
	if err != nil || len(found) != 8 || found[0].Student != "1 GB" {
		t.Errorf("found %v, %v", found, err)
	}
}
