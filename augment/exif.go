package augment

import (
	"bytes"
	"compress/zlib"
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
		for tag, v := range tiffFields(raw) {
			if tag == 700 && xmp == nil {
				xmp = v.data
			}
		}
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
