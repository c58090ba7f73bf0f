package convviz

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"convlab/convviz/draw"
)

func TestWordsAreInTheFont(t *testing.T) {
	for english, s := range chinese {
		c := draw.New(10, 10)
		c.Text(0, 0, s, draw.Text{})
		p, err := c.Picture("a")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(p.SVG, "<text") && strings.ContainsFunc(s, func(r rune) bool { return r > 0x2e80 }) {
			t.Errorf("%q is not all in the embedded font: run convviz/draw/font/subset.py", s)
		}
		if verbs(english) != verbs(s) {
			t.Errorf("%q and %q take different values", english, s)
		}
	}
}

// TestNotebookLabelsAreInTheFont: the notebooks' own labels are drawn too.
func TestNotebookLabelsAreInTheFont(t *testing.T) {
	sources, err := filepath.Glob("../notebooks/src/*.md")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	said := regexp.MustCompile(`convviz\.Say\("[^"]*", "([^"]*)"\)|"[^"\n]*«[^|»]*\|([^»]*)»`)
	labels := 0
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		drawn := regexp.MustCompile(`(?m)^.*fmt\.Print.*$`).ReplaceAllString(string(text), "") // printed text has the page's fonts
		for _, label := range said.FindAllStringSubmatch(drawn, -1) {
			labels++
			said := label[1] + label[2]
			c := draw.New(10, 10)
			c.Text(0, 0, said, draw.Text{})
			p, err := c.Picture("a")
			if err != nil || strings.Contains(p.SVG, "<text") && strings.ContainsFunc(said, func(r rune) bool { return r > 0x2e80 }) {
				t.Errorf("%s: %q is not all in the embedded font: run convviz/draw/font/subset.py (%v)", source, said, err)
			}
		}
	}
	if labels == 0 {
		t.Error("no label found")
	}
}

func verbs(s string) string {
	var out []string
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+1 < len(s) && strings.ContainsAny(s[i+1:], "dsfg%") {
			j := i + 1 + strings.IndexAny(s[i+1:], "dsfg%")
			out = append(out, s[i:j+1])
			i = j
		}
	}
	return strings.Join(out, " ")
}
