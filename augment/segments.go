package augment

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// Markers of JPEG segments (ITU-T T.81, table B.1).
const (
	jpegRST0  = 0xd0
	jpegSOI   = 0xd8
	jpegEOI   = 0xd9
	jpegSOS   = 0xda // the start of a scan
	jpegAPP1  = 0xe1 // EXIF and XMP
	jpegAPP14 = 0xee // Adobe's
)

// jpegSegments gives a JPEG's segments, marker and body, up to its end: not
// what is written behind, such as a motion photo's film. Fill bytes, the data
// of scans and stuffed zeros are passed over, as the decoder does.
func jpegSegments(raw []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for at := 2; at < len(raw); {
			next := bytes.IndexByte(raw[at:], 0xff)
			if next < 0 {
				return
			}
			for at += next; at < len(raw) && raw[at] == 0xff; at++ {
			}
			if at+3 > len(raw) || raw[at] == jpegEOI {
				return
			}
			marker := raw[at]
			at++
			if marker == 0 || marker >= jpegRST0 && marker < jpegSOI {
				continue
			}
			size := int(binary.BigEndian.Uint16(raw[at:]))
			if size < 2 || at+size > len(raw) || !yield(marker, raw[at+2:at+size]) {
				return
			}
			at += size
		}
	}
}

// scans is how often the decoder of a JPEG goes over the picture.
func scans(raw []byte) (n int) {
	for marker := range jpegSegments(raw) {
		if marker == jpegSOS {
			n++
		}
	}
	return n
}

// adobeSegment starts a JPEG whose colours are stored as they are.
const adobeSegment = "\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"

// withAdobe adds Adobe's segment to a JPEG of four colours without one, which
// Go's decoder asks for. Pillow takes such a file as Adobe's inverted CMYK.
func withAdobe(raw []byte) []byte {
	for marker, body := range jpegSegments(raw) {
		isFrame := marker >= 0xc0 && marker <= 0xc2
		switch {
		case isFrame && (len(body) < 6 || body[5] != 4), marker == jpegAPP14 && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
			return raw
		case marker == jpegSOS:
			return append([]byte(adobeSegment), raw[2:]...)
		}
	}
	return raw
}

// chunks gives name and body of a PNG's or WebP's chunks. Where a chunk says
// that it is longer than the file, they end.
func chunks(raw []byte, format string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		at := 8
		if format == "WebP" {
			at = 12
		}
		for at+8 <= len(raw) {
			name, size := raw[at+4:at+8], int64(binary.BigEndian.Uint32(raw[at:]))
			pad := int64(4) // the check sum
			if format == "WebP" {
				name, size = raw[at:at+4], int64(binary.LittleEndian.Uint32(raw[at+4:]))
				pad = size % 2 // RIFF pads to even sizes
			}
			end := int64(at) + 8 + size
			if end > int64(len(raw)) || !yield(string(name), raw[at+8:end]) {
				return
			}
			at = int(end + pad)
		}
	}
}
