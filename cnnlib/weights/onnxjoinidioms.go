package weights

import (
	"slices"

	"convlab/cnnlib"
)

// nestedJoins: joins of joins that are one. Sums keep their order, in which they
// round.
func nestedJoins(_ *importer, c chain) (chain, int) {
	b, ok := c[0].op.(branches)
	if !ok {
		return nil, 0
	}
	for i, part := range b.chains {
		if i > 0 && b.join != cnnlib.Concat || len(part) != 1 {
			continue
		}
		inner, ok := part[0].op.(branches)
		if !ok || inner.join != b.join || inner.axis != b.axis {
			continue
		}
		t := *c[0]
		t.op = branches{b.join, b.axis, slices.Concat(b.chains[:i], inner.chains, b.chains[i+1:])}
		return chain{&t}, 1
	}
	return nil, 0
}

// identityFirst: the branch that gives what it takes comes first, where the
// order does not matter.
func identityFirst(_ *importer, c chain) (chain, int) {
	b, ok := c[0].op.(branches)
	if !ok || b.join == cnnlib.Concat || len(b.chains) != 2 || len(b.chains[0]) == 0 || len(b.chains[1]) > 0 {
		return nil, 0
	}
	t := *c[0]
	t.op = branches{join: b.join, chains: []chain{nil, b.chains[0]}}
	return chain{&t}, 1
}
