package weights

import (
	"fmt"
	"slices"
	"strings"

	"convlab/cnnlib"
)

// build makes a network of terms that are all layers. They get the names of the
// modules that the file names its weights after, if it does.
func (im *importer) build(c chain) (*Network, error) {
	net := im.net
	net.chain = c
	err := net.assemble(true)
	if err != nil {
		err = net.assemble(false) // two modules of one name
	}
	if err != nil {
		return nil, im.bad("graph", "%v", err)
	}
	return &net, nil
}

// assemble sets Net and State from the chain.
func (n *Network) assemble(named bool) error {
	a := assembler{named}
	n.Net = nil
	for i, t := range n.chain {
		n.Net = append(n.Net, a.term(t, "", fmt.Sprint(i)))
	}
	root, err := cnnlib.Resolve(n.Net, n.In)
	if err != nil {
		return err
	}
	var tensors []Tensor
	for _, t := range leaves(n.chain, nil) {
		tensors = append(tensors, t.weights...)
	}
	n.State = nil
	seen := make(map[string]bool)
	for _, step := range root.Steps() {
		if len(step.Parts) > 0 {
			continue
		}
		for _, w := range step.Info.Weights {
			name := dotted(step.Name, w.Name)
			if seen[name] {
				return fmt.Errorf("the name %q is there twice", name)
			}
			if len(tensors) == 0 {
				return fmt.Errorf("layer %s has more weights than were read", step.Path)
			}
			seen[name] = true
			t := tensors[0]
			t.Name, tensors = name, tensors[1:]
			n.State = append(n.State, t)
		}
	}
	return nil
}

// leaves appends the layers of c, in the order of computing.
func leaves(c chain, to []*term) []*term {
	for _, t := range c {
		if b, ok := t.op.(branches); ok {
			for _, part := range b.chains {
				to = leaves(part, to)
			}
		} else {
			to = append(to, t)
		}
	}
	return to
}

// assembler makes layers of chains.
type assembler struct{ named bool }

func dotted(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

// term makes the layer that is the part called element of a module.
func (a assembler) term(t *term, module, element string) cnnlib.Layer {
	b, ok := t.op.(branches)
	if !ok {
		l, _ := t.layer()
		name := a.module(t)
		if name == "" {
			name = dotted(module, element)
		}
		return called(l, module, element, name)
	}
	name := a.container(b.chains, module, element)
	layers := make([]cnnlib.Layer, len(b.chains))
	for i, c := range b.chains {
		layers[i] = a.chain(c, name, fmt.Sprint(i))
	}
	return called(cnnlib.Branches{Layers: layers, Join: b.join}, module, element, name)
}

// chain makes the layer that is the part called element of a module, nil if it
// gives what it takes.
func (a assembler) chain(c chain, module, element string) cnnlib.Layer {
	switch len(c) {
	case 0:
		return nil
	case 1:
		return a.term(c[0], module, element)
	}
	name := a.container([]chain{c}, module, element)
	var layers cnnlib.Sequential
	for i, t := range c {
		layers = append(layers, a.term(t, name, fmt.Sprint(i)))
	}
	return called(layers, module, element, name)
}

// called is l under a name that begins with that of the module it is in.
func called(l cnnlib.Layer, module, element, name string) cnnlib.Layer {
	if name == dotted(module, element) {
		return l
	}
	return cnnlib.Named(strings.TrimPrefix(strings.TrimPrefix(name, module), "."), l)
}

// container is the name of a module that holds chains: that which it has by
// its place, if it fits, else the longest that all names in it begin with.
func (a assembler) container(chains []chain, module, element string) string {
	own := dotted(module, element)
	fits, common := true, []string(nil)
	for _, c := range chains {
		for _, t := range leaves(c, nil) {
			name := a.module(t)
			if name == "" {
				continue
			}
			fits = fits && strings.HasPrefix(name, own+".")
			parts := strings.Split(name, ".")
			parts = parts[:len(parts)-1]
			if common == nil {
				common = append([]string{}, parts...)
			}
			n := 0
			for n < min(len(common), len(parts)) && common[n] == parts[n] {
				n++
			}
			common = common[:n]
		}
	}
	if fits {
		return own
	}
	return strings.Join(common, ".")
}

// module is the name of the module that the weights of t are named after, ""
// if they are not.
func (a assembler) module(t *term) string {
	if !a.named || len(t.weights) == 0 {
		return ""
	}
	l, _ := t.layer()
	info, err := l.Check(channelsLast(t.in))
	if err != nil {
		return ""
	}
	module := ""
	for i, w := range info.Weights {
		name, ok := strings.CutSuffix(t.weights[i].Name, "."+w.Name)
		switch {
		case !ok || slices.ContainsFunc(strings.Split(name, "."), func(s string) bool { return s == "" || strings.Trim(s, letters) != "" }):
			if i == 0 {
				return ""
			}
		case module == "":
			module = name
		case module != name:
			return ""
		}
	}
	return module
}

// letters are what the names of modules are made of.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
