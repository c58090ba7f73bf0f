package weights

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
	"convlab/internal/labtest"

	"pgregory.net/rapid"
)

// drawnGraph is a model of nodes written as "y z = Split x axis:1"; drawnAttr
// tells how attributes are written. It takes x, 4 channels of 4x4, and gives y.
// The constant k is a kernel of one pixel, from 4 channels to 4.
func drawnGraph(lines ...string) *onnx.Model {
	g := onnx.Graph{Inputs: []onnx.Value{{Name: "x", Type: onnx.Float, Dims: batchOf([]int{4, 4, 4})}}, Outputs: []onnx.Value{{Name: "y"}},
		Initializers: []onnx.Tensor{{Name: "k", Type: onnx.Float, Dims: []int64{4, 4, 1, 1}, Data: make([]byte, 64)}}}
	for _, line := range lines {
		out, in, _ := strings.Cut(line, " = ")
		words := strings.Fields(in)
		n := onnx.Node{Op: words[0], Outputs: strings.Fields(out)}
		for _, word := range words[1:] {
			if name, value, ok := strings.Cut(word, ":"); ok {
				n.Attrs = append(n.Attrs, drawnAttr(name, value))
			} else {
				n.Inputs = append(n.Inputs, word)
			}
		}
		g.Nodes = append(g.Nodes, n)
	}
	return &onnx.Model{Opset: onnxOpset, Graph: g}
}

// drawnAttr is an attribute whose value is written as 1, as 0.5, as a word, or
// as a list of numbers, each with a comma behind it but the last: "2,3", "2,".
func drawnAttr(name, value string) onnx.Attr {
	if _, err := strconv.ParseFloat(strings.Split(value, ",")[0], 32); err != nil {
		return onnx.Attr{Name: name, Type: onnx.StringAttr, String: value}
	}
	var floats []float32
	var ints []int64
	for number := range strings.SplitSeq(strings.TrimSuffix(value, ","), ",") {
		v, _ := strconv.ParseFloat(number, 32)
		floats, ints = append(floats, float32(v)), append(ints, int64(v))
	}
	list, fraction := strings.Contains(value, ","), strings.Contains(value, ".")
	switch {
	case list && fraction:
		return onnx.Attr{Name: name, Type: onnx.FloatsAttr, Floats: floats}
	case list:
		return intsAttr(name, ints)
	case fraction:
		return onnx.Attr{Name: name, Type: onnx.FloatAttr, Float: floats[0]}
	}
	return intAttr(name, ints[0])
}

// readDrawn is the network of a graph that is drawn with a semicolon after each
// node, and its sketch, or what is wrong with it.
func readDrawn(lines string) (*Network, string) {
	net, err := newImporter("drawn", drawnGraph(strings.Split(lines, "; ")...), 1<<20).network(nil)
	if err != nil {
		return nil, err.Error()
	}
	return net, sketch(net.Net)
}

// areRead compares what drawn graphs are read as with the key: a sketch, or a
// part of the error.
func areRead(t *testing.T, graphs map[string]string) {
	t.Helper()
	for want, lines := range graphs {
		if net, got := readDrawn(lines); got != want && (net != nil || !strings.Contains(got, want)) {
			t.Errorf("%s\n\tis read as %s\n\twant %s", lines, got, want)
		}
	}
}

// areNamed does the same with the name of the first layer, which has its settings.
func areNamed(t *testing.T, graphs map[string]string) {
	t.Helper()
	for want, lines := range graphs {
		net, got := readDrawn(lines)
		if net != nil {
			got = net.Net[0].Name()
		}
		if got != want && (net != nil || !strings.Contains(got, want)) {
			t.Errorf("%s\n\tis read as %s\n\twant %s", lines, got, want)
		}
	}
}

// sketch is a network in a word: layers in series after one another, branches in
// brackets.
func sketch(l cnnlib.Layer) string {
	switch l := l.(type) {
	case nil:
		return "·"
	case cnnlib.NamedLayer:
		return sketch(l.Layer)
	case cnnlib.Sequential:
		words := make([]string, len(l))
		for i, part := range l {
			words[i] = sketch(part)
		}
		return strings.Join(words, " ")
	case cnnlib.Branches:
		words := make([]string, len(l.Layers))
		for i, part := range l.Layers {
			words[i] = sketch(part)
		}
		return l.Join.String() + "(" + strings.Join(words, ", ") + ")"
	}
	return reflect.TypeOf(l).Name()
}

