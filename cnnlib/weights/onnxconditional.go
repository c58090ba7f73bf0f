package weights

import (
	"slices"

	"convlab/cnnlib/weights/internal/onnx"
)

// An If whose condition follows from sizes, as PyTorch writes x.squeeze(1), is
// the branch that the condition chooses.

// captured is the names that the graphs in n take from outside, and some that
// they make.
func captured(n onnx.Node) []string {
	var names []string
	for _, a := range n.Attrs {
		if a.Graph == nil {
			continue
		}
		for _, inner := range a.Graph.Nodes {
			names = append(append(names, inner.Inputs...), captured(inner)...)
		}
		for _, out := range a.Graph.Outputs {
			names = append(names, out.Name)
		}
	}
	return names
}

func (im *importer) conditional(n onnx.Node) error {
	if !given(n, 0) || len(n.Outputs) != 1 {
		return im.wrong(n, "one condition and one output are read")
	}
	c, err := im.constant(n, n.Inputs[0])
	if err != nil {
		return err
	}
	if c == nil || c.count() != 1 {
		return im.wrong(n, "its condition is not known from the file: export the model with fixed sizes")
	}
	name := "then_branch"
	if c.numbers()[0] == 0 {
		name = "else_branch"
	}
	a := attr(n, name)
	if a == nil || a.Graph == nil || len(a.Graph.Outputs) != 1 {
		return im.wrong(n, "it has no %s with one output", name)
	}
	if err := im.constants(a.Graph); err != nil {
		return err
	}
	out := a.Graph.Outputs[0].Name
	inner := needed(a.Graph, out)
	if im.inlined += len(inner) + 1; im.inlined > maxNodes {
		return im.wrong(n, "more than %d nodes in branches", maxNodes)
	}
	for _, node := range inner {
		if err := im.node(node); err != nil {
			return err
		}
	}
	if v := im.value[out]; v != nil {
		return im.define(n, n.Outputs[0], v)
	}
	known, err := im.constant(n, out)
	if err != nil {
		return err
	}
	if known == nil {
		return im.wrong(n, "its branch gives %.80q, which nothing makes", out)
	}
	alias := *known
	alias.name, alias.shape = n.Outputs[0], slices.Clone(known.shape)
	return im.know(n, &alias)
}
