package tests

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A sentence that says which way is faster, and the words by which one leaves
// that open.
var (
	foretold = regexp.MustCompile(`\b(faster|slower|sooner|quicker|longer|as fast|as long|less time|more time|(half|third|quarter|tenth) of the time|% of the time)\b|更快|更慢|变快|变慢|快得多|慢得多|倍快|更省时|更费时|时间(更|较)(长|短|多|少)|时间(上升|下降|减少|增加|缩短)`)
	open     = regexp.MustCompile(`\?|\b([Ii]f|may|might|need not|could|would|[Ww]here a|predicts?|promise|above it)\b|？|可能|未必|不一定|如果|是否|预测|承诺|虚线|比值`)
	measures = regexp.MustCompile(`lesson\.(Compare|Times)\(`)
	sentence = regexp.MustCompile(`([^.?!。？！\n]|\.\d|\n[^\n-])+[.?!。？！]*`)
)

// TestTimesAreNotForetold: what stands beside a table of measured times says
// nothing of them that another machine's table could contradict, and the table
// shows how far the times spread.
func TestTimesAreNotForetold(t *testing.T) {
	for said, want := range map[string]bool{
		"The depthwise layer is faster.":            false,
		"Is the depthwise layer faster?":            true,
		"It may take longer than its MACs predict.": true,
		"逐通道卷积更快。":                                  false,
		"哪一个更快？":                                    true,
	} {
		if got := !foretold.MatchString(said) || open.MatchString(said); got != want {
			t.Errorf("%q: allowed %v, want %v", said, got, want)
		}
	}
	tables := 0
	bothLanguages(t, func(t *testing.T, language string, b book) {
		for i, c := range b.Cells {
			if c.Type != "code" || !measures.MatchString(c.Source) {
				continue
			}
			tables++
			for _, text := range []string{b.before(i), b.after(i)} {
				for _, said := range sentence.FindAllString(text, -1) {
					if foretold.MatchString(said) && !open.MatchString(said) {
						t.Errorf("cell %d: the table may contradict %q", i, strings.TrimSpace(said))
					}
				}
			}
			spread := map[string]string{"en": "middle half", "zh": "中间一半"}[language]
			if !slices.ContainsFunc(c.Outputs, func(o output) bool {
				svg, _ := o.Data["image/svg+xml"].(string)
				return strings.Contains(svg, spread)
			}) {
				t.Errorf("cell %d: no table that shows how far the times spread", i)
			}
		}
	})
	if tables < 20 {
		t.Errorf("%d tables of measured times in both languages", tables)
	}
}

// before is the text of the section that cell i stands in, as far as it stands
// before the cell.
func (b book) before(i int) string {
	for i--; i >= 0; i-- {
		if b.Cells[i].Type == "markdown" {
			text := b.Cells[i].Source
			return text[max(strings.LastIndex(text, "\n## "), 0):]
		}
	}
	return ""
}

// after is the text that follows cell i, up to the next section.
func (b book) after(i int) string {
	if i+1 == len(b.Cells) || b.Cells[i+1].Type != "markdown" {
		return ""
	}
	text, _, _ := strings.Cut("\n"+b.Cells[i+1].Source, "\n## ")
	return text
}
