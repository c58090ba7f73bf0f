package tidy

import (
	"regexp"
	"strings"
	"testing"
)

// untested are files of public packages without a test of their name, each
// with the reason.
var untested = map[string]string{
	"cnnlib/train/lock_other.go": "it does nothing, on systems that have no flock",
}

// example is an example whose output is compared.
var example = regexp.MustCompile(`(?s)\nfunc Example\w*\(\) \{\n[^}].*?// Output:`)

// TestTriplets: a file of a public package, idea.go, has its test beside it,
// idea_test.go or idea_example_test.go, and a package shows itself in an example.
func TestTriplets(t *testing.T) {
	tests, shows := map[string]bool{}, map[string]bool{}
	for _, name := range tracked(t, "_test.go") {
		tests[strings.TrimSuffix(strings.TrimSuffix(name, "_test.go"), "_example")] = true
		if example.MatchString(text(t, name)) {
			shows[name[:strings.LastIndex(name, "/")]] = true
		}
	}
	files, packages := 0, map[string]bool{}
	for _, f := range goFiles(t) {
		if !public(f.room()) {
			continue
		}
		files++
		packages[f.room()] = true
		_, excused := untested[f.name]
		switch tested := tests[strings.TrimSuffix(f.name, ".go")]; {
		case !tested && !excused:
			t.Errorf("%s has no test of its name: write %s, or give the reason in tests/tidy/triplets_test.go", f.name, strings.TrimSuffix(f.name, ".go")+"_test.go")
		case tested && excused:
			t.Errorf("%s has a test and needs no reason (%q) any more", f.name, untested[f.name])
		}
	}
	for room := range packages {
		if !shows[room] {
			t.Errorf("%s has no example with checked output", room)
		}
	}
	t.Logf("%d files of %d public packages, %d without a test of their name", files, len(packages), len(untested))
}