// TestONNXSeriesAndParallel: graphs, and what they are made of.
func TestONNXSeriesAndParallel(t *testing.T) {
	for want, lines := range map[string]string{
		"Sum(·, ReLU Conv)":                                        "a = Relu x; b = Conv a k; y = Add b x",
		"ReLU Sum(Tanh, Sigmoid) ELU":                              "a = Relu x; b = Tanh a; c = Sigmoid a; d = Add b c; y = Elu d",
		"Concat(ReLU, ·, Tanh)":                                    "a = Relu x; b = Tanh x; y = Concat a x b axis:1",
		"Sum(·, ·)":                                                "y = Add x x",
		"SiLU":                                                     "a = Sigmoid x; y = Mul a x",
		"Concat(·, ReLU) Concat(·, Tanh)":                          "a = Relu x; c = Concat x a axis:1; b = Tanh c; y = Concat x a b axis:1",
		"Concat(·, ReLU Concat(·, Tanh))":                          "a = Relu x; b = Tanh a; y = Concat x a b axis:1",            // one-shot aggregation
		"Concat(ReLU Concat(·, Tanh), ELU)":                        "a = Relu x; b = Tanh a; c = Elu x; y = Concat a b c axis:1", // grouped
		"Sum(ELU, ReLU Sum(·, Tanh))":                              "a = Relu x; b = Tanh a; c = Elu x; d = Add c b; y = Add d a",
		"Sum(·, ReLU Sum(·, Tanh))":                                "a = Relu x; s = Add x a; b = Tanh a; y = Add s b",
		"Sum(·, ReLU) Product(·, Tanh)":                            "a = Relu x; s = Add x a; b = Tanh s; y = Mul b s",
		"Concat(ChannelSlice, ChannelSlice ReLU)":                  "a b = Split x axis:1; c = Relu b; y = Concat a c axis:1",
		"MaxPool Sum(·, Conv MaxPool Sum(·, ReLU) TransposedConv)": "p = MaxPool x kernel_shape:0; y = Relu p",
	} {
		if strings.Contains(want, "MaxPool") {
			continue
		}
		model := drawnGraph(strings.Split(lines, "; ")...)
		net, err := newImporter("drawn", model, 1<<20).network(nil)
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if got := sketch(net.Net); got != want {
			t.Errorf("%s: read as %s, want %s", lines, got, want)
		}
	}
}

