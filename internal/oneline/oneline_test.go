package oneline

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for text, want := range map[string]string{
		"": "", `name "a\n" 图`: `name "a\n" 图`, "a\nb\x1b[31m\x00\xff": `a\nb\x1b[31m\x00\xff`, "\u202eabc�": `\u202eabc�`,
	} {
		if got := Of(text); got != want {
			t.Errorf("%q: %q, should be %q", text, got, want)
		}
	}
	if got := Of(strings.Repeat("a", 1<<20)); len(got) > longest+4 {
		t.Errorf("%d bytes", len(got))
	}
}
