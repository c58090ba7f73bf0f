package convviz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

// told is a unit's shape and what it sees, computed by plain arithmetic.
type told struct {
	h, w, c     int
	first, last int // pixels that unit 0 sees along each axis
	jump        int
	all         bool // each unit sees the whole input
}

// expected are the texts of the cards and signs of a drawing.
type expected struct {
	texts        []string
	cards, signs int
	params, macs int
}

func (e *expected) add(o told, params int) {
	e.texts = append(e.texts, fmt.Sprintf("%dx%dx%d", o.h, o.w, o.c))
	if params > 0 {
		e.texts = append(e.texts, comma(params)+" params")
	}
	if !o.all {
		e.texts = append(e.texts, fmt.Sprintf("sees %[1]dx%[1]d", o.last-o.first+1))
	}
	e.params += params
}

// randomUnit is a convolution with what works number by number after it, or a
// pool.
func randomUnit(rng *rand.Rand, in told, out, stride int, e *expected) (cnnlib.Sequential, told) {
	o := in
	slide := func(k, before, after int) {
		o.h, o.w = (in.h+before+after-k)/stride+1, (in.w+before+after-k)/stride+1
		o.first, o.last, o.jump = in.first-before*in.jump, in.last+(k-1-before)*in.jump, in.jump*stride
	}
	e.cards++
	if rng.IntN(4) == 0 && out == in.c {
		slide(3, 1, 1)
		e.add(o, 0)
		return cnnlib.Sequential{cnnlib.MaxPool{Size: 3, Stride: stride, Padding: 1}}, o
	}
	k := 1 + rng.IntN(4)
	before, after := (k-1)/2, k/2
	if rng.IntN(2) == 0 {
		before, after = after, before
	}
	slide(k, before, after)
	o.c = out
	w := cnnlib.Window{Kernel: k, Stride: stride, PadBefore: before, PadAfter: after}
	layers, params := cnnlib.Sequential{cnnlib.Conv{Out: out, Axes: []cnnlib.Window{w, w}}}, (k*k*in.c+1)*out
	e.macs += o.h * o.w * k * k * in.c * out
	if rng.IntN(2) == 0 {
		layers, params = append(layers, cnnlib.BatchNorm{}), params+2*out
	}
	if rng.IntN(2) == 0 {
		layers = append(layers, cnnlib.ReLU{})
	}
	e.add(o, params)
	return layers, o
}

// randomBlock is a fork whose branches keep the sizes.
func randomBlock(rng *rand.Rand, in told, depth int, e *expected) (cnnlib.Sequential, told) {
	b := cnnlib.Branches{Join: cnnlib.Join(rng.IntN(3))}
	o := in
	for i := range 1 + rng.IntN(3) {
		var lane cnnlib.Layer
		gives := in
		switch {
		case i == 0 && rng.IntN(2) == 0: // a shortcut
		case i > 0 && b.Join == cnnlib.Product && rng.IntN(3) == 0: // one factor for each channel
			lane = cnnlib.Sequential{cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: in.c}, cnnlib.Sigmoid{}}
			e.texts = append(e.texts, fmt.Sprint(in.c), fmt.Sprint(in.c), comma(in.c*in.c+in.c)+" params")
			e.params, e.macs, e.cards = e.params+in.c*in.c+in.c, e.macs+in.c*in.c, e.cards+2
			gives.all = true
		default:
			out := in.c
			if b.Join == cnnlib.Concat {
				out = 1 + rng.IntN(8)
			}
			lane, gives = randomSeries(rng, in, depth-1, out, 1, e)
		}
		b.Layers = append(b.Layers, lane)
		if i == 0 {
			o = gives
			continue
		}
		o.first, o.last, o.all = min(o.first, gives.first), max(o.last, gives.last), o.all || gives.all
		if b.Join == cnnlib.Concat {
			o.c += gives.c
		}
	}
	if len(b.Layers) == 1 && b.Layers[0] == nil {
		b.Layers = append(b.Layers, nil) // x + x, x·x or x beside itself
		if b.Join == cnnlib.Concat {
			o.c *= 2
		}
	}
	layers, params := cnnlib.Sequential{b}, 0
	if rng.IntN(3) == 0 {
		layers, params = append(layers, cnnlib.BatchNorm{}), 2*o.c
	}
	e.signs++
	e.add(o, params)
	return layers, o
}

// randomSeries gives out channels at last.
func randomSeries(rng *rand.Rand, in told, depth, out, stride int, e *expected) (cnnlib.Sequential, told) {
	layers, o := randomUnit(rng, in, out, stride, e)
	if depth > 0 && rng.IntN(2) == 0 {
		more, next := randomBlock(rng, o, depth, e)
		if o = next; rng.IntN(2) == 0 {
			layers = append(layers, more...)
		} else {
			layers = append(layers, more) // in a Sequential of its own
		}
		more, o = randomUnit(rng, o, out, 1, e)
		layers = append(layers, more...)
	}
	return layers, o
}

func TestBranchingNetworkNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(215, 216))
	for drawn := 0; drawn < drawings; {
		in := told{h: 6 + rng.IntN(20), w: 6 + rng.IntN(20), c: 1 + rng.IntN(8), jump: 1}
		e, o := expected{texts: []string{fmt.Sprintf("%dx%dx%d", in.h, in.w, in.c)}}, in
		net, o := randomUnit(rng, o, 1+rng.IntN(8), 1+rng.IntN(2), &e)
		block, _ := randomBlock(rng, o, 2, &e)
		net = append(net, block)
		p, err := Network(net, []int{in.h, in.w, in.c})
		if err != nil {
			t.Fatalf("%#v on %+v: %v", net, in, err)
		}
		all := picturetest.Parse(t, p.SVG)
		picturetest.Apart(t, all)
		if onCards, total := params(t, all); onCards != e.params || total != e.params {
			t.Fatalf("%#v on %+v: %d params on cards and %d below, want %d", net, in, onCards, total, e.params)
		}
		if slices.ContainsFunc(picturetest.Texts(all), func(s string) bool { return strings.Contains(s, "built like") || strings.HasSuffix(s, "layers") }) {
			continue
		}
		drawn++
		e.texts = append(e.texts, comma(e.params)+" params, "+comma(e.macs)+" MACs")
		var got []string
		for _, text := range picturetest.Of(all, "text") {
			small := text.Float(t, "font-size") == 11
			if small && !strings.HasPrefix(text.Text, "+ ") || strings.HasSuffix(text.Text, "MACs") {
				got = append(got, text.Text)
			}
		}
		if !slices.Equal(sorted(got), sorted(e.texts)) {
			t.Fatalf("%#v on %+v: printed %q, want %q", net, in, sorted(got), sorted(e.texts))
		}
		cards, signs := 0, 0
		for _, r := range picturetest.Of(all, "rect") {
			if r.Attr["rx"] == "5" {
				cards++
			}
		}
		for _, r := range picturetest.Of(all, "circle") {
			if r.Attr["r"] == "10" {
				signs++
			}
		}
		if cards != e.cards+1 || signs != e.signs {
			t.Fatalf("%#v: %d cards and %d signs, want %d and %d", net, cards, signs, e.cards+1, e.signs)
		}
		if t.Failed() {
			t.Fatalf("%#v on %+v", net, in)
		}
	}
}

// params sums those on the cards, and gives those of the whole.
func params(t *testing.T, all []picturetest.Element) (onCards, total int) {
	t.Helper()
	for _, text := range picturetest.Texts(all) {
		number, rest, found := strings.Cut(text, " params")
		n, err := strconv.Atoi(strings.ReplaceAll(number, ",", ""))
		switch {
		case !found || err != nil:
		case strings.HasPrefix(rest, ", "):
			total = n
		default:
			onCards += n
		}
	}
	return onCards, total
}

// branching has a residual block, channels weighted by squeeze-and-excitation,
// and branches with a pool.
func branching() cnnlib.Sequential {
	conv := func(out, kernel int) cnnlib.Layer { return cnnlib.Conv{Out: out, Kernel: kernel, Same: true} }
	return cnnlib.Sequential{
		conv(16, 3), cnnlib.ReLU{},
		cnnlib.Residual(conv(16, 3), cnnlib.BatchNorm{}, cnnlib.ReLU{}, conv(16, 3), cnnlib.BatchNorm{}), cnnlib.ReLU{},
		cnnlib.Branches{Join: cnnlib.Product, Layers: []cnnlib.Layer{nil, cnnlib.Sequential{cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 4}, cnnlib.ReLU{}, cnnlib.Dense{Out: 16}, cnnlib.Sigmoid{}}}},
		cnnlib.MaxPool{Size: 2},
		cnnlib.Branches{Layers: []cnnlib.Layer{conv(8, 1), cnnlib.Sequential{conv(4, 1), conv(8, 5)}, cnnlib.Sequential{cnnlib.MaxPool{Size: 3, Stride: 1, Padding: 1}, conv(8, 1)}}},
		cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10},
	}
}

// unet goes down twice and up again, past shortcuts.
func unet() cnnlib.Sequential {
	conv := func(out int) cnnlib.Layer {
		return cnnlib.Sequential{cnnlib.Conv{Out: out, Kernel: 3, Same: true}, cnnlib.ReLU{}}
	}
	around := func(out int, inside cnnlib.Layer) cnnlib.Layer {
		return cnnlib.Sequential{cnnlib.MaxPool{Size: 2}, conv(2 * out), inside, cnnlib.TransposedConv{Out: out, Kernel: 2, Stride: 2}}
	}
	skip := func(out int, inside cnnlib.Layer) cnnlib.Layer {
		return cnnlib.Sequential{cnnlib.Branches{Layers: []cnnlib.Layer{nil, around(out, inside)}}, conv(out)}
	}
	return cnnlib.Sequential{conv(8), skip(8, skip(16, conv(32))), cnnlib.Conv{Out: 2, Kernel: 1}}
}

// blocks is so many residual blocks one after the other.
func blocks(n int) cnnlib.Sequential {
	conv := cnnlib.Conv{Out: 4, Kernel: 3, Same: true}
	var net cnnlib.Sequential
	for range n {
		net = append(net, cnnlib.Sequential{cnnlib.Residual(conv, cnnlib.BatchNorm{}, cnnlib.ReLU{}, conv), cnnlib.ReLU{}})
	}
	return net
}

func TestBranchingNetworks(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, net := range map[string]cnnlib.Sequential{"branches": branching(), "unet": unet(), "folded": blocks(40)} {
			p, err := Network(net, []int{16, 16, 4})
			all := picturetest.Check(t, p, err)
			picturetest.Apart(t, all)
			look(t, name, p)
			picturetest.Golden(t, name+"-"+Language(), p.PNG)
		}
	})
}
