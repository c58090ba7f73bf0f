package htmltable

import (
	"strings"
	"testing"
)

func TestRow(t *testing.T) {
	var b strings.Builder
	Row(&b, `td style="text-align:left"`, "a < b", "  c")
	want := `<tr><td style="text-align:left">a &lt; b</td><td style="text-align:left">&nbsp;&nbsp;c</td></tr>` + "\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
