package weights

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSafetensorsOfEveryLength: the length of the header is the beginning of a
// pickle for some lengths, of a zip or gzip for others.
func TestSafetensorsOfEveryLength(t *testing.T) {
	lengths := []int{0x08b8, 0x8b1f, 0x04034b50 & 0xffff}
	for n := 80; n < 2048; n++ {
		lengths = append(lengths, n)
	}
	for _, n := range lengths {
		header := `{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
		header += strings.Repeat(" ", n-len(header))
		state, err := parse(st(header, "1234"))
		if err != nil || len(state) != 1 || state[0].Name != "w" {
			t.Fatalf("a header of %d bytes: %d tensors, error %v", n, len(state), err)
		}
	}
}

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

// TestOtherFilesAreNamed: what is no file of weights is named as what it is.
func TestOtherFilesAreNamed(t *testing.T) {
	tar := make([]byte, 512)
	copy(tar[257:], "ustar")
	for want, content := range map[string]string{
		"this is a JPEG image":               "\xff\xd8\xff\xe0\x00\x10JFIF",
		"this is a PNG image":                "\x89PNG\r\n\x1a\n",
		"this is a WebP image":               "RIFF\x00\x00\x00\x00WEBPVP8 ",
		"this is a web page, perhaps in":     "\n <!DOCTYPE html><html>",
		"this is an XML text":                "<?xml version",
		"this is a JSON text":                `{"error": "not found"}`,
		"this is a tar archive: unpack it":   string(tar),
		"this is a gzip archive: unpack it":  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
		"this is an HDF5 file":               "\x89HDF\r\n\x1a\n",
		"this is a NumPy array":              "\x93NUMPY\x01\x00",
		"this is a pointer of Git LFS":       "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
		"this is an empty file":              "",
		"this is an ONNX network, not a":     string(bytesOf(smallONNX())),
		"this is a StableHLO program, not a": "module @main {\n func.func @main(",
		"this is an office document":         string(zipped(0, file{"[Content_Types].xml", ""})),
		`this is a zip with "net.pth" in it`: string(zipped(0, file{"net.pth", ""})),
		"this is a Keras model":              string(zipped(0, file{"model.weights.h5", ""})),
		"this is a program of torch.export":  string(zipped(0, file{"p/models/model.json", ""})),
		"this is a zip, but no file of":      string(zipped(0)),
		"this is a bare pickle that":         "\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}.",
	} {
		for _, name := range []string{"file", "file.pth", "file.safetensors"} {
			name = filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := ReadFile(name)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: error %v, want %s", filepath.Base(name), err, want)
			}
		}
	}
}

// TestImportGoesByContent: an ONNX network under another name is imported, and
// a program that is none says so.
func TestImportGoesByContent(t *testing.T) {
	from, to := lenet(t, 1), lenet(t, 2)
	dir := t.TempDir()
	if err := Export(from, filepath.Join(dir, "net.onnx")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "net.onnx"), filepath.Join(dir, "net.pth")); err != nil {
		t.Fatal(err)
	}
	report, err := Import(to, filepath.Join(dir, "net.pth"))
	if err != nil || report.String() != "weights matched operation by operation" {
		t.Errorf("%v, error %v", report, err)
	}
	sameState(t, "imported", state(t, to), state(t, from))
	hlo := filepath.Join(dir, "net.safetensors")
	if err := os.WriteFile(hlo, []byte("// convlab: pixels\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Import(to, hlo); err == nil || !strings.Contains(err.Error(), "a StableHLO program, not a list of tensors: convserve runs it") {
		t.Errorf("StableHLO: error %v", err)
	}
	if err := Export(from, filepath.Join(dir, "net.ckpt")); err == nil || !strings.Contains(err.Error(), `should end in .safetensors, .pth, .pt, .onnx or .stablehlo, not ".ckpt"`) {
		t.Errorf("an ending that is not written: error %v", err)
	}
}

func TestReport(t *testing.T) {
	long := strings.Repeat("x", 30)
	for want, left := range map[string][]string{
		"": nil,
		`; left out: a, b.x, c. (3 tensors), b.y, "\x00"`: {"a", "b.x", "c.0", "b.y", "c.1", "c.2", "\x00"},
		"; left out: 0, 1, 2, 3, 4, 5, and 5 more":        {"0", "1", "2", "3", "4", "5", "6", "7", "c.0", "c.1", "c.2"},
		"; left out: " + long + "…" + long:                {strings.Repeat("x", 1000)},
	} {
		if got := (Report{How: "by name", Left: left}).String(); got != "weights matched by name"+want {
			t.Errorf("%s\nwant …%s", got, want)
		}
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
