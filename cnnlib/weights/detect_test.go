package weights

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFormatsByContent: the name of a file does not matter.
func TestFormatsByContent(t *testing.T) {
	read := func(name string) []byte {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	withMetadata := smallONNX()
	withMetadata.Producer = strings.Repeat("p", 300)
	made, err := filepath.Glob("testdata/made/*.onnx")
	if err != nil || len(made) == 0 {
		t.Fatal(made, err)
	}
	contents := map[string][][]byte{
		"a safetensors file":           {read("testdata/net.safetensors"), st("{}", "")},
		"a zip of PyTorch":             {read("testdata/net.pth"), read("testdata/cases/lightning.ckpt")},
		"a file of PyTorch before 1.6": {read("testdata/cases/before16.pth")},
		"an ONNX network":              {bytesOf(smallONNX()), bytesOf(withMetadata)},
		"a StableHLO program":          {[]byte("// convlab: pixels\nmodule @main {"), []byte("module @jit {\n  func.func public @main(%arg0: tensor<2xf32>) {\n stablehlo.add")},
	}
	for _, name := range made {
		contents["an ONNX network"] = append(contents["an ONNX network"], read(name))
	}
	for want, all := range contents {
		for i, data := range all {
			for _, name := range []string{"file", "file.pth", "file.onnx", "file.safetensors"} {
				f, err := recognise(name, strings.NewReader(string(data)), int64(len(data)))
				if err != nil || f.name != want {
					t.Errorf("%s %d, named %s: %q, error %v", want, i, name, f.name, err)
				}
			}
		}
	}
	for name, f := range map[string]string{"cut.onnx": "an ONNX network", "cut.pt": "a zip of PyTorch", "cut.safetensors": "a safetensors file"} { // unknown content
		if got, err := recognise(name, strings.NewReader("\x01\x02"), 2); err != nil || got.name != f {
			t.Errorf("%s: %q, error %v", name, got.name, err)
		}
	}
	if got, err := recognise("cut.ckpt", strings.NewReader("\x01\x02"), 2); err == nil || !strings.Contains(err.Error(), "none of the files that are read") {
		t.Errorf("unknown content and name: %q, error %v", got.name, err)
	}
}

// FuzzRecognise: whatever a file holds, it is told or not, and no more.
func FuzzRecognise(f *testing.F) {
	f.Add(bytesOf(smallONNX()))
	f.Add(st("{}", ""))
	f.Add([]byte("\x08\x09\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := recognise("file", strings.NewReader(string(data)), int64(len(data)))
		if err == nil && got.name == "" {
			t.Error("neither a format nor an error")
		}
	})
}
