package draw_test

import (
	"slices"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestChineseIsDrawnAsOutlines(t *testing.T) {
	p, err := draw.Lines{Title: "训练损失", Series: []draw.Series{{Y: []float64{2, 1}}}}.Draw()
	all := picturetest.Check(t, p, err)
	if got := picturetest.Texts(all); !slices.Contains(got, "训练损失") {
		t.Fatalf("texts %v", got)
	}
	for _, e := range picturetest.Of(all, "text") {
		if strings.Contains(e.Text, "训") {
			t.Error("Chinese is left to the page's fonts")
		}
	}
}
