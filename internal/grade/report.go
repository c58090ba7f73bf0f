package grade

import (
	_ "embed" // the report's page
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
)

// WriteCSV writes a line for each exercise of each notebook: student, file, exercise,
// points, of how many, result, feedback. A spreadsheet takes none of them for a
// formula.
func WriteCSV(w io.Writer, all []Graded) error {
	out := csv.NewWriter(w)
	out.Write([]string{"student", "notebook", "exercise", "points", "of", "result", "feedback"})
	for _, g := range all {
		marks := g.Marks
		if len(marks) == 0 {
			marks = []Mark{{Result: Refused, Feedback: g.Problem}}
		}
		for _, m := range marks {
			row := []string{g.Student, g.Path, m.Name, number(m.Points), number(m.Of), string(m.Result), m.Feedback}
			for i, field := range row {
				if strings.IndexAny(field, "=+-@\t\r") == 0 {
					row[i] = "'" + field
				}
			}
			out.Write(row)
		}
	}
	out.Flush()
	return out.Error()
}

// number writes points without needless digits.
func number(points float64) string { return strconv.FormatFloat(points, 'f', -1, 64) }

//go:embed programs/report.html
var page string

// reported is a student: one row of the report.
type reported struct {
	Name       string
	Points, Of float64
	Cells      []template.HTML
	Notebooks  []Graded
}

// WriteHTML writes one page with a table of all students and exercises, and under it
// each student's answers with the feedback, in the language of their notebook. lang is
// that of the page.
func WriteHTML(w io.Writer, lang string, all []Graded) error {
	var names []string
	var students []*reported
	for _, g := range all {
		i := slices.IndexFunc(students, func(s *reported) bool { return s.Name == g.Student })
		if i < 0 {
			students, i = append(students, &reported{Name: g.Student}), len(students)
		}
		s := students[i]
		points, of := g.Sum()
		s.Points, s.Of, s.Notebooks = s.Points+points, s.Of+of, append(s.Notebooks, g)
		for _, m := range g.Marks {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	slices.Sort(names)
	for _, s := range students {
		for _, name := range names {
			text := ""
			for _, g := range s.Notebooks {
				for _, m := range g.Marks {
					if m.Name == name {
						text += fmt.Sprintf(`<span class="%s">%s/%s</span> `, m.Result, number(m.Points), number(m.Of))
					}
				}
			}
			s.Cells = append(s.Cells, template.HTML(text))
		}
	}
	t, err := template.New("report").Funcs(template.FuncMap{
		"say":    func(english, chinese string) string { return say(lang, english, chinese) },
		"number": number,
		"result": func(lang string, r Result) string {
			return map[Result]string{Right: say(lang, "right", "正确"), Wrong: say(lang, "wrong", "不对"), Empty: say(lang, "empty", "未写"), Refused: say(lang, "not run", "未运行")}[r]
		},
	}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, map[string]any{"Lang": map[string]string{"zh": "zh-CN"}[lang], "Names": names, "Students": students})
}
