package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convlab/notebooks/lesson"
)

// book is a built notebook as far as these tests read it.
type book struct {
	name  string
	Cells []struct {
		Type     string `json:"cell_type"`
		Source   string
		Metadata struct{ Tags []string }
		Outputs  []output
	}
}

// output is what a cell shows: printed text, or something in several formats.
type output struct {
	Name string // of the stream, for printed text
	Text string
	Data map[string]any
}

// lessonBooks are the notebooks whose cells share the package lesson, in one
// language: those with a cell of set-up that is collapsed.
func lessonBooks(t *testing.T, language string) []book {
	t.Helper()
	files, err := filepath.Glob("../notebooks/" + language + "/*.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	var books []book
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 5<<20 {
			t.Errorf("%s has %d bytes, more than 5 MB", file, len(data))
		}
		var raw any
		if err := json.Unmarshal(data, &raw); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		whole, err := json.Marshal(joined(raw))
		if err != nil {
			t.Fatal(err)
		}
		b := book{name: language + "/" + filepath.Base(file)}
		if err := json.Unmarshal(whole, &b); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, c := range b.Cells {
			if slices.Contains(c.Metadata.Tags, "setup") {
				books = append(books, b)
				break
			}
		}
	}
	if len(books) < 11 {
		t.Fatalf("%d notebooks with a collapsed set-up", len(books))
	}
	return books
}

// joined makes one string of the lists of lines that notebooks store texts as.
func joined(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if list, ok := value.([]any); ok && slices.Contains([]string{"source", "text", "text/plain", "text/html", "image/svg+xml", "image/png"}, key) {
				var b strings.Builder
				for _, line := range list {
					b.WriteString(fmt.Sprint(line))
				}
				v[key] = b.String()
				continue
			}
			v[key] = joined(value)
		}
	case []any:
		for i := range v {
			v[i] = joined(v[i])
		}
	}
	return v
}

// said is what a cell shows as text: printed lines and alt texts.
func (b book) said() string {
	var all strings.Builder
	for _, c := range b.Cells {
		for _, o := range c.Outputs {
			all.WriteString(o.Text)
			if alt, ok := o.Data["text/plain"].(string); ok {
				all.WriteString(alt + "\n")
			}
		}
	}
	return all.String()
}

// printed is what the cells print.
func (b book) printed() string {
	var all strings.Builder
	for _, c := range b.Cells {
		for _, o := range c.Outputs {
			all.WriteString(o.Text)
		}
	}
	return all.String()
}

func (b book) markdown() string {
	var all []string
	for _, c := range b.Cells {
		if c.Type == "markdown" {
			all = append(all, c.Source)
		}
	}
	return strings.Join(all, "\n\n")
}

func bothLanguages(t *testing.T, test func(t *testing.T, language string, b book)) {
	for _, language := range []string{"en", "zh"} {
		for _, b := range lessonBooks(t, language) {
			t.Run(b.name, func(t *testing.T) { test(t, language, b) })
		}
	}
}

// TestCellsAreShort: a cell that a student reads has at most 25 lines of at
// most 100 characters, and no text in two languages.
func TestCellsAreShort(t *testing.T) {
	bothLanguages(t, func(t *testing.T, _ string, b book) {
		for i, c := range b.Cells {
			if c.Type != "code" || slices.Contains(c.Metadata.Tags, "setup") {
				continue
			}
			lines := strings.Split(c.Source, "\n")
			if len(lines) > 25 {
				t.Errorf("cell %d, %q: %d lines", i, lines[0], len(lines))
			}
			for _, line := range lines {
				if n := len([]rune(line)); n > 100 {
					t.Errorf("cell %d: %d characters in %q", i, n, line)
				}
			}
			if strings.Contains(c.Source, "convviz.Say(") || strings.ContainsAny(c.Source, "«»") {
				t.Errorf("cell %d has a text in two languages: %q", i, lines[0])
			}
		}
	})
}

// TestPrintedTextIsWhole: what a cell prints in one go is one output. A page would
// begin a new line for each piece of it.
func TestPrintedTextIsWhole(t *testing.T) {
	bothLanguages(t, func(t *testing.T, _ string, b book) {
		for i, c := range b.Cells {
			for k := 1; k < len(c.Outputs); k++ {
				if name := c.Outputs[k].Name; name != "" && name == c.Outputs[k-1].Name {
					t.Errorf("cell %d: %q and %q stand apart", i, c.Outputs[k-1].Text, c.Outputs[k].Text)
				}
			}
		}
	})
}

