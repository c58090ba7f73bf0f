package weights

import (
	"math"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// operators are the operators that become layers, or parts of idioms that do,
// each with what reads its nodes. What a node has beyond the layer's abilities
// is an error.
var operators = map[string]func(*importer, onnx.Node) error{
	"Add":                   (*importer).add,
	"AveragePool":           (*importer).avgPool,
	"BatchNormalization":    (*importer).batchNorm,
	"Cast":                  (*importer).cast,
	"Clip":                  (*importer).clip,
	"Concat":                (*importer).concat,
	"Conv":                  (*importer).conv,
	"ConvTranspose":         (*importer).transposed,
	"Div":                   (*importer).div,
	"Dropout":               (*importer).dropout,
	"Elu":                   (*importer).elu,
	"Erf":                   (*importer).erf,
	"Flatten":               (*importer).flatten,
	"GatherND":              (*importer).gatherND,
	"Gelu":                  (*importer).gelu,
	"Gemm":                  (*importer).gemm,
	"GlobalAveragePool":     plain(cnnlib.AdaptiveAvgPool{Size: 1}),
	"GlobalMaxPool":         plain(cnnlib.AdaptiveMaxPool{Size: 1}),
	"GroupNormalization":    (*importer).groupNorm,
	"HardSigmoid":           (*importer).hardSigmoid,
	"HardSwish":             plain(cnnlib.HardSwish{}),
	"Identity":              func(im *importer, n onnx.Node) error { return im.on(n).end() },
	"InstanceNormalization": (*importer).instanceNorm,
	"LRN":                   (*importer).lrn,
	"LayerNormalization":    (*importer).layerNorm,
	"LeakyRelu":             (*importer).leaky,
	"LogSoftmax":            softmax(cnnlib.LogSoftmaxLayer{}),
	"MatMul":                (*importer).matMul,
	"MaxPool":               (*importer).maxPool,
	"Mul":                   (*importer).mul,
	"Neg":                   (*importer).neg,
	"PRelu":                 (*importer).prelu,
	"Pad":                   (*importer).pad,
	"Pow":                   (*importer).pow,
	"ReduceMax":             pooling(true),
	"ReduceMean":            pooling(false),
	"Relu":                  plain(cnnlib.ReLU{}),
	"Reshape":               (*importer).reshape,
	"Resize":                (*importer).resize,
	"Sigmoid":               plain(cnnlib.Sigmoid{}),
	"Slice":                 (*importer).slice,
	"Softmax":               softmax(cnnlib.SoftmaxLayer{}),
	"Split":                 (*importer).split,
	"Squeeze":               (*importer).squeeze,
	"Sub":                   (*importer).sub,
	"Sum":                   (*importer).sum,
	"Swish":                 (*importer).swish,
	"Tanh":                  plain(cnnlib.Tanh{}),
	"Transpose":             (*importer).transpose,
	"Unsqueeze":             (*importer).unsqueeze,
	"Upsample":              (*importer).upsample,
}

func plain(l cnnlib.Layer) func(*importer, onnx.Node) error {
	return func(im *importer, n onnx.Node) error { return im.on(n).layer(l).end() }
}

func (im *importer) leaky(n onnx.Node) error {
	slope := floatOf(n, "alpha", 0.01)
	if slope == 0 {
		return im.on(n).layer(cnnlib.ReLU{}).end()
	}
	return im.on(n).layer(cnnlib.LeakyReLU{Slope: slope}).end()
}

func (im *importer) elu(n onnx.Node) error {
	alpha := floatOf(n, "alpha", 1)
	if alpha == 0 {
		return im.on(n).layer(cnnlib.ReLU{}).end()
	}
	return im.on(n).layer(cnnlib.ELU{Alpha: alpha}).end()
}

func (im *importer) gelu(n onnx.Node) error {
	if a := attr(n, "approximate"); a != nil && a.String != "" && a.String != "none" {
		return im.wrong(n, "approximate is %.40q, cnnlib has the exact form", a.String)
	}
	return im.on(n).layer(cnnlib.GELU{}).end()
}

func (im *importer) swish(n onnx.Node) error {
	if alpha := floatOf(n, "alpha", 1); alpha != 1 {
		return im.wrong(n, "alpha is %g, cnnlib has 1", alpha)
	}
	return im.on(n).layer(cnnlib.SiLU{}).end()
}

// prelu has one slope, or one for each channel.
func (im *importer) prelu(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	t, err := im.weight(n, 1)
	if err != nil {
		return err
	}
	slope, err := im.scales(n, &constant{t.Name, onnx.Float, t.Shape, &array{raw: t.Data}}, x.shape, false)
	if err != nil {
		return err
	}
	return im.on(n).layer(cnnlib.PReLU{PerChannel: len(slope.values) > 1}, NewTensor(slope.name, slope.values, len(slope.values))).end()
}

// clip keeps numbers between two; ReLU and ReLU6 are such.
func (im *importer) clip(n onnx.Node) error {
	limits := clip{float32(math.Inf(-1)), float32(math.Inf(1))}
	for i, to := range []*float32{&limits.low, &limits.high} {
		if a := attr(n, []string{"min", "max"}[i]); a != nil {
			*to = a.Float
		} else if given(n, i+1) {
			t, err := im.weight(n, i+1)
			if err != nil {
				return err
			}
			values, err := t.Float32s()
			if err != nil || len(values) != 1 {
				return im.wrong(n, "its limits should be one number each")
			}
			*to = values[0]
		}
	}
	g := im.on(n)
	return g.form(limits, g.shape).end()
}

func (im *importer) erf(n onnx.Node) error {
	g := im.on(n)
	return g.form(erf{}, g.shape).end()
}

// hardSigmoid is cnnlib's of alpha·6·x + (beta − 0.5)·6.
func (im *importer) hardSigmoid(n onnx.Node) error {
	alpha, beta := floatOf(n, "alpha", 0.2), floatOf(n, "beta", 0.5)
	scale, shift := float32(6*alpha), float32(6*(beta-0.5))
	if float32(alpha) == float32(1.0/6) {
		scale = 1
	}
	return im.on(n).straight(one(scale), one(shift)).layer(cnnlib.HardSigmoid{}).end()
}

// cast keeps floats as they are.
func (im *importer) cast(n onnx.Node) error {
	if to := intOf(n, "to", 0); to != onnx.Float {
		return im.wrong(n, "it makes numbers of type %d; networks here compute in float32 (%d)", to, onnx.Float)
	}
	return im.on(n).end()
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
			return im.wrong(n, "its ratio should be one number")
		}
		rate = decimal(values[0])
	}
	if given(n, 2) {
		c, err := im.constant(n, n.Inputs[2])
		if err != nil {
			return err
		}
		if c == nil || c.count() != 1 || c.numbers()[0] != 0 {
			return im.wrong(n, "it is in training mode: export the model for inference")
		}
	}
	return im.on(n).layer(cnnlib.Dropout{Rate: rate}).end()
}

// softmax works along the channels. Before version 13 it took all axes from
// axis on together.
func softmax(l cnnlib.Layer) func(*importer, onnx.Node) error {
	return func(im *importer, n onnx.Node) error {
		x, err := im.operand(n, 0)
		if err != nil {
			return err
		}
		otherwise := int64(-1)
		if im.opset < 13 {
			otherwise = 1
		}
		axis, ok := im.axis(n, "axis", otherwise, x.shape)
		if !ok || axis != 1 || im.opset < 13 && len(x.shape) > 1 {
			return im.wrong(n, "it works along axis %d of [batch, channels, ...], cnnlib's along the channels", axis)
		}
		return im.on(n).layer(l).end()
	}
}
