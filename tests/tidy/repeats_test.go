package tidy

import (
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// repeated is how many lines in a row make a repetition.
const repeated = 6

// named are repetitions that stay, each with the reason: the first place is a
// file, the second the other one.
var named = map[[2]string]string{
	{"cnnlib/separable.go", "cnnlib/separable.go"}: "SpatialConv and FlattenedConv have the same settings, and a reader of each is to see them",
}

// codeLine is a line with its place, white space folded.
type codeLine struct {
	file string
	at   int
	text string
}

// TestRepetition: no six lines of code stand in two places. Comments, blank
// lines, imports and lone brackets do not count, nor do tests.
func TestRepetition(t *testing.T) {
	places := map[string][]codeLine{} // by the text of six lines
	for _, f := range goFiles(t) {
		if strings.HasPrefix(f.name, "tests/") {
			continue
		}
		lines := codeLines(f, text(t, f.name))
		for i := 0; i+repeated <= len(lines); i++ {
			var b strings.Builder
			for _, l := range lines[i : i+repeated] {
				b.WriteString(l.text + "\n")
			}
			places[b.String()] = append(places[b.String()], lines[i])
		}
	}
	reported, used := map[[2]string]bool{}, map[[2]string]bool{}
	for _, at := range places {
		for _, other := range at[min(1, len(at)):] {
			pair := [2]string{at[0].file, other.file}
			slices.Sort(pair[:])
			if _, ok := named[pair]; ok {
				used[pair] = true
			} else if !reported[pair] {
				reported[pair] = true
				t.Errorf("%s stands again at %s: make one of them, or give the reason in tests/tidy/repeats_test.go", place(at[0]), place(other))
			}
		}
	}
	for pair, reason := range named {
		if !used[pair] {
			t.Errorf("%s and %s repeat nothing any more: the reason %q can go", pair[0], pair[1], reason)
		}
	}
}

func place(l codeLine) string { return fmt.Sprintf("%s:%d", l.file, l.at) }

// codeLines are the lines of a file after its imports that hold more than
// comments and brackets.
func codeLines(f goFile, source string) []codeLine {
	after := 0
	for _, i := range f.Imports {
		after = max(after, f.line(i)+1)
	}
	words := map[int][]string{}
	var s scanner.Scanner
	set := token.NewFileSet()
	file := set.AddFile(f.name, set.Base(), len(source))
	s.Init(file, []byte(source), nil, 0)
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			break
		}
		if literal == "" || kind.IsOperator() {
			literal = kind.String()
		}
		if line := file.Line(pos); line > after && kind != token.SEMICOLON {
			words[line] = append(words[line], literal)
		}
	}
	var lines []codeLine
	for n := 1; n <= file.LineCount(); n++ {
		line := strings.Join(words[n], " ")
		if strings.Trim(line, "(){}[], ") != "" {
			lines = append(lines, codeLine{f.name, n, line})
		}
	}
	return lines
}
