package convviz

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/cnnlib"
)

func TestReceptiveFieldOnNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(207, 208))
	for drawn := 0; drawn < drawings; {
		net, in, steps := randomNet(rng)
		layer := rng.IntN(len(net))
		var size, at, first, last [2]int
		fits := true
		for axis := range 2 {
			size[axis] = in[axis]
			for _, s := range steps {
				room := size[axis] + 2*s.padding - s.dilation*(s.kernel-1) - 1
				size[axis] = room/s.stride + 1
				fits = fits && room >= 0
			}
			n := in[axis]
			sizes := []int{n} // before each layer
			for _, s := range steps[:layer+1] {
				n = (n+2*s.padding-s.dilation*(s.kernel-1)-1)/s.stride + 1
				sizes = append(sizes, n)
			}
			if !fits {
				break
			}
			at[axis] = rng.IntN(n)
			seen := map[int]bool{at[axis]: true} // pixel by pixel, back to the input
			for i := layer; i >= 0; i-- {
				below := map[int]bool{}
				for u := range seen {
					for k := range steps[i].kernel {
						if to := u*steps[i].stride - steps[i].padding + k*steps[i].dilation; to >= 0 && to < sizes[i] {
							below[to] = true
						}
					}
				}
				seen = below
			}
			first[axis], last[axis] = math.MaxInt, math.MinInt
			for u := range seen {
				first[axis], last[axis] = min(first[axis], u), max(last[axis], u)
			}
			if len(seen) == 0 {
				first[axis], last[axis] = 0, -1 // padding alone
			}
		}
		if !fits {
			continue
		}
		drawn++
		p, err := ReceptiveFieldOn(net, in, image.NewGray(image.Rect(0, 0, in[1], in[0])), cnnlib.At(layer), at[0], at[1])
		texts := printed(t, p, err)
		wantTexts(t, net, texts, fmt.Sprintf("rows %d to %d, columns %d to %d", first[0], last[0], first[1], last[1]))
		if !strings.HasPrefix(texts[0], fmt.Sprintf("What unit %d, %d of ", at[0], at[1])) {
			t.Fatal(texts)
		}
	}
}