// TestFrame: every notebook says what it is for, and ends with three lines,
// three questions with one right choice each; its exercises are three with two
// hints and an answer.
func TestFrame(t *testing.T) {
	words := map[string]map[string]string{
		"en": {"goal": "**You will be able to**", "need": "**You need**", "time": "**Time**", "short": "## In short", "three": "## Three questions",
			"hint": "<summary>Hint ", "answer": "<summary>Answer</summary>", "right": "**Right.**", "no": "**No.**"},
		"zh": {"goal": "**学完之后，你能够**", "need": "**需要的基础**", "time": "**用时**", "short": "## 小结", "three": "## 三道思考题",
			"hint": "<summary>提示 ", "answer": "<summary>答案</summary>", "right": "**正确。**", "no": "**不对。**"},
	}
	bothLanguages(t, func(t *testing.T, language string, b book) {
		if strings.Contains(b.name, "/0.") {
			return // it is the way in
		}
		text, w := b.markdown(), words[language]
		for name, want := range map[string]int{"goal": 1, "need": 1, "time": 1, "short": 1, "three": 1, "hint": 6, "answer": 3, "right": 3} {
			if got := strings.Count(text, w[name]); got != want {
				t.Errorf("%d times %q, want %d", got, w[name], want)
			}
		}
		if got := strings.Count(text, w["no"]); got < 3 {
			t.Errorf("%d wrong choices that explain themselves", got)
		}
		_, short, _ := strings.Cut(text, w["short"])
		short, questions, _ := strings.Cut(short, w["three"])
		if got := len(regexp.MustCompile(`(?m)^\d\. `).FindAllString(short, -1)); got != 3 {
			t.Errorf("%d lines of summary", got)
		}
		if got := len(regexp.MustCompile(`(?m)^\*\*\d\. `).FindAllString(questions, -1)); got != 3 {
			t.Errorf("%d questions", got)
		}
		if !strings.Contains(text, "$$") {
			t.Error("no formula")
		}
		tests := 0
		for _, c := range b.Cells {
			if c.Type == "code" && strings.Contains(c.Source, "%test") {
				tests++
				if !strings.Contains(c.Source, "lesson.Check(t, \"") {
					t.Errorf("an exercise is not checked by lesson.Check: %q", c.Source)
				}
			}
		}
		if tests != 3 {
			t.Errorf("%d exercises", tests)
		}
	})
}

// TestSameInBothLanguages: cells are of the same kinds in the same order, and
// code differs in texts and comments alone.
func TestSameInBothLanguages(t *testing.T) {
	words := regexp.MustCompile(`"(\\.|[^"\\])*"|//[^\n]*|\s+`)
	english, chinese := lessonBooks(t, "en"), lessonBooks(t, "zh")
	if len(english) != len(chinese) {
		t.Fatalf("%d notebooks in English, %d in Chinese", len(english), len(chinese))
	}
	for n, en := range english {
		zh := chinese[n]
		if len(en.Cells) != len(zh.Cells) {
			t.Errorf("%s has %d cells, %s %d", en.name, len(en.Cells), zh.name, len(zh.Cells))
			continue
		}
		for i := range en.Cells {
			a, b := en.Cells[i], zh.Cells[i]
			if a.Type != b.Type || a.Type == "code" && words.ReplaceAllString(a.Source, "") != words.ReplaceAllString(b.Source, "") {
				t.Errorf("%s, cell %d: English\n%s\nChinese\n%s", en.name, i, a.Source, b.Source)
			}
		}
	}
}

// foreign are the words that stay English in a Chinese notebook's outputs.
var foreign = regexp.MustCompile(strings.Join([]string{
	`(?m)^(=== RUN|--- SKIP:|PASS|\s+main_test\.go).*$`, // Go's test tool
	`Sobel [xy]`, `sobel [xy]`, // names: a person and a direction
	`(?m)^(identity|cross|box|gaussian5?|sharpen|edges|prewitt x|scharr x|laplacian|emboss)\b`, // the names by which cnnlib.ClassicKernel finds a kernel
	`(Conv|MaxPool|TransposedConv|AlexNet|Dense) [\d@x sdg]+`, `ReLU, Dropout|BatchNorm, ReLU`, // layers as the library calls them
	`n = \d+, k = \d+`,
	`(?m)^ *(Compose|Random\w+|CenterCrop|ColorJitter|ToTensor|Normalize|Resize|LoseColour)\(.*$`, // as torchvision writes it
	`xla:cpu|\bms\b|MiB`, // a backend's name and units
}, "|"))

