// Command report makes docs/benchmarks.md and the README's figures from the
// results of the benches, docs/benchmarks/*.json, which README.md in the
// folder above describes. It first copies its arguments, new results,
// into docs/benchmarks.
//
//	go run ./tests/bench/report .lab/bench/results/network.json
package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"convlab/internal/atomicfile"
)

const (
	results = "docs/benchmarks"
	page    = "docs/benchmarks.md"
	readme  = "README.md"
	begin   = "<!-- figures of docs/benchmarks.md, written by make bench -->\n"
	end     = "<!-- end of the figures -->\n"
)

// order is that of the page; other benches follow by name.
var order = []string{"network", "nets", "conv", "augment"}

// files gives what the page and the README of the checkout in root must be.
func files(root string) (map[string][]byte, error) {
	var all []*result
	paths, err := fs.Glob(os.DirFS(root), results+"/*.json")
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no results in %s: run make bench", filepath.Join(root, results))
	}
	for _, path := range paths {
		r, err := readResult(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	text, err := os.ReadFile(filepath.Join(root, readme))
	if err != nil {
		return nil, err
	}
	before, rest, found := bytes.Cut(text, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !found || !closed {
		return nil, fmt.Errorf("%s has no lines %q and %q", readme, begin, end)
	}
	text = fmt.Appendf(nil, "%s%s%s%s%s", before, begin, figures(all), end, after)
	return map[string][]byte{page: []byte(document(all)), readme: text}, nil
}

func run(root string, args []string) error {
	for _, path := range args {
		if _, err := readResult(path); err != nil {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(root, results, filepath.Base(path)), raw); err != nil {
			return err
		}
	}
	made, err := files(root)
	if err != nil {
		return err
	}
	for path, text := range made {
		if err := write(filepath.Join(root, path), text); err != nil {
			return err
		}
	}
	fmt.Println(strings.TrimSpace(string(made[page])))
	return nil
}

func write(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return atomicfile.WriteFile(path, text)
}

func main() {
	if err := run(".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}
