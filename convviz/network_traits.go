package convviz

import (
	"fmt"
	"slices"
	"strings"

	"convlab/cnnlib"
)

// traits are what decides how a place is drawn.
type traits struct {
	forks  bool            // there are branches in it
	opened []*cnnlib.Place // its parts, if it is drawn as these
	cards  int             // cards and signs that it is drawn as
	layers int             // that it is made of
	kind   int             // the same for places with layers of the same types in the same places
	exact  int             // the same for places that compute the same with other weights
}

// traitsOf finds the traits of p and of all that it is made of.
func traitsOf(p *cnnlib.Place) map[*cnnlib.Place]traits {
	all, numbers := map[*cnnlib.Place]traits{}, map[string]int{}
	number := func(text string) int {
		if _, there := numbers[text]; !there {
			numbers[text] = len(numbers)
		}
		return numbers[text]
	}
	var find func(p *cnnlib.Place) traits
	find = func(p *cnnlib.Place) traits {
		t := traits{forks: p.Parallel, layers: 1}
		for _, q := range p.Parts {
			t.forks = find(q).forks || t.forks
		}
		if _, series := p.Layer.(cnnlib.Sequential); series || t.forks {
			t.opened, t.layers = p.Parts, 0
		}
		switch {
		case p.Shortcut():
			t.layers = 0
		case t.opened == nil && !p.Info.Pointwise || p.Parallel:
			t.cards = 1
		}
		var kinds, exacts []string
		for _, q := range t.opened {
			part := all[q]
			t.cards, t.layers = t.cards+part.cards, t.layers+part.layers
			kinds, exacts = append(kinds, fmt.Sprint(part.kind)), append(exacts, fmt.Sprint(part.exact))
		}
		switch {
		case t.opened == nil:
			t.kind, t.exact = number(fmt.Sprintf("%T", p.Layer)), number(p.Title()+fmt.Sprint(p.Info.Output))
		case len(t.opened) == 1 && !p.Parallel: // it stands for its part
			t.kind, t.exact = all[t.opened[0]].kind, all[t.opened[0]].exact
		default:
			how := ","
			if p.Parallel {
				how = p.Join.String()
			}
			t.kind, t.exact = number("kinds "+strings.Join(kinds, how)+how), number("layers "+strings.Join(exacts, how)+how)
		}
		all[p] = t
		return t
	}
	find(p)
	return all
}

// innermost is p without the layers in series around it that hold nothing else.
func (v views) innermost(p *cnnlib.Place) *cnnlib.Place {
	for !p.Parallel && len(v.traits[p].opened) == 1 && v.traits[p.Parts[0]].opened != nil {
		p = p.Parts[0]
	}
	return p
}

// chain lists the layers that a place without branches is drawn as.
func (v views) chain(p *cnnlib.Place) []*cnnlib.Place {
	if v.traits[p].opened == nil {
		return []*cnnlib.Place{p}
	}
	var all []*cnnlib.Place
	for _, q := range p.Parts {
		all = slices.Concat(all, v.chain(q))
	}
	return all
}
