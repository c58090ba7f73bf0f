package draw_test

import (
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestCardsAreWhole: a card has its name, its mark and its lines; a pile has
// cards behind it, and a frame a dashed edge.
func TestCardsAreWhole(t *testing.T) {
	one := draw.FlowStep{Box: draw.Box{Name: "conv", Lines: []string{"8x8x4", "16 params"}, Height: 8, Width: 8, Channels: 4}, Mark: "0.1"}
	pile := one
	pile.Pile, pile.Mark = true, ""
	count := func(steps ...draw.FlowStep) (rounded, dashed int, texts []string) {
		p, err := draw.Flow{Title: "T", Steps: steps}.Draw()
		all := picturetest.Check(t, p, err)
		for _, e := range picturetest.Of(all, "rect") {
			if e.Attr["rx"] == "5" {
				rounded++
			}
			if e.Attr["stroke-dasharray"] != "" {
				dashed++
			}
		}
		return rounded, dashed, picturetest.Texts(all)
	}
	if rounded, dashed, texts := count(one); rounded != 1 || dashed != 0 || !slices.Equal(texts, []string{"T", "conv", "0.1", "8x8x4", "16 params"}) {
		t.Errorf("a card: %d rounded, %d dashed, %q", rounded, dashed, texts)
	}
	if rounded, _, _ := count(pile); rounded != 3 {
		t.Errorf("a pile has %d cards, want 3", rounded)
	}
	if _, dashed, texts := count(draw.FlowStep{Box: draw.Box{Name: "block"}, Framed: []draw.FlowStep{one}}); dashed != 1 || !slices.Contains(texts, "block") {
		t.Errorf("a frame has %d dashed edges and the texts %q", dashed, texts)
	}
}
