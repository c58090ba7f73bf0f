package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
	"convlab/internal/labtest"

	"google.golang.org/protobuf/encoding/protowire"
)

// smallONNX is a model that is read, to be spoilt.
func smallONNX() *onnx.Model {
	ints := func(v ...int64) (data []byte) {
		for _, n := range v {
			data = binary.LittleEndian.AppendUint64(data, uint64(n))
		}
		return data
	}
	floats := func(name string, n int, dims ...int64) onnx.Tensor {
		return onnx.Tensor{Name: name, Type: onnx.Float, Dims: dims, Data: make([]byte, 4*n)}
	}
	node := func(op, name string, in []string, out string, attrs ...onnx.Attr) onnx.Node {
		return onnx.Node{Op: op, Name: name, Inputs: in, Outputs: []string{out}, Attrs: attrs}
	}
	return &onnx.Model{IR: 9, Opset: 20, Graph: onnx.Graph{
		Inputs: []onnx.Value{{Name: "x", Type: onnx.Float, Dims: batchOf([]int{2, 6, 6})}},
		Nodes: []onnx.Node{
			node("Conv", "conv", []string{"x", "w", "b"}, "a"), node("Relu", "", []string{"a"}, "c"),
			node("MaxPool", "pool", []string{"c"}, "d", intsAttr("kernel_shape", []int64{2, 2}), intsAttr("strides", []int64{2, 2})),
			node("Reshape", "flat", []string{"d", "to"}, "e"), node("Gemm", "dense", []string{"e", "m"}, "f"),
		},
		Outputs:      []onnx.Value{{Name: "f", Type: onnx.Float}},
		Initializers: []onnx.Tensor{floats("w", 54, 3, 2, 3, 3), floats("b", 3, 3), {Name: "to", Type: onnx.Int64, Dims: []int64{2}, Data: ints(0, -1)}, floats("m", 60, 12, 5)},
	}}
}

func bytesOfInt(v int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(v)) }

func bytesOf(m *onnx.Model) []byte {
	data, err := onnx.Write(m)
	if err != nil {
		panic(err)
	}
	return data
}

func intAttr(name string, v int64) onnx.Attr {
	return onnx.Attr{Name: name, Type: onnx.IntAttr, Int: v}
}

func intsAttr(name string, v []int64) onnx.Attr {
	return onnx.Attr{Name: name, Type: onnx.IntsAttr, Ints: v}
}

