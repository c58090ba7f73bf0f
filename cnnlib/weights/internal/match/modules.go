package match

import (
	"fmt"
	"slices"
	"strings"
)

// part is a module that has weights: its name, and the index of each weight by kind.
type part struct {
	place
	weights map[string]int
	form    string // kinds and shapes: modules of another form cannot be meant
	first   int    // index of its first weight
}

// parts groups weights by module, in the order in which they appear.
func parts(all []Weight, members []int) []*part {
	byName := make(map[string]*part)
	var modules []*part
	for _, i := range members {
		p := placeOf(all[i].Name)
		m := byName[p.module]
		if m == nil {
			m = &part{place: p, weights: make(map[string]int), first: i}
			byName[p.module], modules = m, append(modules, m)
		}
		m.weights[kind(all[i].Name)] = i
	}
	for _, m := range modules {
		var forms []string
		for k, i := range m.weights {
			forms = append(forms, fmt.Sprintf("%q%d", k, all[i].Shape))
		}
		slices.Sort(forms)
		m.form = strings.Join(forms, " ")
	}
	return modules
}

// byModules finds the groups whose modules can be those of the network in one way only: the form
// of a module is there as often on both sides, and modules of one form have numbers that order them.
func (s *search) byModules() (fits []fit, wrong error) {
	every := make([]int, len(s.want))
	for k := range every {
		every[k] = k
	}
	ours := parts(s.want, every)
	for _, g := range s.groups() {
		taken, err := s.pair(ours, parts(s.have, g.members))
		if err == nil {
			err = s.contradiction(g, taken)
		}
		if err != nil {
			wrong = err
			continue
		}
		fits = append(fits, fit{g.prefix, taken, "by kinds, shapes and the numbers in its names"})
	}
	return fits, wrong
}

// pair finds for each module of the network the one of the file.
func (s *search) pair(ours, theirs []*part) ([]int, error) {
	forms := make(map[string][]*part)
	for _, m := range theirs {
		forms[m.form] = append(forms[m.form], m)
	}
	count := make(map[string]int)
	for _, m := range ours {
		if count[m.form]++; count[m.form] > len(forms[m.form]) {
			return nil, fmt.Errorf("the file has too few modules like %s: %s", Printable(m.String()), shaped(s.want[m.first]))
		}
	}
	for _, same := range forms {
		if err := sorted(same); err != nil {
			return nil, err
		}
	}
	taken := make([]int, len(s.want))
	var modules []place
	for _, m := range ours {
		same := forms[m.form]
		for k, i := range m.weights {
			taken[i] = same[0].weights[k]
		}
		modules, forms[m.form] = append(modules, same[0].place), same[1:]
	}
	return taken, ascending(modules)
}

// sorted orders modules of one form by the numbers in their names, if those order all of them.
func sorted(same []*part) error {
	for i, m := range same {
		for _, n := range same[:i] {
			if _, known := m.compare(n.place); !known {
				return ambiguous{n.String(), m.String()}
			}
		}
	}
	slices.SortFunc(same, func(a, b *part) int { order, _ := a.compare(b.place); return order })
	return nil
}

// ambiguous is two modules of which nothing says which comes first.
type ambiguous struct{ a, b string }

func (e ambiguous) Error() string {
	return fmt.Sprintf("%s and %s have the same kinds and shapes, and nothing says which comes first", Printable(e.a), Printable(e.b))
}
