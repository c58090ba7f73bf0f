package augment

import (
	"encoding/binary"
	"iter"
	"math"
)

// Tags of TIFF 6.0 that matter here.
const (
	tiffWidth       = 256
	tiffHeight      = 257
	tiffBits        = 258
	tiffCompression = 259
	tiffPhotometric = 262
	tiffStrips      = 273
	tiffSamples     = 277
	tiffStripRows   = 278
	tiffStripBytes  = 279
	tiffPlanar      = 284
	tiffTileWidth   = 322
	tiffTileHeight  = 323
	tiffTiles       = 324
	tiffTileBytes   = 325
	tiffExtra       = 338
	tiffJPEGTables  = 347
)

// tiffValue is what a tag has: whole numbers of one type, in the file's order
// of bytes.
type tiffValue struct {
	order binary.ByteOrder
	kind  uint16
	data  []byte
	cut   bool // the file ends before data does; it is empty
}

// tiffSizes is the bytes that a number of each type has; 0 is no type.
var tiffSizes = [...]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// tiffFields gives the tags in the first directory of a TIFF or BigTIFF. Where
// the file ends within the directory, tag 0 is cut.
func tiffFields(raw []byte) iter.Seq2[uint16, tiffValue] {
	return func(yield func(uint16, tiffValue) bool) {
		if len(raw) < 16 {
			return
		}
		var order binary.ByteOrder
		big := false
		switch string(raw[:4]) {
		case "II*\x00", "II\x00*": // in EXIF the version is found in either order
			order = binary.LittleEndian
		case "MM\x00*", "MM*\x00":
			order = binary.BigEndian
		case "II+\x00":
			order, big = binary.LittleEndian, true
		case "MM\x00+":
			order, big = binary.BigEndian, true
		default:
			return
		}
		at, counter, word := uint64(order.Uint32(raw[4:])), uint64(2), 4 // word: the bytes of a count, an offset, a value in its place
		number := func(b []byte) uint64 { return uint64(order.Uint32(b)) }
		if big {
			number, counter, word = order.Uint64, 8, 8
			at = number(raw[8:])
		}
		if at > uint64(len(raw)) || uint64(len(raw))-at < counter {
			return
		}
		n := uint64(order.Uint16(raw[at:]))
		if big {
			n = number(raw[at:])
		}
		for entry := raw[at+counter:]; n > 0; n, entry = n-1, entry[4+2*word:] {
			if len(entry) < 4+2*word {
				yield(0, tiffValue{cut: true})
				return
			}
			tag, kind, count := order.Uint16(entry), order.Uint16(entry[2:]), number(entry[4:])
			if int(kind) >= len(tiffSizes) || tiffSizes[kind] == 0 || count == 0 {
				continue
			}
			size := min(count, uint64(len(raw))+1) * uint64(tiffSizes[kind]) // a larger one would overflow
			data := entry[4+word:][:word]
			if size > uint64(word) {
				start := number(data)
				if start > uint64(len(raw)) || uint64(len(raw))-start < size {
					if !yield(tag, tiffValue{cut: true}) {
						return
					}
					continue
				}
				data = raw[start:]
			}
			if !yield(tag, tiffValue{order, kind, data[:size], false}) {
				return
			}
		}
	}
}

// tiffTag is the number, the first if there are several, of that tag in the
// first directory of a TIFF.
func tiffTag(raw []byte, tag uint16) (number float64, ok bool) {
	for t, v := range tiffFields(raw) {
		if t == tag && !v.cut {
			return v.number(0), true
		}
	}
	return 0, false
}

func (v tiffValue) len() int { return len(v.data) / max(1, int(tiffSizes[v.kind])) }

// number i of a value (TIFF 6.0, section 2; 13 is IFD, 16 to 18 are BigTIFF's);
// NaN if it is not one to Pillow, to which BYTE is not.
func (v tiffValue) number(i int) float64 {
	data := v.data[i*int(tiffSizes[v.kind]):]
	switch v.kind {
	case 3:
		return float64(v.order.Uint16(data))
	case 4, 13:
		return float64(v.order.Uint32(data))
	case 5:
		return float64(v.order.Uint32(data)) / float64(v.order.Uint32(data[4:]))
	case 6:
		return float64(int8(data[0]))
	case 8:
		return float64(int16(v.order.Uint16(data)))
	case 9:
		return float64(int32(v.order.Uint32(data)))
	case 10:
		return float64(int32(v.order.Uint32(data))) / float64(int32(v.order.Uint32(data[4:])))
	case 11:
		return float64(math.Float32frombits(v.order.Uint32(data)))
	case 12:
		return math.Float64frombits(v.order.Uint64(data))
	case 16, 18:
		return float64(v.order.Uint64(data))
	}
	return math.NaN()
}
