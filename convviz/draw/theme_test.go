package draw

import (
	"image/color"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func ratio(a, b color.Color) float64 {
	la, lb := luminance(a)+0.05, luminance(b)+0.05
	return max(la, lb) / min(la, lb)
}

// TestDark: two colours that can be read on each other can be read on a dark
// page too, light and dark change places, and a hue stays.
func TestDark(t *testing.T) {
	rng := rand.New(rand.NewPCG(301, 302))
	some := func() color.Color {
		return color.NRGBA{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256)), 255}
	}
	for range 5000 {
		a, b := some(), some()
		if light, dark := ratio(a, b), ratio(Dark(a), Dark(b)); dark < 0.88*light-0.1 {
			t.Fatalf("%s and %s have a contrast of %.2f, on a dark page %s and %s one of %.2f", hex(a), hex(b), light, hex(Dark(a)), hex(Dark(b)), dark)
		}
		if d := luminance(a) - luminance(b); math.Abs(d) > 0.05 && d*(luminance(Dark(a))-luminance(Dark(b))) > 0 {
			t.Fatalf("%s and %s do not change places", hex(a), hex(b))
		}
	}
	for name, c := range map[string]color.Color{"green": Green, "orange": Orange, "blue": Blue, "light blue": Tint(Blue, 0.3), "light orange": Tint(Orange, 0.3), "red": RGB[0]} {
		was, is := color.NRGBAModel.Convert(c).(color.NRGBA), color.NRGBAModel.Convert(Dark(c)).(color.NRGBA)
		order := func(c color.NRGBA) [3]bool { return [3]bool{c.R >= c.G, c.G >= c.B, c.R >= c.B} }
		if order(was) != order(is) {
			t.Errorf("%s %s becomes %s", name, hex(was), hex(is))
		}
	}
	for _, c := range []color.Color{Ink, Grey, Faint} {
		if got := ratio(Dark(c), Dark(Card)); got < 4.5 {
			t.Errorf("text in %s has a contrast of %.2f on a dark card", hex(c), got)
		}
	}
}

// TestThemed: each colour has one rule, for pictures of this package alone.
func TestThemed(t *testing.T) {
	c := New(50, 50)
	c.Rect(1, 1, 9, 9, Style{Fill: Green, Stroke: Orange})
	c.Rect(9, 9, 9, 9, Style{Fill: Green, Stroke: Orange})
	c.Text(20, 20, "a", Text{})
	p, err := c.Picture("a")
	if err != nil {
		t.Fatal(err)
	}
	for part, want := range map[string]int{`class="convlab-picture"`: 1, `.convlab-picture [fill="#009e73"]{fill:light-dark(#009e73,#`: 1,
		`.convlab-picture [stroke="#d55e00"]{stroke:light-dark(#d55e00,#`: 1, `[fill="#222222"]`: 1, "@supports": 1} {
		if got := strings.Count(p.SVG, part); got != want {
			t.Errorf("%s is there %d times, not %d:\n%s", part, got, want, p.SVG)
		}
	}
}
