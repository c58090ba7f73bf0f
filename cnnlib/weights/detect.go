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
