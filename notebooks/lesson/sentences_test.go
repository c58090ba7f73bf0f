package lesson

import (
	"regexp"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestOneSentence: a wrong call ends with one sentence in the student's
// language.
func TestOneSentence(t *testing.T) {
	chineseOnly := regexp.MustCompile(`\p{Han}`)
	for name, c := range map[string]struct {
		call func()
		want string
	}{
		"word":       {func() { Rows("1 2; 3 x") }, `row 1: "x" is not a number`},
		"ragged":     {func() { Rows("1 2; 3") }, "row 1 has 1 numbers, row 0 has 2"},
		"empty":      {func() { Rows("") }, "there are no numbers in it"},
		"large":      {func() { Apply(cnnlib.Conv{}, Digits(2), uneven) }, "window spans 3 pixels, but the padded input has only 2"},
		"dilated":    {func() { Film(cnnlib.Conv{Dilation: 3}, Digits(5), uneven) }, "window spans 7 pixels, but the padded input has only 5"},
		"nothing":    {func() { Apply(cnnlib.TransposedConv{Padding: 2}, Digits(2), uneven) }, "padding 2 before and 2 after leaves 0 of the 4 stamped pixels"},
		"negative":   {func() { Apply(cnnlib.Conv{Padding: -1}, Digits(5), uneven) }, "padding must not be negative"},
		"stride":     {func() { Apply(cnnlib.Conv{Stride: -1}, Digits(5), uneven) }, "stride must be at least 1, got -1"},
		"groups":     {func() { ApplyAll(cnnlib.Conv{Groups: 2}, Maps{uneven, uneven, uneven}, Maps{uneven}) }, "3 input channels cannot be split into 2 groups"},
		"outputs":    {func() { ApplyAll(cnnlib.Conv{Groups: 2}, Maps{uneven, uneven}, Maps{uneven}) }, "1 output channels cannot be split into 2 groups"},
		"slices":     {func() { ApplyAll(cnnlib.Conv{}, Maps{uneven, uneven}, Maps{uneven}) }, "the kernel has 1 slices, but it reads 2 channels"},
		"sizes":      {func() { ApplyAll(cnnlib.Conv{}, Maps{uneven, Digits(2)}, Maps{uneven, uneven}) }, "map 1 is 2x2, map 0 is 3x3"},
		"no kernel":  {func() { ApplyAll(cnnlib.Conv{}, Maps{uneven}) }, "there is no kernel"},
		"layer":      {func() { Apply(cnnlib.ReLU{}, uneven, uneven) }, "got cnnlib.ReLU"},
		"shuffle":    {func() { Shuffled(12, 5) }, "12 channels cannot be split into 5 groups"},
		"name":       {func() { Must(cnnlib.ClassicKernel("blur")) }, `there is no kernel "blur"; there are`},
		"long film":  {func() { Film(cnnlib.Conv{}, Digits(20), uneven) }, "take a smaller input"},
		"photo":      {func() { Photo(10000) }, "there is no photo 10000"},
		"cut":        {func() { Maps{Digits(5)}.Cut(3, 0, 3) }, "are not all in an image of 5x5"},
		"minus":      {func() { Digits(5).Minus(Digits(4)) }, "5x5 minus 4x4"},
		"no pixels":  {func() { Filled(0, 3, 1) }, "an image of 0x3 has no pixels"},
		"flatten":    {func() { Costs([]int{8, 8, 3}, cnnlib.Dense{Out: 2}) }, "put a Flatten before it"},
		"sequential": {func() { Costs([]int{8, 8, 12}, cnnlib.Conv{Out: 12, Kernel: 3, Groups: 5}) }, "layer 0 (Conv 12@3x3 g5): 12 input channels cannot be split into 5 groups"},
	} {
		if name == "photo" {
			labtest.Data(t)
		}
		for _, lang := range []string{"en", "zh"} {
			t.Setenv("CONVLAB_LANG", lang)
			said := ended(t, c.call)
			if lang == "en" && !strings.Contains(said, c.want) {
				t.Errorf("%s: %q, want %q", name, said, c.want)
			}
			if strings.Count(said, "\n") != 1 {
				t.Errorf("%s: not one line: %q", name, said)
			}
			if lang == "zh" {
				rest := regexp.MustCompile(`cnnlib\.\w+|"[^"]*"|\b(Trans|Sep|Spat|Flat|Depth)?[A-Z]\w*( \d+@\w+)?( [a-z]\d+)*|\d+x\d+|\[[^]]*\]|Same|Axes|Flatten`).ReplaceAllString(said, "")
				if !chineseOnly.MatchString(said) || regexp.MustCompile(`[A-Za-z]{2,}`).MatchString(rest) {
					t.Errorf("%s: not Chinese: %q", name, said)
				}
			}
		}
	}
}
