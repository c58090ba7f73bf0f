package lesson

import (
	"regexp"
	"strings"
	"testing"

	"convlab/convviz"
)

func TestPictures(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Setenv("CONVLAB_LANG", lang)
		g, err := gallery(2, []Shot{{"a\nb", uneven.Grey(0, 9)}, {"c", uneven.Grey(0, 9)}, {"d", uneven.Grey(0, 9)}})
		if err != nil || !strings.Contains(g.Alt, "a b") {
			t.Errorf("%v, %v", g, err)
		}
		l, err := lineChart("T", "x", false, []Line{{Name: "one", Y: []float64{1, 2}}})
		if err != nil || !strings.Contains(l.Alt, "one") {
			t.Errorf("%v, %v", l, err)
		}
		if lang == "zh" && regexp.MustCompile(`[A-Za-z]{4,}`).MatchString(g.Alt+l.Alt) {
			t.Errorf("not Chinese: %q, %q", g.Alt, l.Alt)
		}
	}
	Tables(Table{Title: "a", Map: uneven, Range: 9}, Table{Title: "b", Map: uneven})
	Bars(Chart{Title: "a", Labels: []string{"x"}, Values: []float64{1}}, Chart{Title: "b", Labels: []string{"x"}, Values: []float64{2}})
	Lines("t", "x", Line{Name: "n", Y: []float64{1, 2}})
	Shares("t", "x", Line{Name: "n", Y: []float64{0.1, 1}})
	Gallery(3, Shot{"a", uneven.Grey(0, 9)})
	Show(convviz.Coverage(3, 1, 2))
}
