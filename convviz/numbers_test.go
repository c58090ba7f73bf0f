package convviz

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

// The tests of this file draw each kind of picture 200 times with random
// settings, read every printed number back from the SVG, and compare it with
// an independent computation.

var drawings = 200

// printed are the texts of a picture that was drawn without error.
func printed(t *testing.T, p *Picture, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return picturetest.Texts(picturetest.Parse(t, p.SVG))
}

// wantTexts fails when a text is missing.
func wantTexts(t *testing.T, what any, texts []string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(texts, w) {
			t.Fatalf("%+v: no %q in %q", what, w, texts)
		}
	}
}

// sorted is a sorted copy, to compare what is printed in any order.
func sorted(texts []string) []string {
	texts = slices.Clone(texts)
	slices.Sort(texts)
	return texts
}

// randomNet is a network of convolutions and pools, described once more as
// plain numbers.
type step struct{ kernel, stride, padding, dilation, out, groups int }

func randomNet(rng *rand.Rand) (net cnnlib.Sequential, in []int, steps []step) {
	in = []int{8 + rng.IntN(12), 8 + rng.IntN(12), 4}
	for range 1 + rng.IntN(4) {
		s := step{kernel: 1 + rng.IntN(3), stride: 1 + rng.IntN(2), padding: rng.IntN(2), dilation: 1, groups: 1, out: 4 * (1 + rng.IntN(3))}
		if rng.IntN(3) == 0 {
			s.stride, s.dilation = 1, 1+rng.IntN(2)
		}
		if rng.IntN(3) == 0 {
			s.groups = []int{2, 4}[rng.IntN(2)]
		}
		steps = append(steps, s)
		net = append(net, cnnlib.Conv{Out: s.out, Kernel: s.kernel, Stride: s.stride, Padding: s.padding, Dilation: s.dilation, Groups: s.groups})
	}
	return net, in, steps
}

// comma puts commas between thousands.
func comma(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return comma(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

func TestNetworkAndCostNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(203, 204))
	for drawn := 0; drawn < drawings; {
		net, in, steps := randomNet(rng)
		h, w, c := in[0], in[1], in[2]
		sees, jump := 1, 1
		var want []string
		var params, macs, bytes []float64
		for _, s := range steps {
			h, w = (h+2*s.padding-s.dilation*(s.kernel-1)-1)/s.stride+1, (w+2*s.padding-s.dilation*(s.kernel-1)-1)/s.stride+1
			p := s.kernel*s.kernel*c/s.groups*s.out + s.out
			sees += s.dilation * (s.kernel - 1) * jump
			jump *= s.stride
			params, macs, bytes = append(params, float64(p)), append(macs, float64(h*w*(p-s.out))), append(bytes, float64(4*h*w*s.out))
			want = append(want, fmt.Sprintf("%dx%dx%d", h, w, s.out), comma(p)+" params", fmt.Sprintf("sees %dx%d", sees, sees))
			c = s.out
			if h < 1 || w < 1 {
				break
			}
		}
		if h < 1 || w < 1 {
			continue
		}
		drawn++
		total := func(values []float64) int {
			sum := 0.0
			for _, v := range values {
				sum += v
			}
			return int(sum)
		}
		want = append(want, comma(total(params))+" params, "+comma(total(macs))+" MACs", fmt.Sprintf("%dx%dx%d", in[0], in[1], in[2]))
		p, err := Network(net, in)
		texts := printed(t, p, err)
		wantTexts(t, net, texts, want...)
		// Whatever else has a digit in it is a layer's name.
		for _, text := range texts {
			if strings.ContainsAny(text, "0123456789") && !strings.HasPrefix(text, "Conv ") && !slices.Contains(want, text) {
				t.Fatalf("%+v: %q is printed", net, text)
			}
		}
		sum, err := net.Summary(in)
		if err != nil {
			t.Fatal(err)
		}
		ms := make([]float64, len(steps))
		for i := range ms {
			ms[i] = rng.Float64()
		}
		p, err = Costs(sum, ms)
		if err != nil {
			t.Fatal(err)
		}
		all := picturetest.Parse(t, p.SVG)
		for color, values := range map[string][]float64{"#009e73": params, "#0072b2": macs, "#cc79a7": bytes, "#d55e00": ms} {
			var heights []float64
			for _, e := range picturetest.Of(all, "rect") {
				if e.Attr["fill"] == color {
					heights = append(heights, e.Float(t, "height"))
				}
			}
			if len(heights) != len(values) {
				t.Fatalf("%+v: %d bars of %s for %d layers", net, len(heights), color, len(values))
			}
			tallest := slices.Max(values)
			for i, v := range values {
				if math.Abs(heights[i]/slices.Max(heights)-v/tallest) > 0.002 {
					t.Fatalf("%+v: bar %d of %s is %g of the tallest, should be %g", net, i, color, heights[i]/slices.Max(heights), v/tallest)
				}
			}
		}
	}
}

func TestConnectionNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(205, 206))
	for range drawings {
		g := 1 + rng.IntN(5)
		n := g * (1 + rng.IntN(4))
		shuffled := rng.IntN(2) == 0
		m, count := Grouped(g), 0
		if shuffled {
			m = Shuffled(g)
		}
		var want []string
		for o := range n {
			for i := range n {
				sees := i/(n/g) == o/(n/g)
				if shuffled { // reshape to [groups, n/g], transpose, flatten
					sees = i == o%g*(n/g)+o/g
				}
				if want = append(want, "·"); sees {
					want[len(want)-1] = "×"
					count++
				}
			}
		}
		p, err := Connections(n, m)
		texts := printed(t, p, err)
		var got []string
		for _, text := range texts {
			if text == "·" || text == "×" {
				got = append(got, text)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d channels, %d groups, shuffled %v: %v", n, g, shuffled, got)
		}
		wantTexts(t, m, texts, fmt.Sprintf("%d of %d pairs are connected", count, n*n))
		for i := range n {
			wantTexts(t, m, texts, fmt.Sprint(i))
		}
	}
}

func TestResultNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(211, 212))
	for range drawings {
		n := 2 + rng.IntN(4)
		counts, names, right, total := make([][]int, n), []string{}, 0, 0
		want := []string{}
		for i := range n {
			names = append(names, fmt.Sprint("class ", i))
			for j := range n {
				k := rng.IntN(3000)
				counts[i] = append(counts[i], k)
				total += k
				if i == j {
					right += k
				}
				want = append(want, comma(k))
			}
		}
		p, err := Confusion(counts, names)
		texts := printed(t, p, err)
		at := slices.Index(texts, want[0])
		if at < 0 || !slices.Equal(texts[at:at+n*n], want) {
			t.Fatalf("printed %q, want %q", texts, want)
		}
		wantTexts(t, counts, texts, fmt.Sprintf("%s of %s right: %.2f %%", comma(right), comma(total), 100*float64(right)/float64(total)))

		var list []Mistake
		want = nil
		for range 1 + rng.IntN(4) {
			m := Mistake{Image: image.NewGray(image.Rect(0, 0, 2, 2)), True: names[rng.IntN(n)], Predicted: names[rng.IntN(n)], Probability: rng.Float64()}
			list = append(list, m)
			want = append(want, m.True, "→ "+m.Predicted, fmt.Sprintf("%.1f %%", 100*m.Probability))
		}
		p, err = Mistakes(list)
		if texts := printed(t, p, err); !slices.Equal(texts[1:], want) {
			t.Fatalf("printed %q, want %q", texts, want)
		}
	}
}
