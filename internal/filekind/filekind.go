// Package filekind says what a file is by its first bytes, for the error of a
// command that was given a file of another kind.
package filekind

import (
	"bytes"
	"encoding/binary"
)

// Of names what begins with start, such as "a PNG image"; "" is something that
// it does not know. The first 4096 bytes tell.
func Of(start []byte) string {
	start = start[:min(len(start), 4096)]
	for _, f := range []struct{ magic, what string }{
		{"convlab checkpoint ", "a checkpoint of convlab"},
		{"\xff\xd8\xff", "a JPEG image"}, {"\x89PNG", "a PNG image"}, {"GIF8", "a GIF image"}, {"II*\x00", "a TIFF image"}, {"MM\x00*", "a TIFF image"},
		{"%PDF", "a PDF document"}, {"\x1f\x8b", "a gzip archive: unpack it first"}, {"BZh", "a bzip2 archive: unpack it first"}, {"\xfd7zXZ", "an xz archive: unpack it first"},
		{"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"}, {"7z\xbc\xaf", "a 7z archive: unpack it first"}, {"Rar!", "a rar archive: unpack it first"},
		{"\x89HDF", "an HDF5 file, as Keras writes"}, {"\x93NUMPY", "a NumPy array"}, {"GGUF", "a GGUF file"}, {"\x7fELF", "a program"},
		{"version https://git-lfs", "a pointer of Git LFS, in place of the file: fetch it with git lfs pull"},
		{"PK\x03\x04", "a zip archive, as PyTorch writes its weights"}, {"ML\xefR", "a program in MLIR's binary form: write it as text"},
	} {
		if bytes.HasPrefix(start, []byte(f.magic)) {
			return f.what
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(start, "\ufeff \t\r\n"))
	has := func(at int, magic string) bool {
		return len(start) >= at+len(magic) && string(start[at:at+len(magic)]) == magic
	}
	switch {
	case len(start) == 0:
		return "an empty file"
	case has(257, "ustar"):
		return "a tar archive: unpack it first"
	case has(0, "RIFF") && has(8, "WEBP"):
		return "a WebP image"
	case has(4, "TFL3"):
		return "a TensorFlow Lite model"
	case has(0, "BM") && len(start) > 18 && binary.LittleEndian.Uint32(start[14:]) < 256:
		return "a BMP image"
	case has(4, "ftyp"):
		return "a HEIC, AVIF or video file"
	case has(5, "\x00\x00\x00{"):
		return "a safetensors file"
	case len(start) > 1 && start[0] == 0x80 && start[1] <= 5:
		return "a pickle of Python, as PyTorch writes its weights"
	case len(start) > 8 && start[0] == 8 && start[1] < 32 && (start[2] == 0x12 || start[2] == 0x3a):
		return "an ONNX network"
	case bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<html")):
		return "a web page, perhaps in place of a download"
	case bytes.HasPrefix(text, []byte("<?xml")):
		return "an XML text"
	case bytes.HasPrefix(text, []byte("<svg")):
		return "an SVG drawing"
	case bytes.HasPrefix(text, []byte(`{"`)) || bytes.HasPrefix(text, []byte("{\n")) || bytes.HasPrefix(text, []byte("[{")):
		return "a JSON text"
	case bytes.HasPrefix(text, []byte("// convlab:")) || bytes.Contains(text, []byte("stablehlo.")) || bytes.Contains(text, []byte("func.func ")):
		return "a StableHLO program"
	}
	return ""
}
