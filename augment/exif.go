package augment

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"io"
	"math"
	"regexp"
)

// orientation is EXIF's, 1 to 8; 1, the right way up, if there is none that
// can be read. Where it is looked for, and in which order, is Pillow's
// Image.getexif: in EXIF, then in XMP.
func orientation(raw []byte, format string) int {
	exif, xmp := metadata(raw, format)
	const tag = 0x112
	up, ok := tiffTag(exif, tag)
	if !ok {
		if found := xmpOrientation.FindSubmatch(xmp); found != nil {
			up = float64(found[2][0] - '0')
		}
	}
	if up >= 1 && up <= 8 && up == math.Trunc(up) {
		return int(up)
	}
	return 1
}

var xmpOrientation = regexp.MustCompile(`tiff:Orientation(="|>)([0-9])`)

// metadata is the EXIF (a TIFF) and the XMP of a file; nil is none.
func metadata(raw []byte, format string) (exif, xmp []byte) {
	const exifHead, xmpHead = "Exif\x00\x00", "http://ns.adobe.com/xap/1.0/\x00"
	switch format {
	case "JPEG":
		for marker, body := range jpegSegments(raw) {
			if marker == jpegSOS {
				break
			} else if marker != jpegAPP1 {
				continue
			}
			if rest, ok := bytes.CutPrefix(body, []byte(exifHead)); ok {
				exif = append(exif, rest...) // a long one has several segments
			} else if rest, ok := bytes.CutPrefix(body, []byte(xmpHead)); ok {
				xmp = rest
			}
		}
	case "PNG":
		var profile, xmpText text // of several the last; only that is decompressed
		for name, body := range chunks(raw, format) {
			switch t, ok := textOf(name, body); {
			case name == "eXIf":
				exif = body
			case ok && t.keyword == "Raw profile type exif":
				profile = t
			case ok && t.keyword == "XML:com.adobe.xmp":
				xmpText = t
			}
			if name == "IEND" {
				break
			}
		}
		xmp = xmpText.read()
		if exif == nil {
			exif = unprofile(profile.read())
		}
	case "WebP":
		for name, body := range chunks(raw, format) {
			if name == "EXIF" && exif == nil {
				exif = body
			} else if name == "XMP " && xmp == nil {
				xmp = body
			}
		}
	case "TIFF":
		exif = raw
		_, _, xmp = tiffField(raw, 700)
	}
	for range 2 { // some write it twice
		exif = bytes.TrimPrefix(exif, []byte(exifHead))
	}
	return exif, xmp
}

// text is a PNG's chunk of text.
type text struct {
	keyword    string
	body       []byte
	compressed bool
}

// textOf reads tEXt, zTXt and iTXt (PNG, third edition, 11.3.3).
func textOf(name string, body []byte) (text, bool) {
	keyword, body, ok := bytes.Cut(body, []byte{0})
	t := text{string(keyword), body, false}
	switch {
	case !ok:
		return t, false
	case name == "zTXt" && len(body) > 0 && body[0] == 0:
		t.body, t.compressed = body[1:], true
		return t, true
	case name == "iTXt" && len(body) > 1 && (body[0] == 0 || body[1] == 0):
		t.compressed = body[0] != 0
		_, rest, language := bytes.Cut(body[2:], []byte{0})
		_, rest, translated := bytes.Cut(rest, []byte{0})
		t.body = rest
		return t, language && translated
	}
	return t, name == "tEXt"
}

// read is the text without its compression; nil if it is damaged or has more
// than 1 MiB, Pillow's limit.
func (t text) read() []byte {
	const limit = 1 << 20
	if !t.compressed {
		return t.body
	}
	r, err := zlib.NewReader(bytes.NewReader(t.body))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(r, limit+1))
	if len(out) > limit || err != nil && err != io.ErrUnexpectedEOF {
		return nil
	}
	return out
}

// unprofile is what an ImageMagick profile holds: an empty line, its name and
// its size, then hexadecimal digits in lines.
func unprofile(profile []byte) []byte {
	lines := bytes.SplitN(profile, []byte("\n"), 4)
	if len(lines) < 4 {
		return nil
	}
	digits := bytes.Join(bytes.Fields(lines[3]), nil)
	out, err := hex.AppendDecode(nil, digits)
	if err != nil {
		return nil
	}
	return out
}

// tiffTag is the number, the first if there are several, of that tag in the
// first directory of a TIFF; NaN if the tag is not a number to Pillow, to
// which BYTE is not.
func tiffTag(raw []byte, tag uint16) (value float64, ok bool) {
	order, kind, data := tiffField(raw, tag)
	if data == nil {
		return 0, false
	}
	return tiffNumber(order, kind, data), true
}

// tiffField is the data of that tag, whole values of the type kind; nil if
// there is none.
func tiffField(raw []byte, tag uint16) (order binary.ByteOrder, kind uint16, data []byte) {
	if len(raw) < 8 {
		return nil, 0, nil
	}
	switch string(raw[:4]) { // the version is found in either order
	case "II*\x00", "II\x00*":
		order = binary.LittleEndian
	case "MM\x00*", "MM*\x00":
		order = binary.BigEndian
	default:
		return nil, 0, nil
	}
	at := int64(order.Uint32(raw[4:]))
	if at+2 > int64(len(raw)) {
		return nil, 0, nil
	}
	entries := raw[at+2:]
	for range order.Uint16(raw[at:]) {
		if len(entries) < 12 {
			break
		}
		entry := entries[:12]
		entries = entries[12:]
		kind, count := order.Uint16(entry[2:]), int64(order.Uint32(entry[4:]))
		if order.Uint16(entry) != tag || int(kind) >= len(tiffSizes) || tiffSizes[kind] == 0 || count == 0 {
			continue
		}
		size := count * tiffSizes[kind]
		if size <= 4 {
			return order, kind, entry[8:][:size]
		}
		if start := int64(order.Uint32(entry[8:])); start+size <= int64(len(raw)) {
			return order, kind, raw[start:][:size]
		}
	}
	return nil, 0, nil
}

// tiffSizes is the bytes that a value of each TIFF type has; 0 is no type.
var tiffSizes = [...]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}

// tiffNumber reads a value of that type (TIFF 6.0, section 2; 13 is IFD, 16
// LONG8).
func tiffNumber(order binary.ByteOrder, kind uint16, data []byte) float64 {
	switch kind {
	case 3:
		return float64(order.Uint16(data))
	case 4, 13:
		return float64(order.Uint32(data))
	case 5:
		return float64(order.Uint32(data)) / float64(order.Uint32(data[4:]))
	case 6:
		return float64(int8(data[0]))
	case 8:
		return float64(int16(order.Uint16(data)))
	case 9:
		return float64(int32(order.Uint32(data)))
	case 10:
		return float64(int32(order.Uint32(data))) / float64(int32(order.Uint32(data[4:])))
	case 11:
		return float64(math.Float32frombits(order.Uint32(data)))
	case 12:
		return math.Float64frombits(order.Uint64(data))
	case 16:
		return float64(order.Uint64(data))
	}
	return math.NaN()
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
