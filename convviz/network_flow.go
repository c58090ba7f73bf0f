package convviz

import (
	"fmt"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// detail says which parts of a network are drawn as one card with a path. The zero
// value opens everything.
type detail struct {
	repeats bool // blocks that are built like one which is drawn open
	chains  bool // layers in series without branches
	depth   int  // layers of parts that have so many elements in their path; 0: none
}

// details are the ways to draw p, from the one that shows most.
func details(p *cnnlib.Place) []detail {
	ways := []detail{{}, {repeats: true}, {repeats: true, chains: true}}
	for depth := deepest(p) - elements(p); depth >= 1; depth-- {
		ways = append(ways, detail{true, true, elements(p) + depth})
	}
	return ways
}

// elements counts those of a path.
func elements(p *cnnlib.Place) int {
	if p.Path == "" {
		return 0
	}
	return strings.Count(string(p.Path), ".") + 1
}

func deepest(p *cnnlib.Place) int {
	most := elements(p)
	for _, q := range p.Parts {
		most = max(most, deepest(q))
	}
	return most
}

// node is a card, a fork or a frame of the drawing.
type node struct {
	*cnnlib.Place
	with   []*cnnlib.Place // layers after it that work number by number, on its card
	lanes  [][]*node       // of a fork
	framed []*node         // of a block that others are like
	folded *folded
}

// folded is what one card stands for.
type folded struct {
	like   *cnnlib.Place // the block that is drawn open, if there is one
	times  int           // alike, in series or side by side
	last   *cnnlib.Place // of them
	params int64         // of all of them
}

// unfolding collects the nodes of one picture.
type unfolding struct {
	detail
	views
	seen map[int]*cnnlib.Place // blocks that are drawn open, by their kind
	like map[int]bool          // kinds of which one is open and others are not
}

// flow are the steps of the layers that p is made of.
func (v views) flow(p *cnnlib.Place, of detail) []draw.FlowStep {
	first := unfolding{of, v, map[int]*cnnlib.Place{}, map[int]bool{}}
	first.open(p) // to see what is repeated
	second := unfolding{of, v, map[int]*cnnlib.Place{}, first.like}
	input := draw.FlowStep{Box: box(say("input"), p.In)}
	input.Lines = []string{dims(p.In)}
	return append([]draw.FlowStep{input}, v.steps(second.open(p))...)
}

// open gives the nodes of the parts of p.
func (d *unfolding) open(p *cnnlib.Place) []*node {
	if p.Parallel {
		return []*node{d.fork(p)}
	}
	var nodes []*node
	for _, q := range p.Parts {
		nodes = d.add(nodes, q)
	}
	return nodes
}

// add puts the nodes of p behind others in series.
func (d *unfolding) add(nodes []*node, p *cnnlib.Place) []*node {
	var last *node
	if len(nodes) > 0 {
		last = nodes[len(nodes)-1]
	}
	t := d.traits[p]
	if last != nil && p.Info.Pointwise && !t.forks && last.framed == nil && last.folded == nil {
		last.with = append(last.with, d.chain(p)...)
		return nodes
	}
	if t.opened == nil {
		return append(nodes, &node{Place: p})
	}
	inside, like := d.innermost(p), d.seen[t.kind]
	switch {
	case d.repeats && t.cards > 2 && like != nil:
		d.like[t.kind] = true
	case t.cards > 1 && (d.chains && !t.forks || d.depth > 0 && elements(p) >= d.depth):
		like = nil
	default:
		d.seen[t.kind] = p
		if d.like[t.kind] && !p.Parallel {
			return append(nodes, &node{Place: p, framed: d.open(inside)})
		}
		if inside.Parallel {
			return append(nodes, d.fork(inside))
		}
		for _, q := range inside.Parts {
			nodes = d.add(nodes, q)
		}
		return nodes
	}
	if last != nil && last.folded != nil && last.folded.like == like && d.traits[last.Place].kind == t.kind {
		last.folded.times++
		last.folded.last = p
		last.folded.params += p.Info.Params()
		return nodes
	}
	return append(nodes, &node{Place: p, folded: &folded{like, 1, p, p.Info.Params()}})
}

// fork gives the lanes of p. Where repeats are folded, of three or more lanes
// alike one after the other all but the first have one card.
func (d *unfolding) fork(p *cnnlib.Place) *node {
	n := &node{Place: p}
	for i := 0; i < len(p.Parts); i++ {
		q, alike := p.Parts[i], 1
		if q.Shortcut() {
			n.lanes = append(n.lanes, nil)
			continue
		}
		for d.repeats && i+alike < len(p.Parts) && d.traits[q].exact == d.traits[p.Parts[i+alike]].exact {
			alike++
		}
		d.like[d.traits[q].kind] = d.like[d.traits[q].kind] || alike > 2
		n.lanes = append(n.lanes, d.add(nil, q))
		if alike > 2 {
			i += alike - 1
			rest := &folded{q, alike - 1, p.Parts[i], q.Info.Params() * int64(alike-1)}
			n.lanes = append(n.lanes, []*node{{Place: p.Parts[i-alike+2], folded: rest}})
		}
	}
	return n
}

// signs stand where branches meet.
var signs = map[cnnlib.Join]string{cnnlib.Concat: "C", cnnlib.Sum: "+", cnnlib.Product: "×"}

// steps are the nodes as they are drawn.
func (v views) steps(nodes []*node) []draw.FlowStep {
	steps := []draw.FlowStep{} // a lane of nothing is no card
	for _, n := range nodes {
		end, params := n.Place, n.Info.Params()
		s := draw.FlowStep{Mark: string(n.Path), Framed: nil}
		switch {
		case n.framed != nil:
			s.Box, s.Framed = draw.Box{Name: string(n.Path)}, v.steps(n.framed)
			steps = append(steps, s)
			continue
		case n.folded != nil:
			s.Pile, s.Mark = true, ""
			v.fold(&s, n)
			steps = append(steps, s)
			continue
		}
		s.Box = box(n.Title(), n.Info.Output)
		if n.lanes != nil {
			params, s.Sign, s.Mark = 0, signs[n.Join], ""
			s.Name = fmt.Sprintf("%s %s", n.Path, n.Title())
			for _, lane := range n.lanes {
				s.Lanes = append(s.Lanes, v.steps(lane))
			}
		}
		var with []string
		for _, q := range n.with {
			with = append(with, q.Title())
			params += q.Info.Params()
			end = q
		}
		if with != nil {
			s.Lines = append(s.Lines, "+ "+strings.Join(with, ", "))
		}
		s.Lines = append(s.Lines, v.facts(end, params)...)
		steps = append(steps, s)
	}
	return steps
}

// fold fills the card of a folded block.
func (v views) fold(s *draw.FlowStep, n *node) {
	end, name := n.folded.last, string(n.Path)
	if n.folded.times > 1 {
		name = sayf("%s to %s", n.Path, end.Path)
	}
	s.Box = box(name, end.Info.Output)
	line := ""
	if n.folded.like != nil {
		line = sayf("built like %s", n.folded.like.Path)
	} else {
		line = sayf("%d layers", v.traits[n.Place].layers)
	}
	if n.folded.times > 1 {
		line += sayf(", %d times", n.folded.times)
	}
	s.Lines = append([]string{line}, v.facts(end, n.folded.params)...)
}
