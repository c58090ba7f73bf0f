package weights

import (
	"slices"

	"convlab/cnnlib"
)

// idioms are the ways in which layers are written as several nodes, and
// neighbours that are one layer here. Each looks at the beginning of a chain,
// and gives what stands for its first n terms, if it knows them.
var idioms = []func(im *importer, c chain) (with chain, n int){
	shuffled, pooledFlat, widened, widenedOn, widenedBranches, nestedJoins, identityFirst, swishes, hardSigmoids, gelus, groupNorms, permutedOn, responses, unpermuted, pooledInSteps, cellsJoined, cellsPicked, adaptiveInSteps,
}

// longestIdiom is how far before what was found another may begin.
const longestIdiom = 4

// joinIdioms finds idioms in c, to any depth.
func (im *importer) joinIdioms(c chain) chain {
	for _, t := range c {
		if b, ok := t.op.(branches); ok {
			for i := range b.chains {
				b.chains[i] = im.joinIdioms(b.chains[i])
			}
		}
	}
	for i := 0; i < len(c); {
		with, n := im.idiom(c[i:])
		if n == 0 {
			i++
			continue
		}
		c = slices.Replace(c, i, i+n, with...)
		i = max(0, i-longestIdiom)
	}
	return c
}

func (im *importer) idiom(c chain) (chain, int) {
	for _, known := range idioms {
		if with, n := known(im, c); n > 0 {
			return with, n
		}
	}
	return nil, 0
}

// as is a layer in place of the first n terms of c, if that is checked to do
// the same to shapes.
func (im *importer) as(c chain, n int, l cnnlib.Layer, weights ...Tensor) (chain, int) {
	t, err := im.layerTerm(c[0].node, c[0].in, l, weights...)
	if err != nil || !slices.Equal(t.out, c[n-1].out) {
		return nil, 0
	}
	return chain{t}, n
}

func is[T any](t *term) bool {
	_, ok := t.op.(T)
	return ok
}

// laidOut tells whether t only lays numbers out in another shape.
func laidOut(t *term) bool { return is[layout](t) || is[cnnlib.Flatten](t) }

// swapped is the order of axes in which the first two of an example change
// places.
func swapped(p permute) bool {
	for i, v := range p {
		if i == 1 && v != 2 || i == 2 && v != 1 || i != 1 && i != 2 && v != i {
			return false
		}
	}
	return len(p) > 2
}

// shuffled: channels as [groups, channels/groups], swapped, and flat again.
func shuffled(im *importer, c chain) (chain, int) {
	if len(c) < 3 || !is[layout](c[0]) || !laidOut(c[2]) {
		return nil, 0
	}
	p, ok := c[1].op.(permute)
	in, split := c[0].in, c[0].out
	if !ok || !swapped(p) || len(split) != len(in)+1 || split[0]*split[1] != in[0] || !slices.Equal(split[2:], in[1:]) || !slices.Equal(c[2].out, in) {
		return nil, 0
	}
	return im.as(c, 3, cnnlib.ChannelShuffle{Groups: split[0]})
}

// single tells whether an example of this shape has one position.
func single(shape []int) bool {
	return len(shape) > 1 && !slices.ContainsFunc(shape[1:], func(d int) bool { return d != 1 })
}

// pooledFlat: a pool to one position, perhaps dropout, and a Flatten.
func pooledFlat(im *importer, c chain) (chain, int) {
	var global cnnlib.Layer
	switch c[0].op.(type) {
	case cnnlib.AdaptiveAvgPool:
		global = cnnlib.GlobalAvgPool{}
	case cnnlib.AdaptiveMaxPool:
		global = cnnlib.GlobalMaxPool{}
	default:
		return nil, 0
	}
	n := 1
	for n < len(c) && is[cnnlib.Dropout](c[n]) {
		n++
	}
	if n == len(c) || !is[cnnlib.Flatten](c[n]) || !single(c[0].out) {
		return nil, 0
	}
	with, err := im.relaid(chain{{node: c[0].node, in: c[0].in, op: global}}, c[1:n])
	if err != nil {
		return nil, 0
	}
	return with, n + 1
}

// relaid is layers after one another, on other shapes than before.
func (im *importer) relaid(parts ...chain) (chain, error) {
	var out chain
	for _, t := range slices.Concat(parts...) {
		l, _ := t.layer()
		in := t.in
		if len(out) > 0 {
			in = out[len(out)-1].out
		}
		again, err := im.layerTerm(t.node, in, l, t.weights...)
		if err != nil {
			return nil, err
		}
		out = append(out, again)
	}
	return out, nil
}

// groupNorms: each group of channels normalised as if it were a channel.
func groupNorms(im *importer, c chain) (chain, int) {
	if len(c) < 3 || !is[layout](c[0]) || !laidOut(c[2]) || !slices.Equal(c[2].out, c[0].in) {
		return nil, 0
	}
	norm, ok := c[1].op.(cnnlib.InstanceNorm)
	groups := c[1].in[0]
	if !ok || c[0].in[0]%groups != 0 {
		return nil, 0
	}
	weights := c[1].weights
	if norm.Affine {
		var err error
		if weights, err = im.forChannels(c[1].node, weights, c[0].in[0]); err != nil {
			return nil, 0
		}
	}
	return im.as(c, 3, cnnlib.GroupNorm{Groups: groups, Epsilon: norm.Epsilon, NoAffine: !norm.Affine}, weights...)
}
