package nets_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"convlab/cnnlib"
)

var update = flag.Bool("update", false, "write what is measured to testdata/measured.json, and docs/networks.md from it")

// measured is what testdata/measured.json keeps of a network: how far logits
// are off, relative to the largest of them; nil where that was not measured.
type measured struct {
	PyTorch    *float64 `json:",omitempty"` // from PyTorch's, with the weights of its state dict
	ONNXOut    *float64 `json:",omitempty"` // onnxruntime's of the exported file from our own
	ONNXDynamo *float64 `json:",omitempty"` // ours from onnxruntime's for the file of PyTorch's exporter
	ONNXLegacy *float64 `json:",omitempty"` // and for that of the exporter it had before
}

const measuredFile = "testdata/measured.json"

func readMeasured(t testing.TB) map[string]measured {
	data, err := os.ReadFile(measuredFile)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]measured
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatalf("%s: %v", measuredFile, err)
	}
	return all
}

// record keeps what was measured of n, if the flag asks for it.
func record(t testing.TB, n *network) {
	if !*update {
		return
	}
	all := readMeasured(t)
	all[n.name] = n.measured
	data, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(measuredFile, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

const tableFile = "../../docs/networks.md"

// TestTable: docs/networks.md is what the networks tell and what was measured
// of them. It runs after the tests that measure.
func TestTable(t *testing.T) {
	var b strings.Builder
	b.WriteString(tableHead)
	for _, n := range networks(t) {
		summary, err := n.make(n.Classes).Summary(n.Input)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", n.name, n.source, thousands(summary.Params), thousands(summary.MACs),
			strings.ReplaceAll(strings.Trim(fmt.Sprint(n.Input[:2]), "[]"), " ", "x"), lastField(summary),
			off(n.PyTorch), off(n.ONNXOut), off(n.ONNXDynamo), off(n.ONNXLegacy))
	}
	if *update {
		if err := os.WriteFile(tableFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != b.String() {
		t.Errorf("%s is stale: go test ./cnnlib/nets -update writes it", tableFile)
	}
}

const tableHead = `# Networks

` + "`cnnlib/nets`" + ` has these networks beside the lesson's two. Each is a function of the number of classes (a U-Net also of its width, 64
here) that gives a value of cnnlib, with the names of weights of PyTorch's packages. Its tests make this page.

- **Parameters and MACs** (multiply-accumulates of convolutions and matrices) are for 1,000 classes at the size of the image that the column
  tells; for 10 where that is 32x32, and for 1 in the U-Nets. They are PyTorch's own count, and to the digit those that are published, where
  they are.
- **Field** is how many pixels of a large enough image a unit of the last map sees, padding included. Squeeze-and-excitation (MobileNetV3,
  EfficientNet) looks at whole maps: there it is what the unit sees that sees most.
- **Logits** is how far ours are from PyTorch's in float64, relative to the largest of them: an image of 64x96 pixels (80x96 for AlexNet, 32x48
  for networks of small images and U-Nets), the same weights on both sides, made from a hash of name and index, read from a ` + "`.pth`" + ` file by name.
  Written again, the names, shapes, order and bytes are those of the file that was read.
- **ONNX out** is how far onnxruntime's logits of the file that we export are from ours; **ONNX in** how far ours are from onnxruntime's for what
  PyTorch exports, by its exporter of today and by the one before (` + "`dynamo=False`" + `).

Measured on XLA's CPU backend in float32, with PyTorch 2.15, torchvision 0.29, timm 1.0.31 and onnxruntime 1.32: testdata/golden.py and
testdata/exports.py in the package make the other side.

| network | names of weights | parameters | MACs | image | field | logits | ONNX out | ONNX in | ONNX in, older |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|
`

// lastField is what a unit of the last map sees.
func lastField(s *cnnlib.Summary) string {
	field := "all"
	for _, row := range s.Rows {
		if len(row.Output) < 3 {
			continue
		}
		field = "all"
		if row.Fields != nil {
			field = fmt.Sprintf("%dx%d", row.Fields[0].Size, row.Fields[1].Size)
		}
	}
	return field
}

func off(v *float64) string {
	if v == nil {
		return "not measured"
	}
	return fmt.Sprintf("%.0e", *v)
}

func thousands(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
