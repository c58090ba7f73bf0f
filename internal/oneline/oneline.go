// Package oneline makes one line of a text for an error that holds what a file
// says: names in it may have line breaks and codes that steer a terminal.
package oneline

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many bytes of a text are kept.
const longest = 8 << 10

// Of is text with what cannot be printed written as Go writes it, "\n".
func Of(text string) string {
	if len(text) > longest {
		text = text[:longest] + "…"
	}
	if strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) < 0 {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			b.WriteRune(r)
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		quoted := strconv.Quote(text[i : i+size])
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}
