package weights

import (
	"strconv"

	"convlab/cnnlib/weights/internal/onnx"
)

// standard tells whether n is one of ONNX's own operators.
func standard(n onnx.Node) bool { return n.Domain == "" || n.Domain == "ai.onnx" }

// given tells whether n has an input i.
func given(n onnx.Node, i int) bool { return i < len(n.Inputs) && n.Inputs[i] != "" }

func attr(n onnx.Node, name string) *onnx.Attr {
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return &n.Attrs[i]
		}
	}
	return nil
}

func intOf(n onnx.Node, name string, otherwise int64) int64 {
	if a := attr(n, name); a != nil {
		return a.Int
	}
	return otherwise
}

// floatOf is the shortest decimal that is the attribute: 1e-5, not
// 9.99999974e-06.
func floatOf(n onnx.Node, name string, otherwise float64) float64 {
	a := attr(n, name)
	if a == nil {
		return otherwise
	}
	return decimal(a.Float)
}

func decimal(f float32) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		return float64(f) // not finite
	}
	return v
}
