package tidy

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// storeys says who may import whom: a room imports rooms of the storeys below
// its own, never of its own or above. A new room gets its place here.
var storeys = []struct {
	name  string
	rooms []string
}{
	{"tools without a room below them", []string{
		"internal/atomicfile", "internal/cifarmean", "internal/fastmode", "internal/filekind", "internal/geometry", "internal/guard", "internal/htmltable",
		"internal/kernels/program", "internal/labdir", "internal/likeliest", "internal/median", "internal/oneline", "internal/shuffle", "internal/skiptest",
		"internal/stablehlo", "internal/stop", "cnnlib/weights/internal/match", "cnnlib/weights/internal/onnx"}},
	{"data, drawing, kernels: no GoMLX", []string{"augment", "cifar", "convviz/draw", "internal/kernels", "internal/notebook"}},
	{"backends and lowering", []string{"cnnlib/internal/lower", "internal/backend"}},
	{"layers and models", []string{"cnnlib"}},
	{"what is done with models", []string{"cnnlib/nets", "cnnlib/train", "cnnlib/weights", "internal/convbench"}},
	{"made pictures", []string{"shapes"}},
	{"whole trainings", []string{"recipes"}},
	{"pictures of models", []string{"convviz"}},
	{"the course", []string{"notebooks/lesson", "internal/grade"}},
	{"programs", []string{"cmd/convcache", "cmd/convkernel", "cmd/convlab", "cmd/convserve"}},
}

// forTests are rooms that only tests import, and programs of tests. They may
// import any room.
func forTests(room string) bool {
	return strings.HasPrefix(room, "tests") || room == "internal/labtest" || room == "convviz/internal/picturetest"
}

// imports are the rooms that each room imports.
func imports(t *testing.T) map[string][]string {
	all := map[string][]string{}
	for _, f := range goFiles(t) {
		room := f.room()
		all[room] = append(all[room], nil...)
		for _, i := range f.Imports {
			if other, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "convlab/"); ours && !slices.Contains(all[room], other) {
				all[room] = append(all[room], other)
			}
		}
	}
	return all
}

// TestNoUpwardArrow: imports go down the storeys, so there is no cycle either.
func TestNoUpwardArrow(t *testing.T) {
	storey := map[string]int{}
	for i, s := range storeys {
		for _, room := range s.rooms {
			storey[room] = i
		}
	}
	all := imports(t)
	for room, others := range all {
		if forTests(room) {
			continue
		}
		at, ok := storey[room]
		if !ok {
			t.Errorf("%s has no storey: put it into the list in tests/tidy/rooms_test.go", room)
			continue
		}
		for _, other := range others {
			if below, ok := storey[other]; !ok || below >= at {
				t.Errorf("%s (%s) imports %s, which is not below it", room, storeys[at].name, other)
			}
		}
	}
	for room := range storey {
		if _, ok := all[room]; !ok {
			t.Errorf("there is no room %s any more: take it from the list in tests/tidy/rooms_test.go", room)
		}
	}
}

// TestDrawingOfRooms: the drawing in docs/architecture.md is made from the
// imports. `go test ./tests/tidy -run Drawing -update` draws it anew.
func TestDrawingOfRooms(t *testing.T) {
	const page, begin, end = "docs/architecture.md", "<!-- drawn from the imports -->\n", "<!-- end of the drawing -->\n"
	before, rest, found := strings.Cut(text(t, page), begin)
	old, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the drawing", page)
	}
	drawing := drawn(imports(t))
	if old == drawing {
		return
	}
	if !*update {
		t.Fatalf("%s: the drawing is not that of the imports; `go test ./tests/tidy -run Drawing -update` draws it anew", page)
	}
	if err := os.WriteFile(filepath.Join(root, page), []byte(before+begin+drawing+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// drawn is the drawing, in Mermaid, top storey first. An arrow is left out
// where a longer way leads to the same room; rooms of internal/ of which there
// are many on the ground are named but have no arrows.
func drawn(all map[string][]string) string {
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart TD\n")
	shown := map[string]bool{}
	for i := len(storeys) - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "  subgraph s%d [\"%s\"]\n", i, storeys[i].name)
		if i == 0 {
			fmt.Fprintf(&b, "    ground[\"%s\"]\n", strings.Join(wrapped(storeys[0].rooms, 4), "<br>"))
		} else {
			for _, room := range storeys[i].rooms {
				shown[room] = true
				fmt.Fprintf(&b, "    %s[\"%s\"]\n", id(room), room)
			}
		}
		b.WriteString("  end\n")
	}
	for _, room := range slices.Sorted(maps.Keys(all)) {
		if !shown[room] {
			continue
		}
		for _, other := range slices.Sorted(slices.Values(all[room])) {
			if shown[other] && !slices.ContainsFunc(all[room], func(between string) bool { return between != other && reaches(all, between, other) }) {
				fmt.Fprintf(&b, "  %s --> %s\n", id(room), id(other))
			}
		}
	}
	b.WriteString("```\n")
	return b.String()
}

func id(room string) string { return strings.ReplaceAll(room, "/", "_") }

// reaches tells whether from imports to, or a room that does.
func reaches(all map[string][]string, from, to string) bool {
	return slices.ContainsFunc(all[from], func(next string) bool { return next == to || reaches(all, next, to) })
}

// wrapped joins names, so many in a line.
func wrapped(names []string, n int) []string {
	var lines []string
	for part := range slices.Chunk(names, n) {
		lines = append(lines, strings.Join(part, ", "))
	}
	return lines
}
