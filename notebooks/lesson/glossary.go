package lesson

import (
	_ "embed"
	"strings"

	"convlab/convviz"
	"convlab/internal/htmltable"
)

//go:embed glossary.tsv
var glossary string

// Term is a word of the course in both languages.
type Term struct {
	English, Chinese        string
	Not                     []string // Chinese words that mean the same and are not used
	Meaning, MeaningChinese string
}

// Glossary is every term of the course, by the alphabet.
func Glossary() []Term {
	var terms []Term
	for i, line := range strings.Split(strings.TrimSpace(glossary), "\n") {
		if i == 0 {
			continue // names the columns
		}
		f := strings.Split(line, "\t")
		t := Term{English: f[0], Chinese: f[1], Meaning: f[3], MeaningChinese: f[4]}
		if f[2] != "" {
			t.Not = strings.Split(f[2], "|")
		}
		terms = append(terms, t)
	}
	return terms
}

// ShowGlossary shows the glossary as a table, the student's language first.
func ShowGlossary() { OK(convviz.ShowHTML(glossaryTable())) }

func glossaryTable() string {
	var b strings.Builder
	b.WriteString("<table style=\"text-align:left\">\n")
	htmltable.Row(&b, `th style="text-align:left"`, say("English", "中文"), say("中文", "English"), say("meaning", "含义"))
	for _, t := range Glossary() {
		htmltable.Row(&b, `td style="text-align:left"`, say(t.English, t.Chinese), say(t.Chinese, t.English), say(t.Meaning, t.MeaningChinese))
	}
	b.WriteString("</table>\n")
	return b.String()
}
