package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errNamesFit says that all names are there, and that still something does not fit: then no other
// way is tried.
var errNamesFit = errors.New("the names fit")

// maxCopies is how many prefixes that fit are told apart.
const maxCopies = 16

// byName finds the prefixes after which the file has each name of the network, with its shape, and
// no other weight of a network. With unwrap the parts of wrappers are taken out of all names first.
func (s *search) byName(unwrap bool) ([]fit, error) {
	n, ok := s.names(unwrap)
	if !ok {
		return nil, nil
	}
	var fits []fit
	var rejected []string
	for _, prefix := range n.complete() {
		if taken, shapes := n.take(prefix); shapes {
			fits = append(fits, fit{prefix: prefix, taken: taken})
		} else {
			rejected = append(rejected, prefix)
		}
	}
	if len(fits) > maxCopies {
		return nil, fmt.Errorf("%w under %d prefixes: save one network alone", errNamesFit, len(fits))
	}
	fits = slices.DeleteFunc(fits, func(f fit) bool {
		more := len(n.extra(f.prefix, f.taken)) > 0
		if more {
			rejected = append(rejected, f.prefix)
		}
		return more
	})
	for i, f := range fits {
		fits[i].how = "by name"
		if f.prefix != "" {
			fits[i].how += fmt.Sprintf(" after \"%s\"", Printable(f.prefix))
		}
		if unwrap {
			fits[i].how += ", without the names of wrappers"
		}
	}
	for _, r := range rejected { // a copy does not stand in for what does not fit
		fits = slices.DeleteFunc(fits, func(f fit) bool { return rank(r) < rank(f.prefix) || strings.HasPrefix(f.prefix, r) })
	}
	if len(fits) == 0 && len(rejected) > 0 {
		return nil, errNamesFit
	}
	return fits, nil
}

// names is the names on both sides, and where those of the file end as those of the network.
type names struct {
	*search
	ours, theirs []string
	index        map[string]int // of theirs
	count        map[string]int // of names of the network that are there after a prefix
	order        []string       // the prefixes, in the order of the file
}

// names gives false where taking out the parts of wrappers changes nothing or makes names equal.
func (s *search) names(unwrap bool) (*names, bool) {
	n := &names{search: s, index: make(map[string]int), count: make(map[string]int)}
	changed := false
	plain := func(name string) string {
		if !unwrap {
			return name
		}
		short := unwrapped(name)
		changed = changed || short != name
		return short
	}
	ours := make(map[string]bool)
	longest := 0
	for _, w := range s.want {
		name := plain(w.Name)
		n.ours, ours[name], longest = append(n.ours, name), true, max(longest, len(name))
	}
	for i, h := range s.have {
		name := plain(h.Name)
		if _, twice := n.index[name]; twice {
			return nil, false
		}
		n.theirs, n.index[name] = append(n.theirs, name), i
	}
	if unwrap && !changed || len(ours) < len(n.ours) {
		return nil, false
	}
	for _, name := range n.theirs {
		for at := len(name); at >= 0 && len(name)-at <= longest+1; {
			if at = strings.LastIndexByte(name[:at], '.'); ours[name[at+1:]] {
				if n.count[name[:at+1]]++; n.count[name[:at+1]] == 1 {
					n.order = append(n.order, name[:at+1])
				}
			}
		}
	}
	return n, true
}

// complete lists the prefixes after which each name of the network is there.
func (n *names) complete() []string {
	var all []string
	for _, prefix := range n.order {
		if n.count[prefix] == len(n.ours) {
			all = append(all, prefix)
		}
	}
	return all
}

// take looks up the tensors after a prefix; -1 is one that is missing. ok says that all are there
// with the right shape.
func (n *names) take(prefix string) (taken []int, ok bool) {
	ok = true
	for k, name := range n.ours {
		i, found := n.index[prefix+name]
		if !found {
			i = -1
		}
		taken = append(taken, i)
		ok = ok && found && slices.Equal(n.have[i].Shape, n.want[k].Shape)
	}
	return taken, ok
}

// extra lists the tensors after a prefix that are weights of a network, and not taken.
func (n *names) extra(prefix string, taken []int) []int {
	used := make(map[int]bool)
	for _, i := range taken {
		used[i] = true
	}
	var all []int
	for i, name := range n.theirs {
		rest, inside := strings.CutPrefix(name, prefix)
		if inside && !used[i] && n.useful[i] && !beside(rest) {
			all = append(all, i)
		}
	}
	return all
}
