package grade

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bookWith writes a notebook of these code cells; the first has nbgrader's points if
// they are not 0.
func bookWith(t *testing.T, file string, points float64, cells ...string) string {
	t.Helper()
	var all []map[string]any
	for i, source := range cells {
		metadata := map[string]any{}
		if points != 0 && i == 0 {
			metadata["nbgrader"] = map[string]any{"grade_id": "double", "points": points}
		}
		all = append(all, map[string]any{"cell_type": "code", "metadata": metadata, "source": source, "outputs": []any{}, "execution_count": nil})
	}
	content, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": all})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), file)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	ownTest = "\n\nfunc TestDouble(t *testing.T) {\n\tif got := Double(Pair{2, math.NaN()}, 1, 2); got == nil || got.A != 4 || !math.IsNaN(got.B) {\n\t\tt.Errorf(\"got %v\", got)\n\t}\n}\n%test\n"
	stub    = "func Double(p Pair, more ...int) *Pair { return nil }"
	pairs   = "type Pair struct{ A, B float64 }\n\nfunc (p Pair) Twice() *Pair { return &Pair{2 * p.A, 2 * p.B} }"
)

// TestWith: a teacher's own notebook, with ordinary tests, types of its own and
// nbgrader's points.
func TestWith(t *testing.T) {
	for answer, c := range map[string]struct {
		result Result
		says   string
	}{
		"func Double(p Pair, more ...int) *Pair { return p.Twice() }": {Right, ""},
		"func Double(p Pair, more ...int) *Pair { return &p }":        {Wrong, "got &{2 NaN}"},
		"func Double(p Pair, more ...int) *Pair { panic(\"no\") }":    {Wrong, "stops with: no"},
		"func Double(p Pair, more ...int) *Pair { return help(p) }":   {Right, ""}, // of another cell
	} {
		g := grader(t, Options{With: bookWith(t, "exam.ipynb", 4, stub+ownTest, pairs)})
		got, err := g.Grade(t.Context(), Found{Student: "li", Path: bookWith(t, "li.ipynb", 0, answer+"\n%test", "func help(p Pair) *Pair { return p.Twice() }")})
		if err != nil || len(got.Marks) != 1 {
			t.Fatalf("%v, %+v", err, got)
		}
		m := got.Marks[0]
		if m.Name != "exam/Double" || m.Result != c.result || !strings.Contains(m.Feedback, c.says) || m.Of != 4 || m.Points != map[Result]float64{Right: 4}[c.result] {
			t.Errorf("%s: %+v, want %s and %q", answer, m, c.result, c.says)
		}
	}
}

// TestTrust: programs run without isolation too, where a teacher wants that, and
// end at the limit of time.
func TestTrust(t *testing.T) {
	g := grader(t, Options{With: bookWith(t, "exam.ipynb", 0, stub+ownTest, pairs), Limits: Limits{Time: 1e9, Memory: 256 << 20, Trust: true}})
	for answer, want := range map[string]Result{"{ return p.Twice() }": Right, "{ for { } }": Wrong} {
		got, err := g.Grade(t.Context(), Found{Student: "li", Path: bookWith(t, "li.ipynb", 0, strings.Replace(stub, "{ return nil }", answer, 1))})
		if err != nil || got.Marks[0].Result != want {
			t.Errorf("%s: %v, %+v, want %s", answer, err, got, want)
		}
	}
}

// TestReports: what students chose is text in both files and nothing else.
func TestReports(t *testing.T) {
	all := []Graded{
		{Student: "=1+1", Path: "a.ipynb", Part: "1.1", Lang: "en", Marks: []Mark{{"1.1/A", Right, 2, 2, "", "func A() {}"}, {"1.1/B", Wrong, 0, 1.5, "<script>alert(1)</script>", "<b>"}}},
		{Student: "李", Path: "b.ipynb", Part: "1.1", Lang: "zh", Marks: []Mark{{"1.1/A", Empty, 0, 2, "还没有写。", ""}}},
		{Student: "x", Path: "c.ipynb", Problem: "it is not a notebook"},
	}
	var csv, html bytes.Buffer
	if err := WriteCSV(&csv, all); err != nil {
		t.Fatal(err)
	}
	want := "student,notebook,exercise,points,of,result,feedback\n'=1+1,a.ipynb,1.1/A,2,2,right,\n" +
		"'=1+1,a.ipynb,1.1/B,0,1.5,wrong,<script>alert(1)</script>\n李,b.ipynb,1.1/A,0,2,empty,还没有写。\nx,c.ipynb,,0,0,refused,it is not a notebook\n"
	if csv.String() != want {
		t.Errorf("CSV\n%s\nwant\n%s", &csv, want)
	}
	if err := WriteHTML(&html, "zh", all); err != nil {
		t.Fatal(err)
	}
	for text, wanted := range map[string]bool{"2 / 3.5": true, "<script>": false, "&lt;script&gt;": true, "还没有写。": true, `lang="zh-CN"`: true, "it is not a notebook": true} {
		if strings.Contains(html.String(), text) != wanted {
			t.Errorf("%q in the page: %t, want %t", text, !wanted, wanted)
		}
	}
}

// TestFind: who a student is follows from where the notebooks lie.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"li/zh/a.ipynb", "li/zh/.ipynb_checkpoints/a.ipynb", "wang/zh/a.ipynb", "zhang.ipynb", "notes.txt"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(file)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for want, paths := range map[string][]string{
		"li wang zhang": {dir}, "li wang": {filepath.Join(dir, "li/zh/a.ipynb"), filepath.Join(dir, "wang/zh/a.ipynb")}, "a": {filepath.Join(dir, "li/zh/a.ipynb")},
	} {
		found, err := Find(paths)
		var names []string
		for _, f := range found {
			names = append(names, f.Student)
		}
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%v: %q and %v, want %q", paths, got, err, want)
		}
	}
	// Who leads a folder of theirs into another's hands in nothing.
	if err := os.Symlink(filepath.Join(dir, "li"), filepath.Join(dir, "copies")); err != nil {
		t.Fatal(err)
	}
	found, err := Find([]string{filepath.Join(dir, "li/zh/a.ipynb"), filepath.Join(dir, "copies/zh/a.ipynb")})
	if err != nil || len(found) != 2 || found[0].linked || !found[1].linked {
		t.Errorf("found %+v, %v", found, err)
	}
	if _, err := Find([]string{filepath.Join(dir, "notes")}); err == nil {
		t.Error("a path that is not there is no error")
	}
}

// The folder of a checkout may have a name that a pattern would take for more than
// a name.
func TestCourseInAnyFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "course [1] *?")
	if err := os.CopyFS(filepath.Join(dir, "notebooks", "en"), os.DirFS(filepath.Dir(bookWith(t, "exam.ipynb", 0, stub+ownTest)))); err != nil {
		t.Fatal(err)
	}
	books, err := openCourse(dir)
	if err != nil || len(books) != 1 {
		t.Errorf("%d notebooks, want 1: %v", len(books), err)
	}
}
