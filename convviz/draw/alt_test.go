package draw

import "testing"

func TestAltTextsHaveTheMarksOfTheirLanguage(t *testing.T) {
	for alt, want := range map[string]string{
		"Loss: 1.5, 2; sees 3x3.": "Loss: 1.5, 2; sees 3x3.",
		"网络结构: 输入, 32x32x3.":      "网络结构：输入，32x32x3。",
		"感受野（%）: 7x7 个像素; 一半.":    "感受野（%）：7x7 个像素；一半。",
		"Conv 1@3x3. 输入 1 2; 3 4": "Conv 1@3x3。输入 1 2; 3 4",
		"Dense 10: 数, 100 %: 旋转。": "Dense 10：数，100 %：旋转。",
	} {
		if got := punctuated(alt); got != want {
			t.Errorf("%q: got %q, want %q", alt, got, want)
		}
	}
}
