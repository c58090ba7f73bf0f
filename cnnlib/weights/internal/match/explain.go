package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// explain is the error that says why nothing fits, the reason first, then what is missing and what
// is left over. Lists are cut, the reason is not.
func (s *search) explain(reasons []error) error {
	if len(reasons) > 0 && errors.Is(reasons[0], errNamesFit) && reasons[0] != errNamesFit {
		return reasons[0]
	}
	n, prefix := s.closest()
	if n != nil {
		taken, _ := n.take(prefix)
		return s.byNameError(n, prefix, taken)
	}
	var reason string
	count := 0
	for _, u := range s.useful {
		if u {
			count++
		}
	}
	var doubt ambiguous
	switch {
	case len(reasons) > 0 && errors.As(reasons[0], &doubt): // the order of the file would have told
		reason = fmt.Sprintf("the names are not the network's, and %v: rename the tensors as the network's weights are named, or, "+
			"as safetensors sorts by name, take the file that torch.save(net.state_dict(), \"net.pth\") writes", doubt)
	case len(reasons) > 0:
		reason = fmt.Sprintf("the names are not the network's, and %v", reasons[0])
	case count != len(s.want):
		reason = fmt.Sprintf("the names are not the network's, and the file has %s, the network %s", counted(count), counted(len(s.want)))
	default:
		reason = "the names are not the network's, and the kinds and shapes are not either"
	}
	var left []Weight
	for i, h := range s.have {
		if s.useful[i] {
			left = append(left, h)
		}
	}
	return sentence(reason, s.want, left, s.hint())
}

// closest is the prefix after which most names of the network are there, if that is a half of them or
// says of one of them that its shape is another.
func (s *search) closest() (*names, string) {
	for _, unwrap := range []bool{false, true} {
		n, ok := s.names(unwrap)
		if !ok {
			continue
		}
		best := ""
		for _, prefix := range n.order {
			if c, b := n.count[prefix], n.count[best]; c > b || c == b && rank(prefix) < rank(best) {
				best = prefix
			}
		}
		if 2*n.count[best] >= len(s.want) || n.differ(best) {
			return n, best
		}
	}
	return nil, ""
}

// differ tells whether a name that is there after the prefix has another shape.
func (n *names) differ(prefix string) bool {
	taken, _ := n.take(prefix)
	for k, i := range taken {
		if i >= 0 && !slices.Equal(n.have[i].Shape, n.want[k].Shape) {
			return true
		}
	}
	return false
}

// byNameError says which shapes differ, or else that something is missing or too much.
func (s *search) byNameError(n *names, prefix string, taken []int) error {
	var shapes []string
	var missing, left []Weight
	for k, i := range taken {
		if i < 0 {
			missing = append(missing, s.want[k])
		} else if h := s.have[i]; !slices.Equal(h.Shape, s.want[k].Shape) {
			shapes = append(shapes, fmt.Sprintf("%s has shape %v, the network's has %v", Printable(h.Name), h.Shape, s.want[k].Shape))
		}
	}
	for _, i := range n.extra(prefix, taken) {
		left = append(left, s.have[i])
	}
	reason := cut(shapes, 3, "; ")
	switch {
	case reason != "":
	case len(missing) > 0 && len(left) > 0:
		reason = fmt.Sprintf("%d of %s are there by name", len(s.want)-len(missing), counted(len(s.want)))
	case len(missing) > 0:
		reason = fmt.Sprintf("%d of %s are not in the file", len(missing), counted(len(s.want)))
	default:
		reason = fmt.Sprintf("the file has %s that the network does not have", counted(len(left)))
	}
	return sentence(reason, missing, left, s.hint())
}

func counted(weights int) string {
	if weights == 1 {
		return "1 weight"
	}
	return fmt.Sprint(weights, " weights")
}

// hint knows why a name can be missing.
func (s *search) hint() string {
	for _, h := range s.have {
		switch k := kind(h.Name); {
		case k == "weight_g" || k == "weight_v" || k == "weight_orig" || strings.Contains(h.Name, "parametrizations."):
			return Printable(h.Name) + " is a part of a weight: remove weight_norm or spectral_norm in PyTorch before saving"
		}
	}
	return ""
}

// listed is how many names of each list an error has.
const listed = 6

func sentence(reason string, missing, left []Weight, hint string) error {
	text := []string{reason}
	for _, list := range []struct {
		word    string
		weights []Weight
	}{{"missing: ", missing}, {"left over: ", left}} {
		var names []string
		for _, w := range list.weights {
			names = append(names, shaped(w))
		}
		if len(names) > 0 {
			text = append(text, list.word+cut(names, listed, ", "))
		}
	}
	if hint != "" {
		text = append(text, hint)
	}
	return errors.New(strings.Join(text, "; "))
}

// cut joins the first most of a list and counts the others.
func cut(list []string, most int, by string) string {
	if len(list) > most {
		list = append(list[:most:most], fmt.Sprintf("and %d more", len(list)-most))
	}
	return strings.Join(list, by)
}

func shaped(w Weight) string {
	if len(w.Shape) > 8 {
		return fmt.Sprintf("%s of %d axes", Printable(w.Name), len(w.Shape))
	}
	return fmt.Sprintf("%s %v", Printable(w.Name), w.Shape)
}

// Printable makes a name of a file short and fit to be printed.
func Printable(name string) string {
	const most = 60
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most/2]) + "…" + string(runes[len(runes)-most/2:])
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Sprintf("%q", name)
	}
	return name
}
