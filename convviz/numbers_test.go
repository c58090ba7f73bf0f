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
	"convlab/cnnlib/train"
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

// TestEveryNumberOfASlide compares all that is printed in the last step of
// random slides, as a multiset.
func TestEveryNumberOfASlide(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(201, 202))
	for drawn := 0; drawn < drawings; {
		s := Slide{Title: "slide", Input: table(rng, 2+rng.IntN(4), 2+rng.IntN(4)), Kernel: table(rng, 1+rng.IntN(3), 1+rng.IntN(3)),
			Stride: 1 + rng.IntN(3), Padding: rng.IntN(3), Dilation: 1 + rng.IntN(2)}
		out := plain(s)
		if out == nil {
			continue
		}
		drawn++
		f, err := s.Film()
		if err != nil {
			t.Fatal(err)
		}
		h, w, kh, kw := len(s.Input), len(s.Input[0]), len(s.Kernel), len(s.Kernel[0])
		want := []string{"slide", "*", "=", fmt.Sprintf("input %dx%d", h, w), fmt.Sprintf("kernel %dx%d", kh, kw), fmt.Sprintf("output %dx%d", len(out), len(out[0]))}
		for range (h+2*s.Padding)*(w+2*s.Padding) - h*w {
			want = append(want, "0") // padding
		}
		for _, rows := range [][][]float64{s.Input, s.Kernel, out} {
			for _, v := range flat(rows) {
				want = append(want, figure(v))
			}
		}
		for _, v := range flat(s.Kernel) { // at the corners of the window
			want = append(want, "×"+figure(v))
		}
		// The step's words are broken into lines; all the rest is one number each.
		words := strings.Fields(f.Alt[f.Frames-1])
		got, line := []string{}, []string{}
		for _, text := range printed(t, f.Picture, nil) {
			if next := strings.Fields(text); len(line) < len(words) && len(next) > 0 && len(line)+len(next) <= len(words) &&
				slices.Equal(next, words[len(line):len(line)+len(next)]) {
				line = append(line, next...)
			} else {
				got = append(got, text)
			}
		}
		if !slices.Equal(line, words) {
			t.Fatalf("%+v: the words %q are printed as %q", s, words, line)
		}
		if !slices.Equal(sorted(got), sorted(want)) {
			t.Fatalf("%+v: printed %q, want %q", s, sorted(got), sorted(want))
		}
	}
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

func TestFieldOnNumbers(t *testing.T) {
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
		p, err := FieldOn(net, in, image.NewGray(image.Rect(0, 0, in[1], in[0])), cnnlib.At(layer), at[0], at[1])
		texts := printed(t, p, err)
		wantTexts(t, net, texts, fmt.Sprintf("rows %d to %d, columns %d to %d", first[0], last[0], first[1], last[1]))
		if !strings.HasPrefix(texts[0], fmt.Sprintf("What unit %d, %d of ", at[0], at[1])) {
			t.Fatal(texts)
		}
	}
}

func TestMapNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(209, 210))
	for range drawings {
		h, w, c := 1+rng.IntN(4), 1+rng.IntN(4), 1+rng.IntN(5)
		maps, dead := make([]float32, h*w*c), 0
		for k := range c {
			if rng.IntN(3) == 0 {
				dead++
				continue
			}
			for p := range h * w {
				maps[p*c+k] = float32(1 + rng.IntN(100))
			}
		}
		p, err := FeatureMaps(maps, h, w, c)
		wantTexts(t, maps, printed(t, p, err), fmt.Sprintf("%d of %d maps are 0 everywhere", dead, c))
		if want := fmt.Sprintf("%d maps of %dx%d, values from %.3g to %.3g. ", c, h, w, slices.Min(maps), slices.Max(maps)); !strings.HasPrefix(p.Alt, want) {
			t.Fatalf("%q, want %q", p.Alt, want)
		}

		kernels := make([]float32, h*w*c*2)
		for i := range kernels {
			kernels[i] = float32(rng.NormFloat64())
		}
		p, err = Kernels(kernels, []int{h, w, c, 2})
		printed(t, p, err)
		if want := fmt.Sprintf("2 kernels of %dx%d over %d channels, values from %.3g to %.3g. 0 of %d weights are 0.", h, w, c, slices.Min(kernels), slices.Max(kernels), len(kernels)); p.Alt != want {
			t.Fatalf("%q, want %q", p.Alt, want)
		}

		influence, blind := make([]float64, h*w), 0
		for i := range influence {
			if rng.IntN(3) == 0 {
				blind++
			} else {
				influence[i] = rng.Float64() + 0.1
			}
		}
		p, err = BlindPixels(influence, h, w)
		wantTexts(t, influence, printed(t, p, err), fmt.Sprintf("%d of %d pixels move nothing (%.1f %%, orange)", blind, h*w, 100*float64(blind)/float64(h*w)))
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

func TestHistogramAndCurveNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(213, 214))
	for range drawings {
		n := 1 + rng.IntN(50)
		pixels := make([]uint8, n)
		sum := 0.0
		for i := range pixels {
			pixels[i] = uint8(rng.IntN(256))
			sum += float64(pixels[i]) / 255
		}
		mean, squares := sum/float64(n), 0.0
		for _, v := range pixels {
			squares += (float64(v)/255 - mean) * (float64(v)/255 - mean)
		}
		p, err := ChannelHistograms(pixels, 1)
		wantTexts(t, pixels, printed(t, p, err), fmt.Sprintf("grey: mean %.3f, std %.3f", mean, math.Sqrt(squares/float64(n))))

		h, best := train.History{}, 0
		for i := range 1 + rng.IntN(6) {
			h = append(h, train.Epoch{Epoch: i + 1, Loss: 3 * rng.Float64(), Accuracy: rng.Float64(), Validated: true, ValidLoss: rng.Float64(), ValidAccuracy: rng.Float64()})
			if h[i].ValidAccuracy > h[best].ValidAccuracy {
				best = i
			}
		}
		p, err = Curves(h)
		wantTexts(t, h, printed(t, p, err), fmt.Sprintf("best: epoch %d, %.1f %%", best+1, 100*h[best].ValidAccuracy))
		if want := fmt.Sprintf(" Loss from %.4f to %.4f.", h[0].Loss, h[len(h)-1].Loss); !strings.Contains(p.Alt, want) {
			t.Fatalf("%q, want %q", p.Alt, want)
		}
	}
}