// hostileONNX are files that must be refused, each with a word of the reason.
func hostileONNX() map[string][]byte {
	all := map[string][]byte{
		"no graph in it":   {},
		"a second graph":   append(bytesOf(smallONNX()), 0x3a, 0x00),
		"unexpected EOF":   bytesOf(smallONNX())[:100],
		"should be a mess": {0x38, 0x01},
		"version 0 of":     {0x3a, 0x00},
	}
	spoil := func(want string, do func(m *onnx.Model, g *onnx.Graph)) {
		m := smallONNX()
		do(m, &m.Graph)
		all[want] = bytesOf(m)
	}
	conv := func(name string, v ...int64) func(m *onnx.Model, g *onnx.Graph) {
		return func(m *onnx.Model, g *onnx.Graph) { g.Nodes[0].Attrs = []onnx.Attr{intsAttr(name, v)} }
	}
	spoil("version 99 of", func(m *onnx.Model, g *onnx.Graph) { m.Opset = 99 })
	spoil(`node "#1" (Loop)`, func(m *onnx.Model, g *onnx.Graph) { g.Nodes[1].Op = "Loop" })
	spoil(`(com.evil.Relu): cnnlib has no layer`, func(m *onnx.Model, g *onnx.Graph) { g.Nodes[1].Domain = "com.evil" })
	spoil("it takes \"e\", which no node before it gives", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[1].Inputs[0] = "e" }) // a cycle
	spoil("\"w\" has no name, or that of another value", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[0].Outputs[0], g.Nodes[1].Inputs[0] = "w", "w" })
	spoil("\"x\" has no name, or that of another value", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[0].Outputs[0], g.Nodes[1].Inputs[0] = "x", "x" })
	spoil("it has no input 0", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[1].Inputs = nil })
	spoil("it takes \"indices\"", func(m *onnx.Model, g *onnx.Graph) {
		g.Nodes[2].Outputs, g.Nodes[3].Inputs[0] = append(g.Nodes[2].Outputs, "indices"), "indices"
	})
	spoil("its output \"y\" is nothing that depends", func(m *onnx.Model, g *onnx.Graph) { g.Outputs[0].Name = "y" })
	spoil("its output \"w\" is nothing that depends", func(m *onnx.Model, g *onnx.Graph) { g.Outputs[0].Name = "w" })
	spoil("2 outputs, a network here has one", func(m *onnx.Model, g *onnx.Graph) { g.Outputs = append(g.Outputs, onnx.Value{Name: "a"}) })
	spoil("no layers", func(m *onnx.Model, g *onnx.Graph) { g.Nodes, g.Outputs[0].Name = nil, "x" })
	spoil("2 inputs", func(m *onnx.Model, g *onnx.Graph) {
		g.Inputs = append(g.Inputs, onnx.Value{Name: "y", Type: onnx.Float})
	})
	spoil("axis 2 has size 0 (\"h\")", func(m *onnx.Model, g *onnx.Graph) { g.Inputs[0].Dims[2] = onnx.Dim{Name: "h"} })
	spoil("axis 1 has size 9223372036854775807", func(m *onnx.Model, g *onnx.Graph) { g.Inputs[0].Dims[1].Size = 1<<63 - 1 })
	spoil("than the 268435456 numbers", func(m *onnx.Model, g *onnx.Graph) {
		g.Inputs[0].Dims[2].Size, g.Inputs[0].Dims[3].Size = 1<<31-1, 1<<31-1
	})
	spoil("type 10, float32", func(m *onnx.Model, g *onnx.Graph) { g.Inputs[0].Type = onnx.Half })
	spoil("into a Cast", func(m *onnx.Model, g *onnx.Graph) { g.Inputs[0].Type = onnx.Uint8 })
	spoil("initializer \"w\" is there twice", func(m *onnx.Model, g *onnx.Graph) { g.Initializers[1].Name = "w" })
	spoil("is no constant", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[0].Inputs[1] = "x" })
	spoil("has 216 bytes", func(m *onnx.Model, g *onnx.Graph) { g.Initializers[0].Dims = []int64{1 << 30, 1 << 30, 3, 3} })
	spoil("has a size of -3", func(m *onnx.Model, g *onnx.Graph) { g.Initializers[0].Dims[0] = -3 })
	spoil("numbers of type 2, floats", func(m *onnx.Model, g *onnx.Graph) {
		g.Initializers[0].Type, g.Initializers[0].Data = onnx.Uint8, make([]byte, 54)
	})
	spoil("numbers of type 8, which are not read", func(m *onnx.Model, g *onnx.Graph) { g.Initializers[0].Type = 8 })
	spoil("kernel_shape [2 2], the weights", conv("kernel_shape", 2, 2))
	spoil("pads has 3 numbers, 2 spatial axes need 4", conv("pads", 1, 1, 1))
	spoil("pads must be from 0", conv("pads", -1, 0, 0, 0))
	spoil("strides must be from 0 to 2147483647, got [9223372036854775807 1]", conv("strides", 1<<63-1, 1))
	spoil("stride must be at least 1", conv("strides", 0, 1))
	spoil("is too large", conv("dilations", 1<<30, 1))
	spoil("window spans", conv("dilations", 1<<20, 1))
	spoil("[3 1073741828 1073741828] is too large", func(m *onnx.Model, g *onnx.Graph) {
		g.Nodes[0].Attrs = []onnx.Attr{intsAttr("pads", []int64{1 << 30, 1 << 30, 0, 0})}
	})
	spoil("got \"SAME\"", func(m *onnx.Model, g *onnx.Graph) {
		g.Nodes[0].Attrs = []onnx.Attr{{Name: "auto_pad", Type: onnx.StringAttr, String: "SAME"}}
	})
	spoil("group is 0", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[0].Attrs = []onnx.Attr{intAttr("group", 0)} })
	spoil("cannot be split into 2147483647 groups", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[0].Attrs = []onnx.Attr{intAttr("group", 1<<31-1)} })
	spoil("has shape [6 1 3 3], should have [6 2 3 3]", func(m *onnx.Model, g *onnx.Graph) { g.Initializers[0].Dims = []int64{6, 1, 3, 3} })
	spoil("of shape [2] has 8 bytes", func(m *onnx.Model, g *onnx.Graph) { g.Initializers[2].Data = g.Initializers[2].Data[:8] })
	spoil("to [0], from", func(m *onnx.Model, g *onnx.Graph) {
		g.Initializers[2].Data, g.Initializers[2].Dims = g.Initializers[2].Data[:8], []int64{1}
	})
	spoil("to [], from", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[3].Inputs = g.Nodes[3].Inputs[:1] })
	spoil("what its shape is cannot be told", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[3].Inputs[1] = "d" })
	shape := func(change func(nodes []onnx.Node)) func(m *onnx.Model, g *onnx.Graph) {
		return func(m *onnx.Model, g *onnx.Graph) {
			sizes := []onnx.Node{{Op: "Shape", Inputs: []string{"d"}, Outputs: []string{"s"}}, {Op: "Concat", Inputs: []string{"s", "to"}, Outputs: []string{"t"}}}
			change(sizes)
			g.Nodes = slices.Concat(g.Nodes[:3], sizes, g.Nodes[3:])
			g.Nodes[5].Inputs[1] = "t"
		}
	}
	spoil("to [batch 3 2 2 0 -1], from", shape(func([]onnx.Node) {}))
	spoil("(Shape): cnnlib has no layer", shape(func(n []onnx.Node) { n[0].Inputs[0] = "nothing" }))
	spoil("it joins along axis 0", shape(func(n []onnx.Node) { n[1].Inputs = []string{"d", "d"}; n[1].Attrs = []onnx.Attr{intAttr("axis", 0)} }))
	spoil("to [batch 3 2 2 batch", shape(func(n []onnx.Node) { n[1].Inputs = slices.Repeat([]string{"s"}, 5) }))
	spoil("should have [5 12]", func(m *onnx.Model, g *onnx.Graph) {
		g.Initializers[3] = onnx.Tensor{Name: "m", Type: onnx.Float, Dims: []int64{11, 5}, Data: make([]byte, 220)}
	})
	spoil("windows of more than 4096", func(m *onnx.Model, g *onnx.Graph) {
		g.Inputs[0].Dims[2].Size, g.Inputs[0].Dims[3].Size = 4096, 4096
		g.Nodes[2].Attrs = []onnx.Attr{intsAttr("kernel_shape", []int64{100, 100})}
	})
	spoil("read more than 268435456 pixels", func(m *onnx.Model, g *onnx.Graph) {
		g.Inputs[0].Dims[2].Size, g.Inputs[0].Dims[3].Size = 1<<20, 6
		g.Nodes[2].Attrs = []onnx.Attr{intsAttr("kernel_shape", []int64{4096, 1})}
	})
	spoil("to [0 -1], from", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[3].Attrs = []onnx.Attr{intAttr("allowzero", 1)} })
	for _, dims := range [][]int64{{2}, {6, 1}, {1, 1, 6}, {2, 1}} { // they broadcast along rows and columns
		spoil(fmt.Sprintf("constant \"mean\" has shape %v: one number, or one for each of the 2 channels", dims), func(m *onnx.Model, g *onnx.Graph) {
			cast := onnx.Node{Op: "Cast", Inputs: []string{"x"}, Outputs: []string{"p"}, Attrs: []onnx.Attr{intAttr("to", onnx.Float)}}
			div := onnx.Node{Op: "Div", Inputs: []string{"p", "scale"}, Outputs: []string{"q"}}
			sub := onnx.Node{Op: "Sub", Inputs: []string{"q", "mean"}, Outputs: []string{"r"}}
			g.Inputs[0].Type = onnx.Uint8
			g.Nodes = append([]onnx.Node{cast, div, sub}, g.Nodes...)
			g.Nodes[3].Inputs[0] = "r"
			n := 1
			for _, d := range dims {
				n *= int(d)
			}
			g.Initializers = append(g.Initializers, onnx.Tensor{Name: "scale", Type: onnx.Float, Data: NewTensor("", []float32{255}).Data},
				onnx.Tensor{Name: "mean", Type: onnx.Float, Dims: dims, Data: make([]byte, 4*n)})
		})
	}
	spoil("takes the features for the batch", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[4].Attrs = []onnx.Attr{intAttr("transA", 1)} })
	spoil("it works along axis 3", func(m *onnx.Model, g *onnx.Graph) { g.Nodes[1].Op = "Softmax" })
	spoil("more than 16 times the file", func(m *onnx.Model, g *onnx.Graph) {
		first := g.Nodes[0]
		g.Initializers[0] = onnx.Tensor{Name: "w", Type: onnx.Float, Dims: []int64{64, 64, 1, 1}, Data: make([]byte, 4*64*64)}
		g.Inputs[0].Dims[1].Size, g.Nodes = 64, nil
		for i := range 64 {
			n := first
			n.Inputs, n.Outputs = []string{"v" + strings.Repeat("i", i), "w"}, []string{"v" + strings.Repeat("i", i+1)}
			g.Nodes = append(g.Nodes, n)
		}
		g.Inputs[0].Name, g.Outputs[0].Name = "v", "v"+strings.Repeat("i", 64)
	})
	spoil("more than 1048576 nodes", func(m *onnx.Model, g *onnx.Graph) { g.Nodes = make([]onnx.Node, 1<<20+1) })
	// what Write does not write: numbers in another file, and in two fields
	raw := func(fields func(b []byte) []byte) []byte {
		tensor := fields(protowire.AppendString(protowire.AppendTag(nil, 8, protowire.BytesType), "w"))
		graph := protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType), tensor)
		opset := []byte{0x42, 2, 0x10, onnxOpset}
		return protowire.AppendBytes(protowire.AppendTag(opset, 7, protowire.BytesType), graph)
	}
	all["in the folder of the model is needed, no path"] = raw(func(b []byte) []byte {
		entry := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "location")
		entry = protowire.AppendString(protowire.AppendTag(entry, 2, protowire.BytesType), "../../../etc/passwd")
		b = protowire.AppendBytes(protowire.AppendTag(b, 13, protowire.BytesType), entry)
		return protowire.AppendVarint(protowire.AppendTag(b, 14, protowire.VarintType), 1)
	})
	all["numbers in 2 fields"] = raw(func(b []byte) []byte {
		b = protowire.AppendBytes(protowire.AppendTag(b, 9, protowire.BytesType), make([]byte, 8))
		return protowire.AppendBytes(protowire.AppendTag(b, 7, protowire.BytesType), []byte{1})
	})
	all["the field of another type"] = raw(func(b []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, 4, protowire.BytesType), make([]byte, 8))
	})
	all["a text of 5000 bytes"] = raw(func(b []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, 8, protowire.BytesType), make([]byte, 5000))
	})
	all["sparse initializers"] = protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), []byte{0x7a, 0x00})
	return all
}

