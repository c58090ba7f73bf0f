package weights

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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
