package cnnlib

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Place is a layer at its place in a network, for one input shape: what every
// view of a network is made from.
type Place struct {
	Path  Path
	Name  string // of the module in PyTorch's state dicts, as "layer1.0.conv1"
	Layer Layer
	In    []int // shape of one example before it
	Info  Info

	// Of a Composite: its parts, one after the other or, if Parallel, side by
	// side with their results joined by Join.
	Parts    []*Place
	Parallel bool
	Join     Join
}

// Title is the layer's name on its input, such as "Conv 6@3x3".
func (p *Place) Title() string { return nameOf(p.Layer, p.In) }

// Scope is the path of the layer's variables in a model's store, as
// "/net/3/1/0".
func (p *Place) Scope() string { return p.Path.scope() }

// Shortcut tells whether p is a branch that gives its input as it is.
func (p *Place) Shortcut() bool { return p.Layer == identity{} }

// Steps lists what computes something, in the order of computing: layers that
// have no parts, and Composites that join branches, after them.
func (p *Place) Steps() []*Place {
	if len(p.Parts) == 0 {
		return []*Place{p}
	}
	var steps []*Place
	for _, part := range p.Parts {
		if !part.Shortcut() {
			steps = append(steps, part.Steps()...)
		}
	}
	if p.Parallel {
		steps = append(steps, p)
	}
	return steps
}

// At is the place with this path below p.
func (p *Place) At(path Path) (*Place, error) {
	if found := p.find(path); found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("cnnlib: the network has no layer %q: the paths of its layers are %s", path, p.paths())
}

// find gives the outermost place with this path, nil if there is none.
func (p *Place) find(path Path) *Place {
	if p.Path == path {
		return p
	}
	for _, part := range p.Parts {
		if path == part.Path || strings.HasPrefix(string(path), string(part.Path)+".") || part.Path == p.Path {
			if found := part.find(path); found != nil {
				return found
			}
		}
	}
	return nil
}

// paths names the places that can be asked for, not too many of them.
func (p *Place) paths() string {
	var all []string
	var walk func(*Place)
	walk = func(q *Place) {
		for _, part := range q.Parts {
			all = append(all, string(part.Path))
			walk(part)
		}
	}
	walk(p)
	all = slices.Compact(all)
	if len(all) > 12 {
		return strings.Join(all[:6], ", ") + ", … " + all[len(all)-1]
	}
	return strings.Join(all, ", ")
}

// layerError is an error of the layer at a path.
type layerError struct {
	path  Path
	title string
	err   error
}

func (e *layerError) Error() string {
	return fmt.Sprintf("layer %s (%s): %v", e.path, e.title, e.err)
}

func (e *layerError) Unwrap() error { return e.err }

// wrong names the layer of an error, if no layer in it has been named already.
func wrong(path Path, l Layer, in []int, err error) error {
	var inner *layerError
	if errors.As(err, &inner) || path == "" {
		return err
	}
	return &layerError{path, nameOf(l, in), err}
}

// Resolve takes a network apart for examples of shape in. It checks every
// layer; an error names the first that does not fit by its path. Nothing is
// compiled.
func Resolve(l Layer, in []int) (*Place, error) {
	if l == nil {
		return nil, fmt.Errorf("cnnlib: the network is nil")
	}
	for _, d := range in {
		if d < 1 {
			return nil, fmt.Errorf("cnnlib: input shape %v has a size below 1", in)
		}
	}
	p, err := resolve(l, slices.Clone(in), "", "", "")
	if err != nil {
		return nil, fmt.Errorf("cnnlib: %w", err)
	}
	return p, nil
}

// resolve is Resolve for a layer at path. The names of its weights in PyTorch
// begin with module and element, unless it is Named otherwise.
func resolve(l Layer, in []int, path Path, module, element string) (*Place, error) {
	for {
		n, ok := l.(NamedLayer)
		if !ok {
			break
		}
		element, l = n.Module, n.Layer
	}
	p := &Place{Path: path, Name: dotted(module, element), Layer: l, In: in}
	if l == nil {
		return nil, &layerError{path, "nil", fmt.Errorf("it is nil, which only a branch may be")}
	}
	var err error
	if c, ok := l.(Composite); ok {
		var parts Parts
		if parts, err = c.Parts(in); err == nil {
			err = p.resolveParts(parts)
		}
	} else if p.Info, err = l.Check(in); err == nil {
		err = checkInfo(p.Info, in)
	}
	if err != nil {
		return nil, wrong(path, l, in, err)
	}
	return p, nil
}

