package weights

import (
	"fmt"
	"slices"

	"convlab/cnnlib/weights/internal/onnx"
)

// constants takes the initializers and the nodes Constant of g.
func (im *importer) constants(g *onnx.Graph) error {
	for i := range g.Initializers {
		t := &g.Initializers[i]
		if im.tensor[t.Name] != nil {
			return im.bad("graph", "initializer %.80q is there twice", t.Name)
		}
		im.tensor[t.Name] = t
	}
	for i, n := range g.Nodes {
		if n.Op != "Constant" || !standard(n) {
			continue
		}
		if n.Name == "" {
			n.Name = fmt.Sprintf("#%d", i)
		}
		c := written(n)
		if c == nil || len(n.Outputs) != 1 {
			return im.wrong(n, "a constant with a tensor, or with floats or whole numbers is read, nothing else")
		}
		if err := im.know(n, c); err != nil {
			return err
		}
	}
	return nil
}

// written is what a node Constant holds, nil if that is not read.
func written(n onnx.Node) *constant {
	if len(n.Attrs) != 1 {
		return nil
	}
	var values []float64
	switch a := n.Attrs[0]; a.Name {
	case "value":
		if a.Tensor == nil {
			return nil
		}
		c, err := initializer(a.Tensor)
		if err != nil {
			return nil
		}
		return c
	case "value_float":
		return computed("", onnx.Float, []float64{float64(a.Float)})
	case "value_int":
		return computed("", onnx.Int64, []float64{float64(a.Int)})
	case "value_floats":
		for _, v := range a.Floats {
			values = append(values, float64(v))
		}
		return computed("", onnx.Float, values, len(values))
	case "value_ints":
		for _, v := range a.Ints {
			values = append(values, float64(v))
		}
		return computed("", onnx.Int64, values, len(values))
	}
	return nil
}

// fresh tells why a node may not give a value of this name.
func (im *importer) fresh(n onnx.Node, name string) error {
	if name == "" || im.tensor[name] != nil || im.known[name] != nil || im.value[name] != nil {
		return im.wrong(n, "its output %.80q has no name, or that of another value", name)
	}
	return nil
}

// know gives the output of n to be c.
func (im *importer) know(n onnx.Node, c *constant) error {
	name := n.Outputs[0]
	if err := im.fresh(n, name); err != nil {
		return err
	}
	if c.name == "" {
		c.name = name
	}
	im.known[name] = c
	return nil
}

// define gives a name to what v is.
func (im *importer) define(n onnx.Node, name string, v *value) error {
	if err := im.fresh(n, name); err != nil {
		return err
	}
	im.value[name] = v
	return nil
}

// constant is what a name stands for if that is known, else nil.
func (im *importer) constant(n onnx.Node, name string) (*constant, error) {
	if c := im.known[name]; c != nil || im.tensor[name] == nil {
		return c, nil
	}
	c, err := initializer(im.tensor[name])
	if err != nil {
		return nil, im.wrong(n, "%v", err)
	}
	im.known[name] = c
	return c, nil
}

// node reads one node.
func (im *importer) node(n onnx.Node) error {
	if !standard(n) {
		return im.wrong(n, "cnnlib has no layer for this operator")
	}
	if n.Op == "If" {
		return im.conditional(n)
	}
	if done, err := im.fold(n); done || err != nil {
		return err
	}
	read := operators[n.Op]
	if read == nil {
		return im.wrong(n, "cnnlib has no layer for this operator")
	}
	return read(im, n)
}

// fold computes n if all that it takes is known.
func (im *importer) fold(n onnx.Node) (done bool, err error) {
	if n.Op == "Shape" && given(n, 0) && im.value[n.Inputs[0]] != nil {
		sizes := []float64{openBatch}
		if im.batch > 0 {
			sizes[0] = float64(im.batch)
		}
		for _, d := range im.value[n.Inputs[0]].shape {
			sizes = append(sizes, float64(d))
		}
		return true, im.know(n, partOfShape(n, sizes))
	}
	in := make([]*constant, len(n.Inputs))
	for i := range in {
		if !given(n, i) {
			continue
		}
		if in[i], err = im.constant(n, n.Inputs[i]); in[i] == nil || err != nil {
			return false, err
		}
	}
	f := folds[n.Op]
	if f == nil || len(in) == 0 || n.Op != "Slice" && slices.Contains(in, nil) || in[0] == nil {
		return false, nil
	}
	c := f(n, in)
	if c == nil {
		return false, im.wrong(n, "what it gives is not known from the file alone: export the model with fixed sizes")
	}
	if c.raw == nil {
		if im.room -= 8 * len(c.values); im.room < 0 {
			return false, im.wrong(n, "what is computed from the constants takes more than %d times the file", maxShared)
		}
	}
	return true, im.know(n, c)
}

// list is whole numbers that n is told: by an attribute in old versions of the
// operator, by input i in later ones. It is nil if it is told none.
func (im *importer) list(n onnx.Node, attribute string, i int) ([]int, error) {
	if a := attr(n, attribute); a != nil {
		all := make([]int, len(a.Ints))
		for k, v := range a.Ints {
			all[k] = int(min(max(v, -1<<31), 1<<31-1))
		}
		return all, nil
	}
	if i < 0 || !given(n, i) {
		return nil, nil
	}
	c, err := im.constant(n, n.Inputs[i])
	if err != nil {
		return nil, err
	}
	if c != nil {
		if all, ok := c.ints(); ok {
			return all, nil
		}
	}
	return nil, im.wrong(n, "what its %s is cannot be told from the file: export the model with fixed sizes", attribute)
}

// weight is input i of n as floats.
func (im *importer) weight(n onnx.Node, i int) (Tensor, error) {
	if !given(n, i) {
		return Tensor{}, im.wrong(n, "it has no input %d", i)
	}
	c, err := im.constant(n, n.Inputs[i])
	if err != nil {
		return Tensor{}, err
	}
	if c == nil {
		return Tensor{}, im.wrong(n, "input %d is no constant of the file", i)
	}
	t, err := c.tensor()
	if err != nil {
		return Tensor{}, im.wrong(n, "%v", err)
	}
	return t, im.take(n, len(t.Data))
}

// take counts bytes of weights.
func (im *importer) take(n onnx.Node, bytes int) error {
	if im.room -= bytes; im.room < 0 {
		return im.wrong(n, "the weights take more than %d times the file", maxShared)
	}
	return nil
}
