package lesson

import (
	"fmt"
	"math"
	"reflect"
	"strings"

	"convlab/convviz"
	"convlab/convviz/draw"
)

// exercise is a function that students write, with what tells right from
// wrong.
type exercise struct {
	names []string // of the arguments, as messages call them
	cases [][]any
	want  any // a func of the arguments: what is right, computed by the library
	// judge tells of a result what is wrong with it, where more than one is
	// right; want is nil then.
	judge    func(result []reflect.Value) string
	mistakes []mistake
}

// mistake is a function that gives what a typical mistake gives.
type mistake struct {
	does             any
	english, chinese string
}

// Reporter is what Check needs of a *testing.T.
type Reporter interface {
	Helper()
	Skip(...any)
	Error(...any)
}

// Check tests the function that a student wrote for an exercise, such as "1.1
// SamePadding". While it gives nothing but zeros the test is skipped. A wrong
// result is told with its arguments; if it is that of a typical mistake, the
// mistake is named; if it is a map, the first wrong number is shown in it.
func Check(t Reporter, id string, written any) {
	t.Helper()
	e, ok := exercises[id]
	if !ok {
		t.Error(fmt.Sprintf(say("there is no exercise %q", "没有练习 %q"), id))
		return
	}
	v := e.check(written)
	if v.unwritten {
		t.Skip(say("not written yet", "还没有写"))
		return
	}
	if v.yours != nil {
		if p, err := firstWrong(v.yours, v.right); err == nil {
			OK(convviz.Show(p))
		}
	}
	if v.said != "" {
		t.Error(v.said)
	}
}

// verdict is what an exercise was found to be.
type verdict struct {
	unwritten    bool
	said         string // what is wrong; "": nothing
	yours, right Map    // where the result is a map of the right size
}

func (e exercise) check(written any) verdict {
	f := reflect.ValueOf(written)
	var results [][]reflect.Value
	for _, args := range e.cases {
		r, err := run(f, args)
		if err != nil {
			return verdict{said: fmt.Sprintf(say("%sit stops with: %v", "%s程序中止：%v"), e.with(args), err)}
		}
		results = append(results, r)
	}
	if e.unwritten(results) {
		return verdict{unwritten: true}
	}
	for i, args := range e.cases {
		said, yours, right := e.compare(args, results[i])
		if said == "" {
			continue
		}
		for _, m := range e.mistakes {
			if e.same(results, m) {
				said += "\n" + say(m.english, m.chinese)
				break
			}
		}
		return verdict{said: said, yours: yours, right: right}
	}
	return verdict{}
}

// unwritten is whether the function gives zeros in every case.
func (e exercise) unwritten(results [][]reflect.Value) bool {
	for _, r := range results {
		for _, v := range r {
			if !v.IsZero() {
				return false
			}
		}
	}
	return true
}

// compare tells what is wrong with a result.
func (e exercise) compare(args []any, got []reflect.Value) (said string, yours, right Map) {
	if e.judge != nil {
		return e.judge(got), nil, nil
	}
	want, err := run(reflect.ValueOf(e.want), args)
	if err != nil {
		return err.Error(), nil, nil
	}
	if equal(got, want) {
		return "", nil, nil
	}
	said = fmt.Sprintf(say("%syou give %s, right is %s.", "%s你的结果是 %s，正确的是 %s。"), e.with(args), written(got), written(want))
	a, isMap := got[0].Interface().(Map)
	if rows, ok := got[0].Interface().([][]float32); ok {
		a, isMap = rows, true
	}
	if b, ok := want[0].Interface().(Map); ok && isMap {
		if len(a) != len(b) || len(a) == 0 || len(a[0]) != len(b[0]) {
			return fmt.Sprintf(say("%syou give %s numbers, right are %dx%d.", "%s你的结果有 %s 个数，应当是 %dx%d 个。"), e.with(args), sizeOf(a), len(b), len(b[0])), nil, nil
		}
		i, j := differs(a, b)
		return fmt.Sprintf(say("%srow %d, column %d: you give %s, right is %s.", "%s第 %d 行第 %d 列：你的结果是 %s，正确的是 %s。"),
			e.with(args), i, j, figure(a[i][j]), figure(b[i][j])), a, b
	}
	return said, nil, nil
}

