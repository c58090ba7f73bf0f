package convviz

import (
	"image"
	"strings"
	"testing"

	"convlab/cnnlib/nets"
	"convlab/convviz/internal/picturetest"
)

// TestWellKnownNetworks draws every network of nets at the size that it is
// made for: no text lies on another, the picture fits a page, and the cards add
// up to the whole. What ReceptiveField cannot draw it says.
func TestWellKnownNetworks(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	for _, name := range nets.Names() {
		n, err := nets.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := n.Net.Summary(n.Input)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Network(n.Net, n.Input)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		look(t, name, p)
		all := picturetest.Parse(t, p.SVG)
		picturetest.Apart(t, all)
		if p.Width > 1100 || p.Height > 2100 {
			t.Errorf("%s is drawn %d wide and %d high", name, p.Width, p.Height)
		}
		if onCards, total := params(t, all); int64(onCards) != sum.Params || int64(total) != sum.Params {
			t.Errorf("%s: %d params on cards and %d below, has %d", name, onCards, total, sum.Params)
		}
		p, err = Costs(sum, nil)
		printed(t, p, err)
		look(t, "costs-"+name, p)
		if p, err = ReceptiveField(n.Net, n.Input); err == nil {
			look(t, "field-"+name, p)
		} else if !strings.Contains(err.Error(), "too many to draw: draw fewer") {
			t.Errorf("%s: %v", name, err)
		}
		row := sum.Rows[len(sum.Rows)/3]
		if _, err = ReceptiveFieldOn(n.Net, n.Input, image.NewGray(image.Rect(0, 0, n.Input[1], n.Input[0])), row.Path, 0, 0); err != nil {
			t.Errorf("%s, layer %s: %v", name, row.Path, err)
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
}