// TestChineseAllTheWay: a Chinese notebook prints no English sentence, none of
// its texts has a word that the glossary does not use, and in what it tells and
// prints Chinese commas and colons stand between Chinese characters.
func TestChineseAllTheWay(t *testing.T) {
	sentence := regexp.MustCompile(`[A-Za-z]{3,}[ ,]+[A-Za-z]{2,}`)
	mark := regexp.MustCompile(`\p{Han}[,:;!?] ?\p{Han}`)
	for _, b := range lessonBooks(t, "zh") {
		said := b.said()
		for _, found := range sentence.FindAllString(foreign.ReplaceAllString(said, ""), -1) {
			t.Errorf("%s shows English: %q", b.name, found)
		}
		text := b.markdown() + said
		for _, c := range b.Cells {
			if c.Type == "code" {
				text += c.Source
			}
		}
		for _, found := range mark.FindAllString(b.printed()+b.markdown(), -1) {
			t.Errorf("%s: Western punctuation in %q", b.name, found)
		}
		for _, term := range lesson.Glossary() {
			for _, not := range term.Not {
				if strings.Contains(text, not) {
					t.Errorf("%s uses %q, the glossary's word is %q", b.name, not, term.Chinese)
				}
			}
		}
	}
}

// numbers are those of the lesson's plan that each part must show as computed.
var numbers = map[string][]string{
	"1.1": {"9 8 7; 6 5 4; 3 2 1", "1 2 3; 4 5 6; 7 8 9", `(?m)^-3\s+2$`, "3128"},
	"1.2": {"4 3 4\n2 4 3\n2 3 4", ` 81\n`, "168", "145800", "27 (products|个乘积)", `w\[0,0\] +40 +40 +40`, "(after 3000 steps|3000 步之后)"},
	"1.3": {"3·3·3 = 27", "3·3 = 9", "5248", "1792", "0\\.00.* 0\\.75"},
	"1.4": {" 1  4  7  6\n 7 23 33 24\n19 53 63 42\n21 52 59 36", "23 33\n53 63", "4x16.* 36 / 64", "1 1 2 1 2 1 2 1 1", "8 → 3 → op = 1 → 8", "1490"},
	"1.5": {"\\[2 2 2\\] → 49 / 169", "\\[1 2 3\\] → 169 / 169", "\\[1 2 4\\] → 225 / 225", "\\[3 7 15 31 63\\]"},
	"1.6": {"(rank|秩) 1", "10\\.1 %", "81 → +72", "36992 → 4544", "6230016 → 740896", "0\\.118924 = 1/128 \\+ 1/9 = 0\\.118924"},
	"1.7": {"576 → +70", "4718592", "573440", "176 → 1152"},
	"1.8": {"1296", " 648", " 432", " 324", " 216", " 108", "307200", "614400", "33\\.3 %", "864 / 1296"},
	"1.9": {"0 4 8 1 5 9 2 6 10 3 7 11", "33 % → 100 %", "25 % → +75 %", "17 % → +33 %", "280"},
	"2.1": {"1 3 6 7 6 3 1", "6\\.7 %", "0\\.14 %", "r = 15", "3 → 7"},
	"3.1": {"168 880 69240 10164 850", "12\\.1 %, (rows)? ?30 31|12\\.1 %，行 30 31", "r = 10"},
	"3.3": {"0\\.weight +\\[6 3 3 3\\]", "\\[3 3 6 16\\]", "R00 R01 R10 R11 G00", "true"},
	"3.4": {"50000", "10000", "391 .* 80", "79 .* 16", "0\\.49140"},
	"3.2": {"11585546", "18552192", "81\\.4\\d %|81\\.5\\d? %", "176\\.8 MiB"},
	"3.8": {"ln 10 = 2\\.303", "plain: 20"},
	"3.9": {"1\\.461", "766560266", "10\\.weight → 2\\.weight", "label 10, but there are 10 classes|标签是 10，但只有 10 个类别", "38614688|2\\.30[12]"},
	"4.1": {"IoU 0\\.98\\d", "75\\.0 %"},
	"4.2": {"17806 +6142", "\\[3 3 3 1 8\\]", "(95 % interval|95 % 置信区间)"},
	"3.5": {"ln 10 = 2\\.3026", "(196 steps|196 步)", "-8\\.50, 1\\.50", "11585546", "(plain-80 80 epochs|plain-80 +80 (epochs|轮))", "(epoch 80: loss|第 80 轮：损失) 0\\.1", "0\\.(99|100)\\d|1\\.00\\d"},
	"3.6": {"10000", "0\\.weight +\\[6 3 3 3\\]", "11\\.bias +\\[10\\]", " 0\n", "4 Conv 16|4 .*Conv 16", "42"},
	"3.7": {"2\\.04 %", "373248", "11\\.746 %", "32x32: 11\\.6 %", "224x224: 11\\.7 %"},
	"2.2": {"110592", "200704", "1769472 = 27C² = 1769472", "0\\.551"},
}

func TestLessonsNumbers(t *testing.T) {
	bothLanguages(t, func(t *testing.T, _ string, b book) {
		said := b.said()
		for _, number := range numbers[filepath.Base(b.name)[:3]] {
			if !regexp.MustCompile(number).MatchString(said) {
				t.Errorf("no output has %q", number)
			}
		}
	})
}
