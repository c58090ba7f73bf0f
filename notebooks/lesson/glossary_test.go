package lesson

import (
	"strings"
	"testing"
)

func TestGlossary(t *testing.T) {
	terms := Glossary()
	if len(terms) < 50 {
		t.Fatalf("%d terms", len(terms))
	}
	for i, term := range terms {
		if term.English == "" || term.Chinese == "" || term.Meaning == "" || term.MeaningChinese == "" {
			t.Errorf("%q lacks something: %+v", term.English, term)
		}
		if i > 0 && strings.ToLower(terms[i-1].English) >= strings.ToLower(term.English) {
			t.Errorf("%q stands after %q", term.English, terms[i-1].English)
		}
		for _, other := range terms {
			for _, not := range term.Not {
				if strings.Contains(other.Chinese+other.MeaningChinese, not) && !strings.Contains(other.Chinese, not) {
					t.Errorf("%q uses %q, the word is %q", other.English, not, term.Chinese)
				}
			}
		}
	}
	t.Setenv("CONVLAB_LANG", "zh")
	if table := glossaryTable(); !strings.Contains(table, "<td style=\"text-align:left\">步长</td><td style=\"text-align:left\">stride</td>") {
		t.Error("the table does not have 步长 first")
	}
}
