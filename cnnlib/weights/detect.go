package weights

import (
	"bytes"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// isSafetensors looks for the length of the header and the brace that begins
// it. That comes first, as those eight bytes are the beginning of a pickle or
// of a zip for some lengths.
func isSafetensors(start []byte, _ io.ReaderAt, _ int64) bool {
	return len(start) > 8 && start[8] == '{' && start[5] == 0 && start[6] == 0 && start[7] == 0
}

func isZip(start []byte, _ io.ReaderAt, _ int64) bool {
	return bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte("PK\x05\x06"))
}

func isPickle(start []byte, _ io.ReaderAt, _ int64) bool {
	return len(start) > 1 && start[0] == 0x80 && start[1] <= 5
}

// isStableHLO looks for a module of MLIR.
func isStableHLO(start []byte, _ io.ReaderAt, _ int64) bool {
	return bytes.HasPrefix(start, []byte("// convlab:")) || bytes.Contains(start, []byte("stablehlo.")) || bytes.Contains(start, []byte("func.func @main("))
}

// isONNX looks for a graph among the fields of a ModelProto, whose other fields
// are passed over.
func isONNX(_ []byte, r io.ReaderAt, size int64) bool {
	const (
		graph     = 7
		last      = 25   // number of a field
		maxFields = 1024 // metadata may come before the graph
	)
	for at, n := int64(0), 0; at < size && n < maxFields; n++ {
		head := make([]byte, min(size-at, 24))
		if _, err := io.ReadFull(io.NewSectionReader(r, at, size-at), head); err != nil {
			return false
		}
		number, kind, used := protowire.ConsumeTag(head)
		if used < 0 || number > last {
			return false
		}
		if kind != protowire.BytesType {
			value := protowire.ConsumeFieldValue(number, kind, head[used:])
			if kind == protowire.StartGroupType || value < 0 {
				return false
			}
			at += int64(used + value)
			continue
		}
		length, value := protowire.ConsumeVarint(head[used:])
		at += int64(used + value)
		if value < 0 || length > uint64(size-at) {
			return false
		}
		if number == graph { // its fields are messages and texts
			first, kind, n := protowire.ConsumeTag(head[min(used+value, len(head)):])
			return n > 0 && kind == protowire.BytesType && first <= 16
		}
		at += int64(length)
	}
	return false
}

// otherKind names a file of another kind; "" is one that nobody knows.
func otherKind(start []byte) string {
	for _, f := range []struct{ magic, what string }{
		{"\xff\xd8\xff", "a JPEG image"}, {"\x89PNG", "a PNG image"}, {"GIF8", "a GIF image"}, {"BM", "a BMP image"}, {"II*\x00", "a TIFF image"}, {"MM\x00*", "a TIFF image"},
		{"%PDF", "a PDF document"}, {"\x1f\x8b", "a gzip archive: unpack it first"}, {"BZh", "a bzip2 archive: unpack it first"}, {"\xfd7zXZ", "an xz archive: unpack it first"},
		{"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"}, {"7z\xbc\xaf", "a 7z archive: unpack it first"}, {"Rar!", "a rar archive: unpack it first"},
		{"\x89HDF", "an HDF5 file, as Keras writes"}, {"\x93NUMPY", "a NumPy array"}, {"GGUF", "a GGUF file"}, {"\x7fELF", "a program"},
		{"version https://git-lfs", "a pointer of Git LFS, in place of the file: fetch it with git lfs pull"},
	} {
		if bytes.HasPrefix(start, []byte(f.magic)) {
			return f.what
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(start, "\ufeff \t\r\n"))
	switch {
	case len(start) == 0:
		return "an empty file"
	case len(start) > 262 && string(start[257:262]) == "ustar":
		return "a tar archive: unpack it first"
	case len(start) > 12 && string(start[:4]) == "RIFF" && string(start[8:12]) == "WEBP":
		return "a WebP image"
	case len(start) > 8 && string(start[4:8]) == "TFL3":
		return "a TensorFlow Lite model"
	case bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<html")):
		return "a web page, perhaps in place of a download"
	case bytes.HasPrefix(text, []byte("<?xml")):
		return "an XML text"
	case bytes.HasPrefix(text, []byte(`{"`)) || bytes.HasPrefix(text, []byte("{\n")) || bytes.HasPrefix(text, []byte("[{")):
		return "a JSON text"
	}
	return ""
}
