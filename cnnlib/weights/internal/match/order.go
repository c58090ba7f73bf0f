package match

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// group is the tensors under a prefix that could be weights of a network.
type group struct {
	prefix  string
	members []int
}

// Prefixes that are looked at: wrappers and dicts do not nest deeper.
const (
	maxDots   = 12
	maxPrefix = 1 << 9 // bytes
	maxGroups = 8
)

// groups lists those with as many tensors as the network has weights, where what is left can be no
// part of the same network. An averaged copy is not looked for here.
func (s *search) groups() []group {
	count, first := make(map[string]int), make(map[string]int)
	for i, h := range s.have {
		if !s.useful[i] {
			continue
		}
		last := lastBeside(h.Name)
		each(h.Name, func(prefix string) {
			if last >= len(prefix) {
				return
			}
			if count[prefix]++; count[prefix] == 1 {
				first[prefix] = i
			}
		})
	}
	longest := make(map[int]string) // by first tensor: of prefixes with the same tensors the longest
	for prefix, n := range count {
		if at := first[prefix]; n == len(s.want) && !beside(prefix) && len(prefix) >= len(longest[at]) {
			longest[at] = prefix
		}
	}
	candidates := slices.Collect(maps.Keys(longest)) // by first tensor
	slices.Sort(candidates)
	slices.SortStableFunc(candidates, func(a, b int) int { return rank(longest[a]) - rank(longest[b]) })
	var all []group
	for _, first := range candidates[:min(len(candidates), maxGroups)] {
		if g, whole := s.group(longest[first]); whole {
			all = append(all, g)
		}
	}
	return all
}

// each calls do with "" and each beginning of name that ends in a dot.
func each(name string, do func(prefix string)) {
	do("")
	for at, dots := 0, 0; dots < maxDots; dots++ {
		dot := strings.IndexByte(name[at:], '.')
		if at += dot + 1; dot < 0 || at > maxPrefix {
			return
		}
		do(name[:at])
	}
}

// dicts are the containers of which all others in the file are something else.
var dicts = map[string]bool{"state_dict": true, "model_state_dict": true, "model_state": true, "model": true}

// group gathers the tensors under a prefix; whole says that none outside could belong to them.
func (s *search) group(prefix string) (g group, whole bool) {
	g = group{prefix: prefix}
	top, _, _ := strings.Cut(prefix, ".")
	for i, h := range s.have {
		switch inside := strings.HasPrefix(h.Name, prefix); {
		case !s.useful[i] || inside && beside(h.Name[len(prefix):]):
		case inside:
			g.members = append(g.members, i)
		case !beside(h.Name) && !(dicts[top] && !strings.HasPrefix(h.Name, top+".")):
			return g, false
		}
	}
	return g, true
}

// inOrder finds the groups whose tensors are, one by one, of the kinds and shapes of the network's
// weights, and change from module to module where those do.
func (s *search) inOrder() (fits []fit, wrong error) {
	for _, g := range s.groups() {
		if err := s.sameOrder(g); err != nil {
			wrong = err
			continue
		}
		fits = append(fits, fit{g.prefix, g.members, "in the file's order, as all kinds and shapes agree"})
	}
	return fits, wrong
}

func (s *search) sameOrder(g group) error {
	var modules []place
	for k, i := range g.members {
		w, h := s.want[k], s.have[i]
		if kind(w.Name) != kind(h.Name) || !slices.Equal(w.Shape, h.Shape) {
			return fmt.Errorf("in the order of the file, weight %d, %s, meets %s", k+1, shaped(w), shaped(h))
		}
		if k == 0 || module(h.Name) != module(s.have[g.members[k-1]].Name) {
			modules = append(modules, placeOf(h.Name))
		}
		if k > 0 && (module(h.Name) == module(s.have[g.members[k-1]].Name)) != (module(w.Name) == module(s.want[k-1].Name)) {
			return fmt.Errorf("in the order of the file, a module begins or ends at %s, not so in the network at %s", Printable(h.Name), Printable(w.Name))
		}
	}
	if err := ascending(modules); err != nil {
		return err
	}
	return s.contradiction(g, g.members)
}

// contradiction finds a tensor that was taken for another weight than the one whose name it has.
// Names that are numbers alone do not count: networks with and without a Flatten count differently.
func (s *search) contradiction(g group, taken []int) error {
	index := make(map[string]int)
	for k, w := range s.want {
		index[w.Name] = k
	}
	for k, i := range taken {
		name := strings.TrimPrefix(s.have[i].Name, g.prefix)
		if j, ours := index[name]; ours && j != k && slices.Equal(s.want[j].Shape, s.want[k].Shape) && strings.Trim(module(name), "0123456789.") != "" {
			return fmt.Errorf("%s would be taken for %s, though it has the name of another weight", Printable(s.have[i].Name), Printable(s.want[k].Name))
		}
	}
	return nil
}

// place is where a module stands: its name, and that in its parts.
type place struct {
	module string
	parts  []string
}

func placeOf(name string) place {
	m := module(name)
	return place{m, strings.SplitN(m, ".", 2*maxDots)}
}

func (p place) String() string { return strings.TrimSuffix(p.module, ".") }

// compare tells which of two modules comes first. That is known where the first parts that differ
// are numbers, as the parts of a torch.nn.Sequential are; 10 comes after 2.
func (p place) compare(q place) (order int, known bool) {
	for i := range min(len(p.parts), len(q.parts)) {
		a, b := p.parts[i], q.parts[i]
		if a == b {
			continue
		}
		if !digits(a) || !digits(b) {
			return 0, false
		}
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if len(a) != len(b) {
			return len(a) - len(b), true
		}
		return strings.Compare(a, b), a != b
	}
	return 0, false
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// ascending finds modules that stand in another order than their numbers.
func ascending(modules []place) error {
	for i, p := range modules {
		for _, q := range modules[:i] {
			if order, known := q.compare(p); known && order > 0 {
				return fmt.Errorf("%s would come before %s, against their numbers", Printable(q.String()), Printable(p.String()))
			}
		}
	}
	return nil
}