func TestHostileONNX(t *testing.T) {
	if _, err := parseONNX(bytesOf(smallONNX())); err != nil {
		t.Fatalf("the model to be spoilt: %v", err)
	}
	file := filepath.Join(t.TempDir(), "net.onnx")
	for want, content := range hostileONNX() {
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ReadONNX(file)
		var format *FormatError
		if !errors.As(err, &format) || format.File != file || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
	if _, err := ReadONNX(t.TempDir()); err == nil {
		t.Error("a folder is no file")
	}
}

func parseONNX(data []byte) (*Network, error) {
	im, err := readONNX("data", bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return nil, err
	}
	return im.network(nil)
}

// TestONNXDamage cuts a good file after each byte and changes each byte: an
// error or another network, never a panic.
func TestONNXDamage(t *testing.T) {
	good := bytesOf(smallONNX())
	for i := range good {
		if _, err := parseONNX(good[:i]); err == nil {
			t.Errorf("cut after %d of %d bytes it is read", i, len(good))
		}
		for _, flip := range []byte{0x01, 0x11, 0x80, 0xff} {
			bad := bytes.Clone(good)
			bad[i] ^= flip
			parseONNX(bad)
		}
	}
}

func FuzzReadONNX(f *testing.F) {
	for want, content := range hostileONNX() {
		if want != "more than 1048576 nodes" { // 2 MB
			f.Add(content)
		}
	}
	files, err := filepath.Glob("testdata/made/*.onnx")
	if err != nil || len(files) == 0 {
		f.Fatalf("no files to start from, error %v", err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	for name, c := range onnxCases() {
		if name == "3.1" || name == "3.2" { // large
			continue
		}
		m := randomModel(f, labtest.Go(f), c)
		file := filepath.Join(f.TempDir(), "net.onnx")
		if err := Export(m, file); err != nil {
			f.Fatal(err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		net, err := parseONNX(data)
		if err != nil {
			return
		}
		root, err := cnnlib.Resolve(net.Net, net.In)
		if err != nil {
			t.Fatalf("read, and not a network: %v", err)
		}
		size := 0
		for _, tensor := range net.State {
			size += len(tensor.Data)
		}
		if size > maxShared*len(data) {
			t.Errorf("%d bytes of weights from a file of %d", size, len(data))
		}
		if slices.ContainsFunc(net.State, func(t Tensor) bool { return t.DType != F32 }) {
			return // a model here has float32
		}
		graph, err := graphONNX(root, net.State, net.Mean, net.Std)
		if err != nil {
			t.Fatalf("read and not written: %v", err)
		}
		again, err := parseONNX(bytesOf(&onnx.Model{IR: onnxIR, Opset: onnxOpset, Graph: *graph}))
		if err != nil {
			t.Fatalf("written and not read: %v", err)
		}
		sameState(t, "written again", again.State, net.State)
		if !reflect.DeepEqual(again.Net, net.Net) {
			t.Errorf("written again it is\n%#v, was\n%#v", again.Net, net.Net)
		}
	})
}
