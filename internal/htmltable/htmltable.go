// Package htmltable writes the rows of HTML tables. Its callers write the
// table around them.
package htmltable

import (
	"html"
	"strings"
)

// Row writes a row of cells, each in an element called tag ("th" or "td", with
// attributes if need be). Texts are escaped; the spaces with which one begins
// indent it.
func Row(b *strings.Builder, tag string, cells ...string) {
	element, _, _ := strings.Cut(tag, " ")
	b.WriteString("<tr>")
	for _, cell := range cells {
		text := strings.TrimLeft(cell, " ")
		b.WriteString("<" + tag + ">" + strings.Repeat("&nbsp;", len(cell)-len(text)) + html.EscapeString(text) + "</" + element + ">")
	}
	b.WriteString("</tr>\n")
}
