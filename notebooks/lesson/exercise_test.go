package lesson

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"
)

// areChecked feeds exercises what is right, nothing, and their typical mistakes:
// each mistake must be wrong and be named, in both languages.
func areChecked(t *testing.T, exercises map[string]exercise) {
	t.Helper()
	t.Setenv("CONVLAB_LANG", "en")
	for id, e := range exercises {
		if len(e.mistakes) < 2 {
			t.Errorf("%s: %d typical mistakes, at least 2 are wanted", id, len(e.mistakes))
		}
		if e.want != nil {
			if v := e.check(e.want); v.said != "" || v.unwritten {
				t.Errorf("%s: what is right is told: %+v", id, v)
			}
		}
		for _, m := range e.mistakes {
			if v := e.check(m.does); !strings.Contains(v.said, m.english) {
				t.Errorf("%s: no %q in what is said: %q", id, m.english, v.said)
			}
			if !strings.ContainsFunc(m.chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: %q is not Chinese", id, m.chinese)
			}
		}
		if v := e.check(nothing(e)); !v.unwritten {
			t.Errorf("%s: a function that gives nothing is taken for written: %+v", id, v)
		}
	}
	t.Setenv("CONVLAB_LANG", "zh")
	for id, e := range exercises {
		if v := e.check(e.mistakes[0].does); !strings.Contains(v.said, e.mistakes[0].chinese) {
			t.Errorf("%s: no %q in what is said: %q", id, e.mistakes[0].chinese, v.said)
		}
	}
}

// nothing is a function of the exercise's kind that gives zeros.
func nothing(e exercise) any {
	kind := reflect.TypeOf(e.mistakes[0].does)
	return reflect.MakeFunc(kind, func([]reflect.Value) []reflect.Value {
		out := make([]reflect.Value, kind.NumOut())
		for i := range out {
			out[i] = reflect.Zero(kind.Out(i))
		}
		return out
	}).Interface()
}

// TestJudged: answers of exercises that have more than one.
func TestJudged(t *testing.T) {
	for id, right := range map[string]any{
		"1.3 Rightwards": func() Maps { return Maps{{{1, 0}}, {{0, 1}}} },
		"1.5 Widest":     func() (int, int, int) { return 3, 9, 1 },
		"1.6 Split": func() (column, row []float32) {
			return []float32{0.25, 0.5, 0.25}, []float32{0.25, 0.5, 0.25}
		},
	} {
		if v := exercises[id].check(right); v.said != "" || v.unwritten {
			t.Errorf("%s: %+v", id, v)
		}
	}
}

// said is a Reporter that keeps what it is told.
type said struct{ skipped, failed []string }

func (s *said) Helper()             {}
func (s *said) Skip(values ...any)  { s.skipped = append(s.skipped, fmt.Sprint(values...)) }
func (s *said) Error(values ...any) { s.failed = append(s.failed, fmt.Sprint(values...)) }

func TestCheck(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	for _, c := range []struct {
		does    any
		skipped bool
		want    string
	}{
		{func(x, kernel [][]float32, stride int) [][]float32 { return nil }, true, "not written yet"},
		{func(x, kernel [][]float32, stride int) [][]float32 { panic("oh") }, false, "stride = 1: it stops with: oh"},
		{func(x, kernel Map, stride int) Map { return Filled(2, 2, 1) }, false, "you give 2x2 numbers, right are 3x3"},
		{func(x, kernel Map, stride int) Map {
			out := exercises["1.1 Convolve"].want.(func(x, kernel Map, stride int) Map)(x, kernel, stride)
			out[1][1]++
			return out
		}, false, "row 1, column 1: you give"},
		{exercises["1.1 Convolve"].mistakes[0].does, false, "turned by 180°"},
	} {
		var s said
		Check(&s, "1.1 Convolve", c.does)
		got := s.failed
		if c.skipped {
			got = s.skipped
		}
		if len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("got %+v, want %q", s, c.want)
		}
	}
	var s said
	Check(&s, "9.9 None", nil)
	if len(s.failed) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestFirstWrong(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "zh")
	p, err := firstWrong(Rows("1 2; 3 5"), Rows("1 2; 3 4"))
	if err != nil || !strings.Contains(p.Alt, "第一个错在第 1 行第 1 列") {
		t.Errorf("%v, %v", p, err)
	}
}