// resolveParts resolves the parts of p and makes its Info of theirs.
func (p *Place) resolveParts(parts Parts) error {
	if len(parts.Layers) == 0 {
		return fmt.Errorf("there are no layers in it")
	}
	p.Parallel, p.Join = parts.Parallel, parts.Join
	in, weights := p.In, make(map[string]bool)
	for _, part := range parts.Layers {
		if strings.ContainsAny(part.Path, "./") {
			return fmt.Errorf("a part is called %q: the path of a part has no dots and slashes", part.Path)
		}
		layer := part.Layer
		if layer == nil && p.Parallel {
			layer = identity{}
		}
		q, err := resolve(layer, in, p.Path.then(part.Path), p.Name, part.Name)
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, q)
		p.Info.MACs += q.Info.MACs
		for _, w := range q.Info.Weights {
			if part.Path != "" {
				w.Name = part.Path + "/" + w.Name
			}
			if weights[w.Name] {
				return fmt.Errorf("two weights are called %s: give the parts paths of their own", w.Name)
			}
			weights[w.Name] = true
			p.Info.Weights = append(p.Info.Weights, w)
		}
		if !p.Parallel {
			in = q.Info.Output
		}
	}
	if !p.Parallel {
		p.Info.Output = in
		p.Info.Pointwise = !slices.ContainsFunc(p.Parts, func(q *Place) bool { return !q.Info.Pointwise })
		p.Info.Window = oneWindow(p.Parts)
		return nil
	}
	shapes := make([][]int, len(p.Parts))
	for i, q := range p.Parts {
		shapes[i] = q.Info.Output
	}
	var err error
	if p.Info.Output, err = p.Join.output(shapes); err != nil {
		return err
	}
	return p.checkGrid()
}

// oneWindow is the window of layers in series of which at most one looks
// further than a pixel along each axis; nil for others.
func oneWindow(parts []*Place) []Sliding {
	var all []Sliding
	for _, q := range parts {
		if q.Info.Window == nil && !q.Info.Pointwise {
			return nil
		}
		for i, w := range q.Info.Window {
			switch {
			case len(all) <= i:
				all = append(all, w)
			case all[i].Kernel == 1 && all[i].Stride == 1 && !all[i].padded():
				all[i] = w
			case w.Kernel != 1 || w.Stride != 1 || w.padded():
				return nil
			}
		}
	}
	return all
}

// checkInfo refuses what no layer can be.
func checkInfo(info Info, in []int) error {
	if len(info.Output) == 0 || slices.Min(info.Output) < 1 {
		return fmt.Errorf("its output has shape %v, which is nothing", info.Output)
	}
	if info.Pointwise && !slices.Equal(info.Output, in) {
		return fmt.Errorf("it is said to work number by number, but makes %v of %v", info.Output, in)
	}
	if n := len(info.Window); n > 0 && (n != len(in)-1 || n != len(info.Output)-1) {
		return fmt.Errorf("it tells windows for %d axes, its input has shape %v, its output %v", n, in, info.Output)
	}
	names := make(map[string]bool)
	for _, w := range info.Weights {
		if w.Name == "" || names[w.Name] || slices.Contains(strings.Split(w.Name, "/"), "") {
			return fmt.Errorf("the name %q of a weight is empty, there twice or has an empty part", w.Name)
		}
		names[w.Name] = true
		if len(w.Shape) > 0 && slices.Min(w.Shape) < 1 || w.FanIn < 0 {
			return fmt.Errorf("its weight %s has shape %v and sums over %d inputs", w.Name, w.Shape, w.FanIn)
		}
	}
	return nil
}
