package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// gemm is alpha·x·w + beta·bias.
func (im *importer) gemm(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	if intOf(n, "transA", 0) != 0 {
		if !x.turned() {
			return im.wrong(n, "transA takes the features for the batch")
		}
		x = x.from[0]
	}
	w, err := im.weight(n, 1)
	if err != nil {
		return err
	}
	if len(w.Shape) != 2 {
		return im.wrong(n, "weights of shape %v, a matrix is needed", w.Shape)
	}
	if intOf(n, "transB", 0) == 0 {
		w = turned(w)
	}
	all := []Tensor{scaled(w, floatOf(n, "alpha", 1))}
	if given(n, 2) {
		b, err := im.weight(n, 2)
		if err != nil {
			return err
		}
		out := w.Shape[0]
		values, err := b.Float32s()
		switch {
		case err != nil:
			return im.wrong(n, "%v", err)
		case len(values) == 1 && len(b.Shape) < 3:
			if err := im.take(n, 4*out); err != nil {
				return err
			}
			values = slices.Repeat(values, out)
		case len(values) != out || !slices.Equal(b.Shape, []int{out}) && !slices.Equal(b.Shape, []int{1, out}):
			return im.wrong(n, "a bias of shape %v for %d outputs", b.Shape, out)
		}
		all = append(all, scaled(NewTensor(b.Name, values, out), floatOf(n, "beta", 1)))
	}
	return im.dense(n, x, all...)
}

// matMul is a Dense without a bias; an Add after it becomes one. On more than
// features it works along the last axis.
func (im *importer) matMul(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	w, err := im.weight(n, 1)
	if err != nil {
		return err
	}
	if len(w.Shape) != 2 {
		return im.wrong(n, "weights of shape %v, a matrix is needed", w.Shape)
	}
	if last := len(x.shape) - 1; last > 0 && x.shape[last] == w.Shape[0] {
		g := im.on(n).form(lastDense{}, append(slices.Clone(x.shape[:last]), w.Shape[1]))
		g.terms[0].weights = []Tensor{turned(w)}
		return g.end()
	}
	return im.dense(n, x, turned(w))
}

// dense is a Dense with weights [out, in] and perhaps a bias.
func (im *importer) dense(n onnx.Node, x *value, all ...Tensor) error {
	w := all[0]
	if len(x.shape) != 1 || x.turned() {
		return im.wrong(n, "weights of shape %v on an input of shape %v: a Flatten should come before it", w.Shape, x.shape)
	}
	return im.after(n, x, nil).layer(cnnlib.Dense{Out: w.Shape[0], NoBias: len(all) == 1}, all...).end()
}

// turned is a matrix with rows for columns.
func turned(w Tensor) Tensor {
	values, err := w.Float32s()
	if err != nil {
		return w
	}
	return NewTensor(w.Name, transpose(values, w.Shape, []int{1, 0}), w.Shape[1], w.Shape[0])
}

func scaled(t Tensor, by float64) Tensor {
	if by == 1 {
		return t
	}
	values, err := t.Float32s()
	if err != nil {
		return t
	}
	for i := range values {
		values[i] *= float32(by)
	}
	return NewTensor(t.Name, values, t.Shape...)
}
