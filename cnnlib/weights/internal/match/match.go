// Package match finds which tensor of a file is which weight of a network.
//
// Names are looked at first: as they are, then after a prefix that wrappers put before them
// ("module.", "state_dict.net."). Where they are those of another program, the order of the file
// tells, if the file has kept the order of the modules, and all kinds (the last part of a name:
// weight, bias, running_mean) and shapes agree one by one; last, the modules themselves, if kinds,
// shapes and the numbers in their names leave one way only. Anything else is an error that says
// what does not fit: a position alone never decides.
package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Weight is a weight of the network, or a tensor of the file.
type Weight struct {
	Name  string // module and kind, as "layer1.0.conv1.weight"
	Shape []int
	Whole bool // its numbers are whole: no weights, unless the name says so
}

// Result is what Find found.
type Result struct {
	Taken []int  // for each weight of the network the index of its tensor
	How   string // how that was found, in words
	Left  []int  // indices of the other tensors; counts of batches, which no network needs, are not among them
}

// Find tells which of the tensors have are the weights want. ordered says that have is in the
// order in which a program listed its modules: a file of safetensors has lost it.
func Find(want, have []Weight, ordered bool) (Result, error) {
	s, err := newSearch(want, have)
	if err != nil {
		return Result{}, err
	}
	if len(want) == 0 {
		if i := slices.IndexFunc(have, func(h Weight) bool {
			return kind(h.Name) != batches && numbers(h.Shape) > 1 && !h.Whole && !beside(h.Name)
		}); i >= 0 {
			return Result{}, fmt.Errorf("the network has no weights, the file has %s", shaped(have[i]))
		}
		return Result{How: "by name", Left: s.left(nil)}, nil
	}
	ways := []func() ([]fit, error){func() ([]fit, error) { return s.byName(false) }, func() ([]fit, error) { return s.byName(true) }}
	if ordered {
		ways = append(ways, s.inOrder)
	}
	ways = append(ways, s.byModules)
	var reasons []error
	for _, way := range ways {
		fits, err := way()
		if len(fits) > 0 {
			best, err := choose(fits)
			if err != nil {
				return Result{}, err
			}
			return Result{best.taken, best.how, s.left(best.taken)}, nil
		}
		if err != nil {
			if reasons = append(reasons, err); errors.Is(err, errNamesFit) {
				break
			}
		}
	}
	return Result{}, s.explain(reasons)
}

// search is one call of Find.
type search struct {
	want, have []Weight
	kinds      map[string]bool // of want
	useful     []bool          // tensors that could be weights of some network
}

func newSearch(want, have []Weight) (*search, error) {
	s := &search{want: want, have: have, kinds: make(map[string]bool), useful: make([]bool, len(have))}
	names := make(map[string]bool, len(want))
	for _, w := range want {
		if names[w.Name] {
			return nil, fmt.Errorf("the network has two weights with the name %s", Printable(w.Name))
		}
		names[w.Name], s.kinds[kind(w.Name)] = true, true
	}
	seen := make(map[string]bool, len(have))
	for i, h := range have {
		if seen[h.Name] {
			return nil, fmt.Errorf("the name %s is there twice", Printable(h.Name))
		}
		seen[h.Name] = true
		s.useful[i] = s.kinds[kind(h.Name)] || kind(h.Name) != batches && !h.Whole && numbers(h.Shape) > 1
	}
	return s, nil
}

// left lists the tensors that were not taken.
func (s *search) left(taken []int) []int {
	used := make([]bool, len(s.have))
	for _, i := range taken {
		used[i] = true
	}
	var left []int
	for i, h := range s.have {
		if !used[i] && kind(h.Name) != batches {
			left = append(left, i)
		}
	}
	return left
}

// fit is one way in which the file gives all weights: tensors under a prefix.
type fit struct {
	prefix string
	taken  []int
	how    string
}

// choose takes the fit whose prefix looks most like that of the weights in use: a file may have
// averaged copies beside them.
func choose(fits []fit) (fit, error) {
	slices.SortStableFunc(fits, func(a, b fit) int { return rank(a.prefix) - rank(b.prefix) })
	if len(fits) > 1 && rank(fits[0].prefix) == rank(fits[1].prefix) {
		return fit{}, fmt.Errorf("the weights are there more than once, under %s and under %s: save one of them alone", Printable(fits[0].prefix), Printable(fits[1].prefix))
	}
	return fits[0], nil
}

func rank(prefix string) int {
	first, _, _ := strings.Cut(prefix, ".")
	switch {
	case beside(prefix):
		return 2
	case prefix == "" || containers[first]:
		return 0
	}
	return 1
}

// batches is the kind of the counters of PyTorch's BatchNorm.
const batches = "num_batches_tracked"

// kind is the last part of a name, module what stands before it, with the dot.
func kind(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func module(name string) string { return name[:strings.LastIndexByte(name, '.')+1] }

func numbers(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= min(d, 2) // more than one is all that is asked
		n = min(n, 2)
	}
	return n
}
