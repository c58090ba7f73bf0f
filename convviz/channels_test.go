package convviz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestChannelReachOfTheLesson(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for groups, want := range map[int][2]string{3: {"33", "100"}, 4: {"25", "75"}, 6: {"17", "33"}} {
			p, err := ChannelReach(12, 0, Grouped(groups), Shuffled(groups), Grouped(groups))
			all := picturetest.Check(t, p, err)
			look(t, fmt.Sprint("reach", groups), p)
			texts := picturetest.Texts(all)
			for _, share := range want {
				if text := strings.Replace(say("%.0f %% connected"), "%.0f %%", share+" %", 1); !slices.Contains(texts, text) {
					t.Errorf("%d groups: no %q in %v", groups, text, texts)
				}
			}
		}
		p, err := Connections(12, Shuffled(3))
		picturetest.Check(t, p, err)
		look(t, "shuffle", p)
		p, err = Connections(12, Grouped(3))
		picturetest.Check(t, p, err)
		look(t, "groups", p)
	})
	for i, drawn := range []func() (*Picture, error){
		func() (*Picture, error) { return ChannelReach(12, 0, Grouped(5)) }, func() (*Picture, error) { return ChannelReach(12, 12, Grouped(3)) },
		func() (*Picture, error) { return ChannelReach(12, 0) }, func() (*Picture, error) { return ChannelReach(1000, 0, Grouped(1)) },
		func() (*Picture, error) { return ChannelReach(12, 0, Mixing{}) }, func() (*Picture, error) { return Connections(12, Grouped(0)) },
	} {
		if _, err := drawn(); err == nil {
			t.Errorf("picture %d was drawn", i)
		}
	}
}

// TestChannelReachLines compares every thick point with a walk over the definition.
func TestChannelReachLines(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for range drawings {
		channels := []int{4, 6, 8, 12}[rng.IntN(4)]
		divisors := []int{}
		for d := 1; d <= channels; d++ {
			if channels%d == 0 {
				divisors = append(divisors, d)
			}
		}
		unit := rng.IntN(channels)
		var layers []Mixing
		reached := map[int]bool{unit: true} // walked from the output to the input
		var back []func(o int) []int
		for range 1 + rng.IntN(3) {
			g := divisors[rng.IntN(len(divisors))]
			per := channels / g
			if rng.IntN(2) == 0 {
				layers = append(layers, Grouped(g))
				back = append(back, func(o int) []int {
					var in []int
					for k := range per {
						in = append(in, o/per*per+k)
					}
					return in
				})
			} else {
				layers = append(layers, Shuffled(g))
				back = append(back, func(o int) []int { return []int{o%g*per + o/g} })
			}
		}
		for i := len(back) - 1; i >= 0; i-- {
			next := map[int]bool{}
			for o := range reached {
				for _, c := range back[i](o) {
					next[c] = true
				}
			}
			reached = next
		}
		p, err := ChannelReach(channels, unit, layers...)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range picturetest.Of(picturetest.Parse(t, p.SVG), "circle") {
			if e.Float(t, "cx") != 60 { // the input's column
				continue
			}
			channel := int((e.Float(t, "cy") - 60) / channelStep)
			if fill := e.Attr["fill"]; fill != "none" {
				if want := hexOf(draw.Tint(draw.Hue(channel*layers[0].groups/channels), 0.4)); fill != want {
					t.Fatalf("%d channels in %d groups: input %d is %s, should be %s", channels, layers[0].groups, channel, fill, want)
				}
				continue
			}
			if hot := e.Attr["stroke-width"] == "2.5"; hot != reached[channel] {
				t.Fatalf("%d channels, unit %d: input %d is drawn %v, is %v", channels, unit, channel, hot, reached[channel])
			}
		}
	}
}
