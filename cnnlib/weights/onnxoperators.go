package weights

import (
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// operator gives what turns a node of this kind into a layer, nil if cnnlib has
// none. What a node has beyond the layer's abilities is an error.
func operator(op string) func(*importer, onnx.Node) error {
	switch op {
	case "Conv":
		return (*importer).conv
	case "ConvTranspose":
		return (*importer).transposed
	case "MaxPool":
		return (*importer).maxPool
	case "AveragePool":
		return (*importer).avgPool
	case "GlobalAveragePool":
		return global(cnnlib.GlobalAvgPool{})
	case "GlobalMaxPool":
		return global(cnnlib.GlobalMaxPool{})
	case "BatchNormalization":
		return (*importer).batchNorm
	case "Relu":
		return plain(cnnlib.ReLU{})
	case "LeakyRelu":
		return (*importer).leaky
	case "Elu":
		return (*importer).elu
	case "Gelu":
		return (*importer).gelu
	case "Swish":
		return (*importer).swish
	case "Sigmoid":
		return (*importer).sigmoid
	case "Tanh":
		return plain(cnnlib.Tanh{})
	case "Mul":
		return (*importer).scale
	case "Gemm":
		return (*importer).gemm
	case "MatMul":
		return (*importer).matMul
	case "Flatten":
		return (*importer).flatten
	case "Reshape":
		return (*importer).reshape
	case "Dropout":
		return (*importer).dropout
	case "Identity":
		return func(*importer, onnx.Node) error { return nil }
	case "Softmax", "LogSoftmax":
		return (*importer).softmax
	}
	return nil
}

func plain(l cnnlib.Layer) func(*importer, onnx.Node) error {
	return func(im *importer, n onnx.Node) error { return im.add(n, l) }
}

// global is a pooling over all positions: ONNX keeps the axes, with size 1.
func global(l cnnlib.Layer) func(*importer, onnx.Node) error {
	return func(im *importer, n onnx.Node) error {
		err := im.add(n, l)
		im.pooled = true
		return err
	}
}

func (im *importer) softmax(n onnx.Node) error {
	return im.bad(im.at(n), "networks here end in logits: cut this node off (cnnlib.Softmax makes probabilities of logits)")
}

func (im *importer) batchNorm(n onnx.Node) error {
	if intOf(n, "spatial", 1) != 1 {
		return im.bad(im.at(n), "spatial is 0: statistics for every pixel, cnnlib has them for every channel")
	}
	if intOf(n, "training_mode", 0) != 0 {
		return im.bad(im.at(n), "it is in training mode: export the model for inference")
	}
	var all []Tensor
	for i := 1; i <= 4; i++ {
		t, err := im.weight(n, i)
		if err != nil {
			return err
		}
		all = append(all, t)
	}
	layer := cnnlib.BatchNorm{Epsilon: floatOf(n, "epsilon", 1e-5)}
	if layer.Epsilon == 1e-5 {
		layer.Epsilon = 0
	} else if !(layer.Epsilon > 0) {
		return im.bad(im.at(n), "epsilon is %g", layer.Epsilon)
	}
	if m := 1 - floatOf(n, "momentum", 0.9); m > 0 && m <= 1 { // training only
		layer.Momentum = math.Round(m*1e6) / 1e6
	}
	if layer.Momentum == 0.1 {
		layer.Momentum = 0
	}
	return im.add(n, layer, all...)
}

func (im *importer) leaky(n onnx.Node) error {
	slope := floatOf(n, "alpha", 0.01)
	if slope == 0 {
		return im.add(n, cnnlib.ReLU{})
	}
	return im.add(n, cnnlib.LeakyReLU{Slope: slope})
}

func (im *importer) elu(n onnx.Node) error {
	alpha := floatOf(n, "alpha", 1)
	if alpha == 0 {
		return im.add(n, cnnlib.ReLU{})
	}
	return im.add(n, cnnlib.ELU{Alpha: alpha})
}

func (im *importer) gelu(n onnx.Node) error {
	if a := attr(n, "approximate"); a != nil && a.String != "" && a.String != "none" {
		return im.bad(im.at(n), "approximate is %.40q, cnnlib has the exact form", a.String)
	}
	return im.add(n, cnnlib.GELU{})
}

func (im *importer) swish(n onnx.Node) error {
	if alpha := floatOf(n, "alpha", 1); alpha != 1 {
		return im.bad(im.at(n), "alpha is %g, cnnlib has 1", alpha)
	}
	return im.add(n, cnnlib.SiLU{})
}

// sigmoid is SiLU if the next node multiplies it with its input.
func (im *importer) sigmoid(n onnx.Node) error {
	if im.next < len(im.nodes) {
		mul := im.nodes[im.next]
		x, s := n.Inputs[0], n.Outputs[0]
		if mul.Op == "Mul" && len(mul.Outputs) == 1 && (slices.Equal(mul.Inputs, []string{s, x}) || slices.Equal(mul.Inputs, []string{x, s})) {
			im.next++
			im.value = mul.Outputs[0]
			return im.add(n, cnnlib.SiLU{})
		}
	}
	return im.add(n, cnnlib.Sigmoid{})
}

// scale multiplies by one number.
func (im *importer) scale(n onnx.Node) error {
	t, err := im.weight(n, 1)
	if err != nil {
		return err
	}
	values, err := t.Float32s()
	if err != nil || len(values) != 1 || len(t.Shape) > len(im.shape)+1 {
		return im.bad(im.at(n), "only a factor of one number is read, got shape %v", t.Shape)
	}
	return im.add(n, cnnlib.Scale{By: decimal(values[0])})
}

// dense adds a Dense layer. w is [in, out], or [out, in] if turned; bias may
// be nil.
func (im *importer) dense(n onnx.Node, w Tensor, turned bool, bias *Tensor) error {
	if len(im.shape) != 1 || im.pooled || len(w.Shape) != 2 {
		return im.bad(im.at(n), "weights of shape %v on an input of shape %v: a Flatten should come before it", w.Shape, im.shape)
	}
	if !turned {
		values, err := w.Float32s()
		if err != nil {
			return im.bad(im.at(n), "%v", err)
		}
		w = NewTensor(w.Name, transpose(values, w.Shape, []int{1, 0}), w.Shape[1], w.Shape[0])
	}
	all := []Tensor{w}
	if bias != nil {
		b := *bias
		if len(b.Shape) == 2 && b.Shape[0] == 1 {
			b.Shape = b.Shape[1:]
		}
		all = append(all, b)
	}
	return im.add(n, cnnlib.Dense{Out: w.Shape[0], NoBias: bias == nil}, all...)
}

func (im *importer) gemm(n onnx.Node) error {
	if floatOf(n, "alpha", 1) != 1 || given(n, 2) && floatOf(n, "beta", 1) != 1 || intOf(n, "transA", 0) != 0 {
		return im.bad(im.at(n), "alpha and beta other than 1 and transA are not read")
	}
	w, err := im.weight(n, 1)
	if err != nil {
		return err
	}
	var bias *Tensor
	if given(n, 2) {
		b, err := im.weight(n, 2)
		if err != nil {
			return err
		}
		bias = &b
	}
	return im.dense(n, w, intOf(n, "transB", 0) != 0, bias)
}

// matMul is a Dense, with a bias if the next node adds one.
func (im *importer) matMul(n onnx.Node) error {
	w, err := im.weight(n, 1)
	if err != nil {
		return err
	}
	var bias *Tensor
	if im.next < len(im.nodes) {
		next := im.nodes[im.next]
		if i := slices.Index(next.Inputs, im.value); next.Op == "Add" && len(next.Inputs) == 2 && len(next.Outputs) == 1 && i >= 0 && im.consts[next.Inputs[1-i]] != nil {
			b, err := im.weight(next, 1-i)
			if err != nil {
				return err
			}
			bias = &b
			im.next++
			im.value = next.Outputs[0]
		}
	}
	return im.dense(n, w, false, bias)
}

func (im *importer) flatten(n onnx.Node) error {
	if axis := intOf(n, "axis", 1); axis != 1 {
		return im.bad(im.at(n), "axis is %d, 1 keeps the batch", axis)
	}
	if im.pooled || len(im.shape) == 1 {
		im.pooled = false // as flat as it gets
		return nil
	}
	return im.add(n, cnnlib.Flatten{})
}

func (im *importer) dropout(n onnx.Node) error {
	rate := floatOf(n, "ratio", 0.5)
	if given(n, 1) {
		t, err := im.weight(n, 1)
		if err != nil {
			return err
		}
		values, err := t.Float32s()
		if err != nil || len(values) != 1 {
			return im.bad(im.at(n), "its ratio should be one number")
		}
		rate = decimal(values[0])
	}
	if given(n, 2) {
		if c := im.consts[n.Inputs[2]]; c == nil || len(c.Data) != 1 || c.Data[0] != 0 {
			return im.bad(im.at(n), "it is in training mode: export the model for inference")
		}
	}
	if im.pooled {
		im.pooled = false
		defer func() { im.pooled = true }()
	}
	return im.add(n, cnnlib.Dropout{Rate: rate})
}
