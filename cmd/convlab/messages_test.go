package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMessages: wrong words, files that are missing, empty or something else,
// folders in place of files: one line each, which begins with the command,
// names the file once and shows nothing of Go.
func TestMessages(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"empty.onnx": "", "empty.pth": "", "empty.png": "", "empty.safetensors": "", "text.onnx": "hello\n", "text.png": "hello\n"} {
		if err := os.WriteFile(path(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(path("folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{
		"", "nope", "train", "train 9.9", "train --recipe nope", "train 3.1 --recipe fast", "train 3.1 --epochs x", "eval", "eval 3.1 --dir folder", "eval 3.1 --dir empty.png",
		"summary", "summary nope", "summary 3.1 --input 0x0", "summary 3.1 --batch 0", "summary 3.1 --input 8x8x3",
		"export 3.1", "export 3.1 net.foo --dir folder", "export 3.1 net.onnx --dir gone", "import 3.1 gone.pth --dir new", "import 3.1 empty.pth --dir new",
		"import 3.1 empty.onnx --dir new", "import 3.1 text.onnx --dir new", "import 3.1 empty.safetensors --dir new", "import 3.1 folder --dir new",
		"compare gone.onnx gone.onnx", "compare empty.onnx empty.onnx", "compare folder folder", "explain", "explain gone.onnx", "explain folder", "explain 3.1 --dir x", "predict gone.png", "predict empty.png", "predict folder", "predict text.png",
		"draw", "draw nope", "draw slide --input 99999x99999", "draw slide --kernel 0", "draw slide -o x.foo", "draw slide -o folder", "draw slide -o empty.png/x.svg",
		"draw kernels 3.1 --dir folder", "draw confusion segments", "draw field nope", "draw kronecker --input 99x99", "draw mistakes 3.1 --count=0",
		"bench conv magic", "bench conv --rounds 0", "bench conv --plan a/b/c/d", "bench conv --input 4", "data --from gone --data new", "sixways --ways nope", "sixways --of 0",
		"grade", "grade gone.ipynb", "grade folder", "grade empty.png", "grade empty.png --limit 1ms", "grade empty.png --with gone.ipynb", "grade empty.png --points 1.1/A=x",
	} {
		cmd := command(strings.Fields(words)...)
		cmd.Dir = dir
		cmd.Env = append(cmd.Env, "GOMLX_BACKEND=go", "CONVLAB_RUNS="+path("runs"))
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		cmd.Run()
		var lines []string
		for line := range strings.Lines(said.String()) {
			if !strings.HasPrefix(line, "on go") {
				lines = append(lines, strings.TrimSuffix(line, "\n"))
			}
		}
		message := lines[max(0, len(lines)-1):]
		if code := cmd.ProcessState.ExitCode(); len(lines) != 1 || code != 1 && code != 80 || !strings.HasPrefix(message[0], "convlab: error: ") {
			t.Errorf("convlab %s: code %d, %q", words, code, lines)
			continue
		}
		text := message[0]
		for _, file := range strings.Fields(words) {
			if strings.ContainsAny(file, ".") && strings.Count(text, file) > 1 {
				t.Errorf("convlab %s names %s twice: %s", words, file, text)
			}
		}
		for _, sign := range []string{"train.", "%!", "{", "0x", "goroutine", "exit status", "zip: zip", "augment: augment", "weights: weights"} {
			if strings.Contains(text, sign) && !strings.Contains(words, sign) {
				t.Errorf("convlab %s shows %q: %s", words, sign, text)
			}
		}
		t.Logf("%-45s %s", words, text)
	}
}