func sizeOf(m Map) string {
	if len(m) == 0 {
		return "0"
	}
	return fmt.Sprintf("%dx%d", len(m), len(m[0]))
}

// same is whether the mistake gives these results in every case.
func (e exercise) same(results [][]reflect.Value, m mistake) bool {
	for i, args := range e.cases {
		r, err := run(reflect.ValueOf(m.does), args)
		if err != nil || !equal(results[i], r) {
			return false
		}
	}
	return true
}

// with names the arguments of a case.
func (e exercise) with(args []any) string {
	var parts []string
	for i, a := range args {
		if v := reflect.ValueOf(a); v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Slice {
			continue // images and kernels are too long to print
		}
		parts = append(parts, fmt.Sprintf("%s = %v", e.names[i], a))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + say(": ", "：")
}

// run calls f; a panic in it is an error.
func run(f reflect.Value, args []any) (results []reflect.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
		if want := f.Type().In(i); !in[i].Type().AssignableTo(want) {
			in[i] = in[i].Convert(want)
		}
	}
	return f.Call(in), nil
}

func equal(a, b []reflect.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equalValues(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalValues(a, b reflect.Value) bool {
	switch {
	case a.Kind() == reflect.Slice && b.Kind() == reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equalValues(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case a.CanInt() && b.CanInt():
		return a.Int() == b.Int()
	case a.CanFloat() && b.CanFloat():
		x, y := a.Float(), b.Float()
		return math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= 1e-5*max(1, math.Abs(x), math.Abs(y))
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// written is results as text.
func written(results []reflect.Value) string {
	var parts []string
	for _, r := range results {
		if r.CanFloat() {
			parts = append(parts, fmt.Sprintf("%.6g", r.Float()))
		} else {
			parts = append(parts, fmt.Sprint(r.Interface()))
		}
	}
	return strings.Join(parts, ", ")
}

// differs is where two maps first differ.
func differs(a, b Map) (row, column int) {
	for i := range b {
		for j := range b[i] {
			if j >= len(a[i]) || !equalValues(reflect.ValueOf(a[i][j]), reflect.ValueOf(b[i][j])) {
				return i, j
			}
		}
	}
	return 0, 0
}

// firstWrong draws a student's map beside the right one: what is wrong is
// shaded, the first wrong number most.
func firstWrong(yours, right Map) (*convviz.Picture, error) {
	r, c := differs(yours, right)
	values, texts := make([][]float64, len(right)), make([][]string, len(right))
	for i := range right {
		for j := range right[i] {
			v, text := 0.0, "?"
			if j < len(yours[i]) {
				text = figure(yours[i][j])
			}
			if j >= len(yours[i]) || !equalValues(reflect.ValueOf(yours[i][j]), reflect.ValueOf(right[i][j])) {
				v = 0.3
			}
			if i == r && j == c {
				v = 1
			}
			values[i], texts[i] = append(values[i], v), append(texts[i], text)
		}
	}
	first := fmt.Sprintf(say("first wrong: row %d, column %d", "第一个错在第 %d 行第 %d 列"), r, c)
	return draw.Beside(
		draw.Matrix{Title: say("yours", "你的结果"), Values: values, Texts: texts, Lo: -1, Hi: 1, Signed: true, Note: first,
			Alt: say("your result; ", "你的结果；") + first + say(".", "。")},
		draw.Matrix{Title: say("right", "正确结果"), Values: convviz.Numbers(right), Alt: say("right: ", "正确结果：") + inWords(right)})
}
