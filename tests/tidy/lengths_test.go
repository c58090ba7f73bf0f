package tidy

import (
	"slices"
	"strings"
	"testing"
)

// longest is how many lines a file may have, and median how many the file in
// the middle.
const (
	longest = 350
	median  = 160
)

// longer are the files that are longer, each with the reason.
var longer = map[string]string{
	"cnnlib/layers_test.go":          "one table of layers against plain loops",
	"cnnlib/everylayer_test.go":      "one table with every layer, and the properties that hold for all of them",
	"internal/kernels/channelwise.h": "one kernel whose loops are the same code for every width of a vector",
	"tests/live_check_test.go":       "one check of a live picture against cnnlib, number by number",
}

// TestLengths: files are short enough to be read in one go.
func TestLengths(t *testing.T) {
	var lines []int
	for _, name := range tracked(t, ".go", ".py", ".js", ".mjs", ".h", ".c", ".sh") {
		n := strings.Count(text(t, name), "\n")
		if strings.HasSuffix(name, ".go") {
			lines = append(lines, n)
		}
		switch reason, ok := longer[name]; {
		case n > longest && !ok:
			t.Errorf("%s has %d lines, at most %d are allowed: split it where a second idea begins, or give the reason in tests/tidy/lengths_test.go", name, n, longest)
		case n <= longest && ok:
			t.Errorf("%s has %d lines and needs no reason (%q) any more", name, n, reason)
		}
	}
	slices.Sort(lines)
	if middle := lines[len(lines)/2]; middle >= median {
		t.Errorf("half of the %d Go files have %d lines or more, it should be fewer than %d", len(lines), middle, median)
	} else {
		t.Logf("%d Go files, median %d lines", len(lines), middle)
	}
}
