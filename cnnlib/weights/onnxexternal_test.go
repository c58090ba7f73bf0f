package weights

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// external is a model whose weights are in other files: a Conv with a kernel
// [3 2 3 3] and a bias [3], each described by the entries of external_data.
func external(kernel, bias map[string]string) []byte {
	text := func(n protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(nil, n, protowire.BytesType), s)
	}
	tensor := func(name string, entries map[string]string, dims ...uint64) []byte {
		var b []byte
		for _, d := range dims {
			b = protowire.AppendVarint(protowire.AppendTag(b, 1, protowire.VarintType), d)
		}
		b = append(append(b, 0x10, 1), text(8, name)...) // float
		for key, value := range entries {
			b = protowire.AppendBytes(protowire.AppendTag(b, 13, protowire.BytesType), append(text(1, key), text(2, value)...))
		}
		return append(b, 0x70, 1) // data_location
	}
	m := smallONNX()
	m.Graph.Nodes, m.Graph.Outputs[0].Name, m.Graph.Initializers = m.Graph.Nodes[:2], "c", nil
	var extra []byte
	for _, t := range [][]byte{tensor("w", kernel, 3, 2, 3, 3), tensor("b", bias, 3)} {
		extra = protowire.AppendBytes(protowire.AppendTag(extra, 5, protowire.BytesType), t)
	}
	// A second field of the graph is added to the first.
	data := bytesOf(m)
	at := 0
	for at < len(data) {
		n, kind, size := protowire.ConsumeTag(data[at:])
		value := protowire.ConsumeFieldValue(n, kind, data[at+size:])
		if n == 7 {
			graph, _ := protowire.ConsumeBytes(data[at+size:])
			whole := protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), append(append([]byte{}, graph...), extra...))
			return append(append(append([]byte{}, data[:at]...), whole...), data[at+size+value:]...)
		}
		at += size + value
	}
	panic("a model without a graph")
}

// TestONNXExternalData: numbers from a file beside the model, and from nowhere
// else.
func TestONNXExternalData(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "model"), 0o755); err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(dir, "model", name) }
	values := make([]float32, 60)
	for i := range values {
		values[i] = float32(i)
	}
	numbers := NewTensor("", values).Data
	for _, name := range []string{at("net.data"), filepath.Join(dir, "secret")} {
		if err := os.WriteFile(name, numbers, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("a:b"), numbers, 0o644); err != nil {
		t.Log(err) // some systems have no such names
	}
	for name, to := range map[string]string{"link": "net.data", "out": "../secret"} {
		if err := os.Symlink(to, at(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(at("folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	type entries = map[string]string
	bias := entries{"location": "net.data", "offset": "228", "length": "12"}
	read := func(kernel entries) (*Network, error) {
		if err := os.WriteFile(at("net.onnx"), external(kernel, bias), 0o644); err != nil {
			t.Fatal(err)
		}
		return ReadONNX(at("net.onnx"))
	}
	for _, good := range []entries{{"location": "net.data"}, {"location": "net.data", "offset": "0", "length": "216", "checksum": "0"}} {
		net, err := read(good)
		if err != nil {
			t.Errorf("%v: %v", good, err)
			continue
		}
		w, _ := net.State[0].Float32s()
		b, _ := net.State[1].Float32s()
		if len(w) != 54 || w[53] != 53 || len(b) != 3 || b[0] != 57 {
			t.Errorf("%v: kernel %v, bias %v", good, w, b)
		}
	}
	for want, bad := range map[string]entries{
		"no path":                           {"location": "../secret"},
		"folder of the model is needed":     {"location": filepath.Join(dir, "secret")},
		`file "folder/../net.data"`:         {"location": "folder/../net.data"},
		`file "./net.data"`:                 {"location": "./net.data"},
		`file ".."`:                         {"location": ".."},
		`file ""`:                           {"location": ""},
		`file "a:b"`:                        {"location": "a:b"},
		`file "net.data\x00"`:               {"location": "net.data\x00"},
		`file "..\\secret"`:                 {"location": `..\secret`},
		`file "link": it is a link`:         {"location": "link"},
		`file "out": it is a link`:          {"location": "out"},
		`file "folder": it is a link or no`: {"location": "folder"},
		"no such file":                      {"location": "none"},
		"takes 216 bytes, it is said to":    {"location": "net.data", "length": "212"},
		"from byte 25 on are more than":     {"location": "net.data", "offset": "25"},
		"from byte 9223372036854775807 on":  {"location": "net.data", "offset": "9223372036854775807"},
		`offset is "-4", a number from 0`:   {"location": "net.data", "offset": "-4"},
		`length is "ten", a number from 0`:  {"location": "net.data", "length": "ten"},
	} {
		_, err := read(bad)
		var format *FormatError
		if !errors.As(err, &format) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q", bad, err, want)
		}
	}
	if _, err := parseONNX(external(bias, bias)); err == nil || !strings.Contains(err.Error(), "which is not there") {
		t.Errorf("without a folder: error %v", err)
	}
}