// TestONNXNotInSeriesAndParallel: what is neither is refused, with the node and
// why.
func TestONNXNotInSeriesAndParallel(t *testing.T) {
	nested := []string{"v0 = Relu x"} // branches in branches
	for i := range 2 * maxBranches {
		nested = append(nested, fmt.Sprintf("v%d = Tanh v%d", i+1, i))
	}
	last := fmt.Sprintf("v%d", 2*maxBranches)
	for i := range 2 * maxBranches {
		nested = append(nested, fmt.Sprintf("s%d = Add %s v%d", i, last, 2*maxBranches-1-i))
		last = fmt.Sprintf("s%d", i)
	}
	nested = append(nested, "y = Add "+last+" x")
	long := []string{"y = Relu x"}
	for range maxNodes {
		long = append([]string{"x1 = Relu x1"}, long...)
	}
	long[len(long)-1] = "y = Relu x1"
	for want, lines := range map[string][]string{
		`(Relu): more than one branch needs what it gives`:     {"a = Relu x; b = Tanh x; s = Add a b; p = Mul a b; y = Concat s p axis:1"},
		`(Concat): the branches that it joins do not lie`:      {"a = Relu x; b = Tanh a; y = Concat b x a axis:1"},
		"(Concat): it joins shapes [4 4 4] and [4 1 1]":        {"a = GlobalMaxPool x; y = Concat x a axis:1"},
		"(Add): it joins values of 4 and of 2 axes":            {"a = Flatten x; y = Add x a"},
		"(Add): it joins shapes [4 4 4] and [2 4 4]":           {"a b = Split x axis:1; y = Add x a"},
		"(Concat): it joins along axis 3 of":                   {"a = Relu x; y = Concat x a axis:3"},
		"(Split): it splits along axis 0":                      {"y b = Split x"},
		"branches within more than 64 branches":                nested,
		"nodes, at most 16384 are read":                        long,
		"(Transpose): perm is [3 2 1 0]: it moves the batch":   {"y = Transpose x"},
		"(ReduceMean): it reduces axes []":                     {"y = ReduceMean x"},
		"(Mul): it takes \"z\", which no node before it gives": {"y = Mul x z"},
		"(Abs): cnnlib has no layer for this operator":         {"a = Abs x; y = Add a x"},
		"(Pow): the exponent should be one number":             {"y = Pow x x"},
		"(Div): a division or a power (-1)":                    {"a = Relu x; y = Div x a"},
		"(Erf): it is not part of a GELU":                      {"y = Erf x"},
		"(Conv): input 1 is no constant":                       {"y = Conv x x"},
		"(Mul): constant \"k\" has shape [4 4 1 1]":            {"y = Mul x k"},
	} {
		var all []string
		for _, line := range lines {
			all = append(all, strings.Split(line, "; ")...)
		}
		if _, err := newImporter("drawn", drawnGraph(all...), 1<<20).network(nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
}

// randomNet draws layers in series and in parallel that keep 2 channels of 3x3,
// at most so deep.
func randomNet(depth int) *rapid.Generator[cnnlib.Layer] {
	plain := rapid.SampledFrom([]cnnlib.Layer{cnnlib.ReLU{}, cnnlib.Tanh{}, cnnlib.Conv{Out: 2, Kernel: 3, Padding: 1}, cnnlib.Conv{Out: 2, Kernel: 1, NoBias: true},
		cnnlib.BatchNorm{}, cnnlib.Scale{By: 0.5}, cnnlib.ChannelShuffle{Groups: 2}, cnnlib.Dropout{Rate: 0.5}, cnnlib.HardSwish{}, cnnlib.GroupNorm{Groups: 1},
		cnnlib.InstanceNorm{}, cnnlib.InstanceNorm{Affine: true}, cnnlib.LayerNorm{}, cnnlib.LocalResponseNorm{Size: 2}, cnnlib.PReLU{PerChannel: true}, cnnlib.ReLU6{}, cnnlib.SiLU{},
		cnnlib.Branches{Join: cnnlib.Product, Layers: []cnnlib.Layer{nil, cnnlib.Sequential{cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 2}, cnnlib.Sigmoid{}}}}})
	if depth == 0 {
		return plain
	}
	return rapid.Custom(func(t *rapid.T) cnnlib.Layer {
		inner := rapid.SliceOfN(randomNet(depth-1), 1, 3)
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return plain.Draw(t, "layer")
		case 1:
			return cnnlib.Sequential(inner.Draw(t, "series"))
		case 2: // Concat and back to 2 channels
			all := inner.Draw(t, "concat")
			return cnnlib.Sequential{cnnlib.Branches{Layers: append([]cnnlib.Layer{nil}, all...)}, cnnlib.Conv{Out: 2, Kernel: 1}}
		}
		b := cnnlib.Branches{Layers: inner.Draw(t, "branches"), Join: rapid.SampledFrom([]cnnlib.Join{cnnlib.Sum, cnnlib.Product}).Draw(t, "join")}
		if rapid.Bool().Draw(t, "identity") {
			b.Layers = slices.Insert(b.Layers, rapid.IntRange(0, len(b.Layers)).Draw(t, "place"), cnnlib.Layer(nil))
		}
		return b
	})
}

// TestONNXOfAnyNetwork: whatever is nested in whatever, it is read as what was
// written: its outputs are the same, and its weights go back by their names.
func TestONNXOfAnyNetwork(t *testing.T) {
	b := labtest.Go(t)
	file := t.TempDir() + "/net.onnx"
	rapid.Check(t, func(r *rapid.T) {
		c := onnxCase{cnnlib.Sequential{randomNet(3).Draw(r, "net")}, []int{3, 3, 2}}
		m := randomModel(t, b, c)
		defer m.Close()
		if err := Export(m, file); err != nil {
			r.Fatal(err)
		}
		net, err := ReadONNX(file)
		if err != nil {
			r.Fatalf("%s: %v", sketch(c.net), err)
		}
		again, err := net.Model(b)
		if err != nil {
			r.Fatalf("%s: %v", sketch(c.net), err)
		}
		defer again.Close()
		want, err := m.Predict(pixelsFor(c.in, 1), 1)
		if err != nil {
			r.Fatal(err)
		}
		got, err := again.Predict(pixelsFor(c.in, 1), 1)
		if err != nil {
			r.Fatal(err)
		}
		for i, v := range want[0] {
			if d := got[0][i] - v; !(d*d <= 1e-8*max(1, v*v)) && v == v {
				r.Fatalf("%s: gives %g, read as %s it gives %g", sketch(c.net), want[0], sketch(net.Net), got[0])
			}
		}
		im, err := openONNX(t.Context(), file)
		if err != nil {
			r.Fatal(err)
		}
		state, err := StateDict(m)
		if err != nil {
			r.Fatal(err)
		}
		found, err := matched(m, im, state)
		if err != nil {
			r.Fatalf("%s: %v", sketch(c.net), err)
		}
		for i, s := range state {
			if !slices.Equal(found[i].Data, s.Data) {
				r.Fatalf("%s: weight %s has other numbers", sketch(c.net), s.Name)
			}
		}
	})
}
