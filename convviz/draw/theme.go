package draw

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
)

// themeClass marks the pictures of this package in a page. Only they follow
// the rules that themed writes.
const themeClass = "convlab-picture"

// darkCard is the luminance of the card on a dark page: not quite black.
const darkCard = 0.006

// certainHue is the difference of a colour's largest and smallest part, of 255,
// below which its hue is uncertain: all three are whole numbers.
const certainHue = 24

// Dark is the colour that stands for c on a dark page: of the same hue, as dark
// as c is light. WCAG's contrast of two colours is the ratio of their
// luminances, each 0.05 more; this ratio is turned around, so two colours keep
// their contrast. Only what is nearly white comes out a little lighter than
// that, for a card that is not quite black.
func Dark(c color.Color) color.Color {
	want := max(1.05*0.05/(luminance(c)+0.05)-0.05, darkCard)
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	// From black over the colour at its purest to white: the luminance grows.
	most, least := max(n.R, n.G, n.B), min(n.R, n.G, n.B)
	pure := func(v uint8) float64 {
		if most == least {
			return 0.5
		}
		return float64(v-least) / float64(most-least)
	}
	strength := 0.0 // how far from grey
	if most > least {
		light := (float64(most) + float64(least)) / 510
		strength = float64(most-least) / 255 / max(1-math.Abs(2*light-1), 1e-9)
		strength *= min(1, float64(most-least)/certainHue)
	}
	at := func(light float64) color.NRGBA {
		span := strength * (1 - math.Abs(2*light-1))
		part := func(v uint8) uint8 { return uint8(math.Round(255 * clamp01(light+span*(pure(v)-0.5)))) }
		return color.NRGBA{part(n.R), part(n.G), part(n.B), 255}
	}
	low, high := 0.0, 1.0
	for range 20 {
		if middle := (low + high) / 2; luminance(at(middle)) < want {
			low = middle
		} else {
			high = middle
		}
	}
	return at(high)
}

// themed is the style by which the canvas follows its page: JupyterLab's theme,
// or else what the reader's system asks for. Images in it stay as they are. A
// program that does not know the rule leaves it out and shows the light picture.
func (c *Canvas) themed() string {
	done, rules := map[string]bool{}, []string{}
	add := func(kind string, given color.Color) {
		if given == nil {
			return
		}
		light := hex(given)
		if which := kind + light; !done[which] {
			done[which] = true
			rules = append(rules, fmt.Sprintf(`.%s [%s="%s"]{%s:light-dark(%s,%s)}`, themeClass, kind, light, kind, light, hex(Dark(given))))
		}
	}
	for _, o := range c.ops {
		add("fill", o.style.Fill)
		add("fill", o.font.Color)
		add("stroke", o.style.Stroke)
	}
	slices.Sort(rules)
	return fmt.Sprintf("<style>@supports (color:light-dark(#000,#fff)){.%[1]s{color-scheme:light dark}[data-jp-theme-light=true] .%[1]s{color-scheme:light}[data-jp-theme-light=false] .%[1]s{color-scheme:dark}\n%[2]s}</style>\n",
		themeClass, strings.Join(rules, "\n"))
}
