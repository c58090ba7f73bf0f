package lesson

import (
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

func TestPhoto(t *testing.T) {
	labtest.Data(t)
	p := Photo(102)
	want := ApplyAll(cnnlib.Conv{}, p.Planes(), Maps{{{0.299}}, {{0.587}}, {{0.114}}})[0]
	if off := (Maps{p.Brightness().Minus(want)}).Largest(); off > 1e-6 {
		t.Errorf("brightness is off by %g", off)
	}
	if cut := p.Planes().Cut(5, 8, 5).Whole(9); len(cut) != 3 || len(cut[0]) != 5 || cut.Largest() > 9 {
		t.Errorf("%v", cut)
	}
}
