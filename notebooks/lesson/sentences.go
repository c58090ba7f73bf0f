package lesson

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"convlab/convviz"
)

// say is a sentence in the student's language.
func say(english, chinese string) string { return convviz.Say(english, chinese) }

// wrong is an error in the student's language. Both texts take the same values
// in the same order.
func wrong(english, chinese string, values ...any) error {
	return fmt.Errorf(say(english, chinese), values...)
}

// exit ends the program, which is a cell. Tests put something else in its place.
var exit = os.Exit

// must gives v, or ends the cell with the error as one sentence.
func must[T any](v T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, Sentence(err))
		exit(1)
	}
	return v
}

// OK ends the cell with one sentence if there is an error.
func OK(err error) { must(0, err) }

// Must gives v if there is no error; otherwise it ends the cell with one
// sentence. It is for calls of the library itself:
// lesson.Must(layer.Check(in)).
func Must[T any](v T, err error) T { return must(v, err) }

// Sentence is an error as one sentence in the student's language. Of the
// library's errors those that the course meets are translated; others stay.
func Sentence(err error) string {
	text := err.Error()
	for e := err; e != nil; e = errors.Unwrap(e) {
		text = e.Error()
		if !strings.Contains(text, "\n") {
			break
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	for _, from := range []string{"cnnlib: ", "train: ", "weights: "} {
		text = strings.TrimPrefix(text, from)
	}
	return inLanguage(text)
}

// inLanguage is a text of the library in the student's language, as far as the
// course meets it.
func inLanguage(text string) string {
	if convviz.Language() != "zh" {
		return text
	}
	for _, p := range slices.Concat(trainingPhrases, phrases) {
		text = p.english.ReplaceAllString(text, p.chinese)
	}
	return text
}

// phrases are what the library says in the course, in Chinese. What stands
// first is replaced first.
var phrases = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`window spans (\d+) pixels, but the padded input has only (\d+)`), "窗口要跨 $1 个像素，但填充后的输入只有 $2 个"},
	{regexp.MustCompile(`padding (\d+) before and (\d+) after leaves (-?\d+) of the (\d+) stamped pixels`), "填充在前后各裁掉 $1 和 $2 个像素，盖章得到的 $4 个像素只剩 $3 个"},
	{regexp.MustCompile(`(\d+) input channels cannot be split into (\d+) groups`), "$1 个输入通道不能平分成 $2 组"},
	{regexp.MustCompile(`(\d+) output channels cannot be split into (\d+) groups`), "$1 个输出通道不能平分成 $2 组"},
	{regexp.MustCompile(`(\d+) channels cannot be split into (\d+) groups`), "$1 个通道不能平分成 $2 组"},
	{regexp.MustCompile(`output padding must be from 0 to below the larger of stride (\d+) and dilation (\d+), got (\d+)`), "输出填充必须不小于 0，且小于步长 $1 与膨胀率 $2 中较大的一个，现在是 $3"},
	{regexp.MustCompile(`padding must not be negative, got (-?\d+) before and (-?\d+) after`), "填充不能为负，现在前后分别是 $1 和 $2"},
	{regexp.MustCompile(`(kernel size|stride|dilation) must be at least 1, got (-?\d+)`), "$1 至少为 1，现在是 $2"},
	{regexp.MustCompile(`needs at least 1 output channel, got (-?\d+)`), "至少要有 1 个输出通道，现在是 $1"},
	{regexp.MustCompile(`(\d+) steps of a (\S+) kernel over (\S+) with padding (\d+) are too many to follow: take a smaller input`), "共 $1 步，太多了，看不过来：请换一个小一些的输入"},
	{regexp.MustCompile(`there is no kernel ("[^"]*"); there are`), "没有叫 $1 的卷积核；有的是"},
	{regexp.MustCompile(`needs \[features\], got shape (\[[^]]*\]): put a Flatten before it`), "需要一列数，得到的形状却是 $1：请在它前面放一个 Flatten"},
	{regexp.MustCompile(`the XLA plugin for CPUs is here`), "这里有 CPU 用的 XLA 插件"},
	{regexp.MustCompile(`a CUDA plugin and a driver \((.*)\) are here`), "这里有 CUDA 插件和驱动（$1）"},
	{regexp.MustCompile(`no XLA plugin is here`), "这里没有 XLA 插件"},
	{regexp.MustCompile(`stopped in epoch (\d+) after (\d+) of (\d+) steps, saved in (.*); train with the same settings to go on from there: context canceled`),
		"已停在第 $1 轮，完成 $2/$3 步，保存在 $4；用同样的设置再训练，就从那里继续"},
	{regexp.MustCompile(`(\d+) devices are wanted, and (\S+) has (\d+): train on \d+`), "要求 $1 个设备，而 $2 只有 $3 个：请用 $3 个"},
	{regexp.MustCompile(`layer (\S+) \(([^)]*)\): `), "第 $1 层（$2）："},
	{regexp.MustCompile(`\bheight: `), "高度方向："},
	{regexp.MustCompile(`\bwidth: `), "宽度方向："},
	{regexp.MustCompile(`\bdepth: `), "深度方向："},
	{regexp.MustCompile(`\bkernel size\b`), "卷积核大小"},
	{regexp.MustCompile(`\bstride\b`), "步长"},
	{regexp.MustCompile(`\bdilation\b`), "膨胀率"},
	{regexp.MustCompile(`^convviz: `), ""},
}
