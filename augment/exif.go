package augment

import (
	"bytes"
	"encoding/binary"
)

// orientation is EXIF's, 1 to 8; 1, the right way up, if there is none that
// can be read.
func orientation(raw []byte, format string) int {
	switch format {
	case "JPEG":
		for at := 2; at+4 <= len(raw) && raw[at] == 0xff && raw[at+1] != 0xda; { // up to the pixels
			size := int(binary.BigEndian.Uint16(raw[at+2:]))
			if size < 2 || at+2+size > len(raw) {
				break
			}
			if body := raw[at+4 : at+2+size]; raw[at+1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
				return upOf(body[6:])
			}
			at += 2 + size
		}
	case "PNG":
		return fromChunks(raw, 8, "eXIf", binary.BigEndian, 4, 0, 12)
	case "WebP":
		return fromChunks(raw, 12, "EXIF", binary.LittleEndian, 0, 4, 8)
	case "TIFF":
		return upOf(raw)
	}
	return 1
}

// fromChunks looks through chunks from at on: each has a size and a name, at
// these places of its first 8 bytes, and extra bytes besides its body.
func fromChunks(raw []byte, at int, name string, order binary.ByteOrder, nameAt, sizeAt, extra int) int {
	for at+8 <= len(raw) {
		size := int64(order.Uint32(raw[at+sizeAt:]))
		end := int64(at) + 8 + size
		if end > int64(len(raw)) {
			break
		}
		if string(raw[at+nameAt:][:4]) == name {
			return upOf(bytes.TrimPrefix(raw[at+8:end], []byte("Exif\x00\x00")))
		}
		at += int(size) + extra
		if extra == 8 && size%2 == 1 {
			at++ // RIFF pads to even sizes
		}
	}
	return 1
}

// upOf is the orientation in a TIFF, which EXIF is written as.
func upOf(raw []byte) int {
	if o, ok := tiffTag(raw, 0x112); ok && o >= 1 && o <= 8 {
		return o
	}
	return 1
}

// tiffTag is the 16-bit number of that tag in the first directory of a TIFF.
func tiffTag(raw []byte, tag uint16) (value int, ok bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(raw, []byte("MM\x00*")):
		order = binary.BigEndian
	case !bytes.HasPrefix(raw, []byte("II*\x00")):
		return 0, false
	}
	if len(raw) < 8 {
		return 0, false
	}
	at := int64(order.Uint32(raw[4:]))
	if at+2 > int64(len(raw)) {
		return 0, false
	}
	entries := raw[at+2:]
	for range order.Uint16(raw[at:]) {
		if len(entries) < 12 {
			break
		}
		const short = 3
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short && order.Uint32(entries[4:]) == 1 {
			return int(order.Uint16(entries[8:])), true
		}
		entries = entries[12:]
	}
	return 0, false
}

// upright turns a picture with that EXIF orientation the right way up.
func (m Image) upright(orientation int) Image {
	if orientation <= 1 {
		return m
	}
	swap := orientation >= 5
	mirrorX := orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7
	mirrorY := orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8
	out := NewImage(m.W, m.H)
	if swap {
		out.W, out.H = m.H, m.W
	}
	for y := range out.H {
		for x := range out.W {
			u, v := x, y
			if mirrorX {
				u = out.W - 1 - x
			}
			if mirrorY {
				v = out.H - 1 - y
			}
			if swap {
				u, v = v, u
			}
			copy(out.Pix[(y*out.W+x)*3:][:3], m.Pix[(v*m.W+u)*3:])
		}
	}
	return out
}
