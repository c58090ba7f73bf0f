package draw

import (
	"strings"
	"testing"
)

// TestSheets: a channel has a sheet, and after eight each doubling has one more;
// lanes share the channels.
func TestSheets(t *testing.T) {
	for channels, want := range map[int]int{1: 1, 3: 3, 8: 8, 16: 9, 64: 11, 512: 14} {
		if got := (Box{Height: 4, Width: 4, Channels: channels}).sheets(); got != want {
			t.Errorf("%d channels have %d sheets, want %d", channels, got, want)
		}
	}
	if got := (Box{Height: 4, Width: 4, Channels: 16, Lanes: 4}).sheets(); got != 4 {
		t.Errorf("16 channels in 4 lanes have %d sheets each", got)
	}
	if got := (Box{Height: 100, Channels: 1}).sheets(); got != 1 {
		t.Errorf("features have %d sheets", got)
	}
}

// TestBoxesAreInProportion: half as many pixels are half as wide.
func TestBoxesAreInProportion(t *testing.T) {
	large, small := Box{Height: 32, Width: 32, Channels: 3}, Box{Height: 16, Width: 8, Channels: 3}
	b := Boxes{Boxes: []Box{large, small}}
	if w, h := b.size(large); w != boxSide || h != boxSide {
		t.Errorf("the largest is %g x %g", w, h)
	}
	if w, h := b.size(small); w != boxSide/4 || h != boxSide/2 {
		t.Errorf("16 rows of 8 are %g x %g", w, h)
	}
	_, err := Boxes{Title: "N", Boxes: []Box{{Name: "bad", Height: 0, Width: 1, Channels: 1}}}.Draw()
	if err == nil || !strings.Contains(err.Error(), "box 0 (bad) has size 0x1x1") {
		t.Errorf("a box without rows: error %v", err)
	}
}
