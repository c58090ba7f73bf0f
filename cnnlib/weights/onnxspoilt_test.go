package weights

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"

	"pgregory.net/rapid"
)

// TestONNXSpoiltGraphs: good models with other operators, inputs, settings and
// sizes are refused, or are networks, and take no more room than their files
// allow; nothing panics.
func TestONNXSpoiltGraphs(t *testing.T) {
	files, err := filepath.Glob("testdata/made/*.onnx")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files to start from, error %v", err)
	}
	ops := slices.Concat(slices.Sorted(maps.Keys(operators)), slices.Sorted(maps.Keys(folds)), []string{"If"})
	number := rapid.SampledFrom([]int64{0, 1, 2, 3, 4, 5, 7, -1, -2, -3, 64, 1 << 12, 1 << 31, 1<<63 - 1, -1 << 63})
	refused := 0
	rapid.Check(t, func(r *rapid.T) {
		data, err := os.ReadFile(rapid.SampledFrom(files).Draw(r, "file"))
		if err != nil {
			r.Fatal(err)
		}
		m, err := onnx.Read(data)
		if err != nil {
			r.Fatal(err)
		}
		g := &m.Graph
		var names []string
		for _, n := range g.Nodes {
			names = append(names, n.Outputs...)
		}
		for _, t := range g.Initializers {
			names = append(names, t.Name)
		}
		names = append(names, g.Inputs[0].Name, "")
		for range rapid.IntRange(1, 4).Draw(r, "changes") {
			n := &g.Nodes[rapid.IntRange(0, len(g.Nodes)-1).Draw(r, "node")]
			switch rapid.IntRange(0, 8).Draw(r, "change") {
			case 0:
				n.Op = rapid.SampledFrom(ops).Draw(r, "op")
			case 1, 2:
				if len(n.Inputs) > 0 {
					n.Inputs[rapid.IntRange(0, len(n.Inputs)-1).Draw(r, "input")] = rapid.SampledFrom(names).Draw(r, "name")
				}
			case 3:
				n.Inputs = append(n.Inputs, rapid.SampledFrom(names).Draw(r, "name"))
			case 4:
				n.Outputs = append(n.Outputs, rapid.SampledFrom(names).Draw(r, "name"))
			case 5, 6:
				if len(n.Attrs) > 0 {
					a := &n.Attrs[rapid.IntRange(0, len(n.Attrs)-1).Draw(r, "attribute")]
					a.Int, a.Ints = number.Draw(r, "int"), rapid.SliceOfN(number, 0, 5).Draw(r, "ints")
					a.Float = float32(a.Int)
				}
			case 7:
				if len(g.Initializers) > 0 {
					t := &g.Initializers[rapid.IntRange(0, len(g.Initializers)-1).Draw(r, "initializer")]
					if t.Type == onnx.Int64 && len(t.Data) >= 8 {
						copy(t.Data[rapid.IntRange(0, len(t.Data)/8-1).Draw(r, "place")*8:], bytesOfInt(number.Draw(r, "value")))
					} else {
						t.Dims = rapid.SliceOfN(number, 0, 4).Draw(r, "dims")
					}
				}
			case 8:
				g.Inputs[0].Dims[rapid.IntRange(0, len(g.Inputs[0].Dims)-1).Draw(r, "axis")].Size = number.Draw(r, "size")
			}
		}
		data = bytesOf(m)
		im, err := readONNX("spoilt", bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			refused++
			return
		}
		net, err := im.network(nil)
		if err != nil {
			refused++
			return
		}
		if _, err := cnnlib.Resolve(net.Net, net.In); err != nil {
			r.Fatalf("read, and not a network: %v", err)
		}
		size := 0
		for _, t := range net.State {
			size += len(t.Data)
		}
		if size > maxShared*len(data) {
			r.Fatalf("%d bytes of weights from a file of %d", size, len(data))
		}
	})
	t.Logf("%d refused", refused)
}
