package draw

import (
	"regexp"
	"strings"
)

// Alt texts are put together of titles and numbers by Western marks. Beside a
// Chinese character stands the Chinese one, which needs no space.
var (
	afterHan     = regexp.MustCompile(`(\p{Han}|）)([:;,.])( |$)`)
	beforeHan    = regexp.MustCompile(`([:;,.]) (\p{Han})`)
	han          = regexp.MustCompile(`\p{Han}`)
	chineseMarks = strings.NewReplacer(":", "：", ";", "；", ",", "，", ".", "。", " ", "")
)

// punctuated is an alt text with the marks of its language.
func punctuated(alt string) string {
	alt = afterHan.ReplaceAllStringFunc(alt, chineseMarks.Replace)
	alt = beforeHan.ReplaceAllStringFunc(alt, chineseMarks.Replace)
	if whole, ended := strings.CutSuffix(alt, "."); ended && han.MatchString(alt) {
		return whole + "。"
	}
	return alt
}
