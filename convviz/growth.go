package convviz

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/internal/geometry"
)

// growth is what one unit sees of each layer below it along one axis.
type growth struct {
	name   string  // of the layer whose unit it is
	layers []grown // from the input on
	seen   [2]int  // of the input
}

// grown is a layer on the way down from the unit.
type grown struct {
	name   string
	size   int
	seen   [2]int                               // its units that are seen
	inputs func(first, last int) (from, to int) // what those see of the layer below
}

// grow follows the unit in the middle of the last layer that does not see the
// whole input along an axis (0: height, 1: width).
func grow(net cnnlib.Sequential, in []int, axis int) (*growth, error) {
	if len(in) != 3 {
		return nil, fmt.Errorf("convviz: receptive fields are drawn for images [height, width, channels], got %v", in)
	}
	root, err := cnnlib.Resolve(net, in)
	if err != nil {
		return nil, err
	}
	way, _ := places(root)
	g, unit := growth{}, 0
	for _, p := range way {
		if len(p.Info.Window) > 0 || p.Parallel || spans(p) {
			unit, g.name = (p.Info.Output[axis]-1)/2, p.Title()
			if p.Parallel {
				g.name = fmt.Sprintf("%s %s", p.Path, p.Title())
			}
		}
	}
	layers, seen, err := down(way, axis, [2]int{unit, unit})
	if err != nil {
		return nil, err
	}
	if len(layers) == 0 {
		return nil, fmt.Errorf("convviz: the network has no layer with a window whose units see less than the whole input")
	}
	if seen[0] > seen[1] {
		return nil, fmt.Errorf("convviz: the unit in the middle of %s sees nothing", g.name)
	}
	g.layers, g.seen = layers, seen
	return &g, nil
}

// places lists the layers in series that p is made of up to the first whose
// units see the whole input, and whether there is one.
func places(p *cnnlib.Place) (way []*cnnlib.Place, cut bool) {
	_, series := p.Layer.(cnnlib.Sequential)
	if whole := p.Parallel || len(p.Parts) == 0 || len(p.Info.Window) > 0; whole && !series {
		if seesAll(p) {
			return nil, true
		}
		return []*cnnlib.Place{p}, false
	}
	for _, q := range p.Parts {
		more, cut := places(q)
		if way = append(way, more...); cut {
			return way, true
		}
	}
	return way, false
}

// seesAll tells whether there is a layer in p that gives features.
func seesAll(p *cnnlib.Place) bool {
	for _, q := range p.Parts {
		if seesAll(q) {
			return true
		}
	}
	return len(p.Info.Output) != 3
}

func spans(p *cnnlib.Place) bool {
	_, yes := p.Layer.(cnnlib.Spanner)
	return yes
}

// down follows the units from seen[0] to seen[1] of the last of some places in
// series to their input: the layers with windows, from the input on, and the
// units of the input that are seen, none if the second is below the first.
func down(way []*cnnlib.Place, axis int, seen [2]int) (layers []grown, input [2]int, err error) {
	for i := len(way) - 1; i >= 0 && seen[0] <= seen[1]; i-- {
		var below []grown
		if below, seen, err = through(way[i], axis, seen); err != nil {
			return nil, seen, err
		}
		layers = append(below, layers...)
	}
	return layers, seen, nil
}

func through(p *cnnlib.Place, axis int, seen [2]int) ([]grown, [2]int, error) {
	layer := grown{name: p.Title(), size: p.Info.Output[axis], seen: seen}
	spanner, irregular := p.Layer.(cnnlib.Spanner)
	_, series := p.Layer.(cnnlib.Sequential)
	switch {
	case p.Parallel:
		return widest(p, axis, seen)
	case series:
		return down(p.Parts, axis, seen)
	case len(p.Info.Window) > axis:
		w := p.Info.Window[axis]
		layer.inputs = geometry.Window{Kernel: w.Kernel, Stride: w.Stride, Dilation: w.Dilation, PadBefore: w.PadBefore, PadAfter: w.PadAfter,
			Ceil: w.Ceil, Transposed: w.Transposed, OutputPadding: w.OutputPadding}.Inputs
	case len(p.Parts) > 0:
		return down(p.Parts, axis, seen)
	case irregular:
		layer.inputs = func(first, last int) (int, int) {
			return spanner.Span(p.In, axis, max(first, 0), min(last, layer.size-1))
		}
	case p.Info.Pointwise:
		return nil, seen, nil
	default:
		return nil, seen, fmt.Errorf("convviz: layer %s (%s) does not tell what its units see: give its Info a Window or Pointwise, or write Span (cnnlib.Spanner)", p.Path, p.Title())
	}
	var input [2]int
	input[0], input[1] = layer.inputs(seen[0], seen[1])
	return []grown{layer}, input, nil
}

// widest gives the layers of the branch that sees most, and what all of them
// see.
func widest(p *cnnlib.Place, axis int, seen [2]int) (layers []grown, input [2]int, err error) {
	input, most := [2]int{0, -1}, -1
	for _, q := range p.Parts {
		of, once := seen, q.Info.Output[axis] == 1 && p.Info.Output[axis] > 1
		if once { // the join spreads it
			of = [2]int{0, 0}
		}
		below, one, err := through(q, axis, of)
		if err != nil {
			return nil, input, err
		}
		if one[0] > one[1] {
			continue
		}
		if width := one[1] - one[0]; !once && (width > most || width == most && len(below) > len(layers)) {
			layers, most = below, width
		}
		if input[0] > input[1] {
			input = one
		}
		input = [2]int{min(input[0], one[0]), max(input[1], one[1])}
	}
	return layers, input, nil
}
