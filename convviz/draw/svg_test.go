package draw

import (
	"strings"
	"testing"
)

// TestSVGWriting: short numbers, escaped words, and frames in groups that tell
// when they are seen.
func TestSVGWriting(t *testing.T) {
	for v, want := range map[float64]string{1: "1", 1.005: "1", 0.126: "0.13", -0.001: "0", -2.5: "-2.5"} {
		if got := num(v); got != want {
			t.Errorf("%g is written %s, want %s", v, got, want)
		}
	}
	c := New(80, 30)
	c.Text(5, 20, `<b> & "`, Text{})
	c.During(0, 1, func() { c.Line(0, 0, 5, 5, Style{Stroke: Green, Dash: 3}) })
	c.InFrame(2, func() { c.Circle(9, 9, 2, Style{Fill: Ink}) })
	f, err := c.Film("words", 1, []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"&lt;b&gt; &amp;", `data-from="0" data-to="1"`, `data-from="2" data-to="2"`, `stroke-dasharray="3"`} {
		if !strings.Contains(f.Animated, want) {
			t.Errorf("no %s in the film", want)
		}
	}
	if strings.Contains(f.SVG, "stroke-dasharray") || !strings.Contains(f.SVG, "<circle") {
		t.Error("a picture of the last frame shows another")
	}
}
