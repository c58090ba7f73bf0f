package onnx

import (
	"encoding/binary"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Read takes a ModelProto apart. Tensors of the result share data.
func Read(data []byte) (*Model, error) {
	model := &Model{}
	left := maxItems
	all := message{data: data, where: "model", left: &left}
	graphs := 0
	err := all.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			model.IR, err = f.integer()
		case 2:
			model.Producer, err = f.text()
		case 7:
			var m message
			if graphs++; graphs > 1 {
				return f.bad("a second graph")
			}
			if m, err = f.inner("graph"); err == nil {
				err = readGraph(&model.Graph, m)
			}
		case 8:
			err = readOpset(model, f)
		}
		return err
	})
	if err == nil && graphs == 0 {
		err = all.bad("no graph in it: this is no ONNX model")
	}
	if err != nil {
		return nil, err
	}
	return model, nil
}

func readOpset(model *Model, f field) error {
	m, err := f.inner("opset_import")
	if err != nil {
		return err
	}
	domain, version := "", int64(0)
	err = m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			domain, err = f.text()
		case 2:
			version, err = f.integer()
		}
		return err
	})
	if err == nil && (domain == "" || domain == "ai.onnx") {
		model.Opset = version
	}
	return err
}

func readGraph(g *Graph, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			err = add(&g.Nodes, f, fmt.Sprintf("node %d", len(g.Nodes)), readNode)
		case 2:
			g.Name, err = f.text()
		case 5:
			err = add(&g.Initializers, f, fmt.Sprintf("initializer %d", len(g.Initializers)), readTensor)
		case 11:
			err = add(&g.Inputs, f, fmt.Sprintf("input %d", len(g.Inputs)), readValue)
		case 12:
			err = add(&g.Outputs, f, fmt.Sprintf("output %d", len(g.Outputs)), readValue)
		case 15:
			err = f.bad("sparse initializers are not read")
		}
		return err
	})
}

func readNode(node *Node, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			err = addText(&node.Inputs, f)
		case 2:
			err = addText(&node.Outputs, f)
		case 3:
			node.Name, err = f.text()
		case 4:
			node.Op, err = f.text()
		case 5:
			err = add(&node.Attrs, f, m.where+" attribute", readAttr)
		case 7:
			node.Domain, err = f.text()
		}
		return err
	})
}

func readAttr(a *Attr, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		var bits []byte
		switch n {
		case 1:
			a.Name, err = f.text()
		case 2:
			if bits, err = f.fixed(4); err == nil && len(bits) == 4 {
				a.Float = math.Float32frombits(binary.LittleEndian.Uint32(bits))
			}
		case 3:
			a.Int, err = f.integer()
		case 4:
			a.String, err = f.text()
		case 5:
			var t message
			if t, err = f.inner(m.where + " tensor"); err == nil {
				a.Tensor = &Tensor{}
				err = readTensor(a.Tensor, t)
			}
		case 6:
			if m.depth >= maxDepth {
				return f.bad("more than %d graphs within graphs", maxDepth)
			}
			var g message
			if g, err = f.inner(m.where + " graph"); err == nil {
				a.Graph = &Graph{}
				g.depth++
				err = readGraph(a.Graph, g)
			}
		case 7:
			if bits, err = f.fixed(4); err == nil {
				err = f.spend(len(bits) / 4)
			}
			for i := 0; err == nil && i+4 <= len(bits); i += 4 {
				a.Floats = append(a.Floats, math.Float32frombits(binary.LittleEndian.Uint32(bits[i:])))
			}
		case 8:
			a.Ints, err = f.integers(a.Ints)
		case 20:
			var kind int64
			kind, err = f.integer()
			a.Type = int(kind)
		}
		return err
	})
}

func readValue(v *Value, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			v.Name, err = f.text()
		case 2:
			var inner message
			if inner, err = f.inner(m.where + " type"); err == nil {
				err = inner.each(func(n protowire.Number, f field) error {
					if n != 1 {
						return nil // a sequence, a map: no tensor
					}
					tensor, err := f.inner(m.where + " tensor type")
					if err != nil {
						return err
					}
					return readTensorType(v, tensor)
				})
			}
		}
		return err
	})
}

func readTensorType(v *Value, m message) error {
	return m.each(func(n protowire.Number, f field) error {
		switch n {
		case 1:
			kind, err := f.integer()
			v.Type = int(kind)
			return err
		case 2:
			shape, err := f.inner(m.where + " shape")
			if err != nil {
				return err
			}
			v.Dims = []Dim{}
			return shape.each(func(n protowire.Number, f field) error {
				if n != 1 {
					return nil
				}
				return add(&v.Dims, f, shape.where, readDim)
			})
		}
		return nil
	})
}

func readDim(d *Dim, m message) error {
	return m.each(func(n protowire.Number, f field) (err error) {
		switch n {
		case 1:
			d.Size, err = f.integer()
		case 2:
			d.Name, err = f.text()
		}
		return err
	})
}
