package augment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"

	"convlab/internal/filekind"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"
)

// Limits bound how much memory and work a file may cost. The zero value of a
// field is its default.
type Limits struct {
	Bytes  int64 // of the file; default 64 MiB
	Pixels int   // width times height; default 2²⁶, 67 million. Decoding takes up to 20 bytes a pixel for a while
}

func (l Limits) bytes() int64 {
	if l.Bytes == 0 {
		return 64 << 20
	}
	return l.Bytes
}

func (l Limits) pixels() int {
	if l.Pixels == 0 {
		return 1 << 26
	}
	return l.Pixels
}

// FormatError says that a file is not an image that can be read.
type FormatError struct {
	File   string // "" if it was not read from a file
	Format string // "JPEG", "PNG", …; "" if it was not recognised
	Reason string
	Err    error // the decoder's, if it is its
}

func (e *FormatError) Error() string {
	text := "augment: "
	if e.File != "" {
		text += e.File + ": "
	}
	if e.Format != "" {
		text += e.Format + ": "
	}
	return text + e.Reason
}

func (e *FormatError) Unwrap() error { return e.Err }

// LimitError says that a file is larger than the Limits allow; nothing of that
// size was allocated.
type LimitError struct {
	File       string
	What       string // "bytes" or "pixels"
	Got, Limit int64
}

func (e *LimitError) Error() string {
	text := "augment: "
	if e.File != "" {
		text += e.File + ": "
	}
	return text + fmt.Sprintf("has %d %s or more, the limit is %d: make it smaller or raise Limits", e.Got, e.What, e.Limit)
}

// decoders of the formats, by what a file starts with.
var decoders = []struct {
	format, magic string // ? is any byte
	config        func([]byte) (image.Config, error)
	decode        func([]byte) (image.Image, error)
}{
	{"JPEG", "\xff\xd8\xff", reading(jpeg.DecodeConfig), reading(jpeg.Decode)},
	{"PNG", "\x89PNG\r\n\x1a\n", reading(png.DecodeConfig), reading(png.Decode)},
	{"GIF", "GIF8?a", reading(gif.DecodeConfig), reading(gif.Decode)},
	{"WebP", "RIFF????WEBP", reading(webp.DecodeConfig), reading(webp.Decode)},
	{"BMP", "BM", reading(bmp.DecodeConfig), reading(bmp.Decode)},
	{"TIFF", "II*\x00", tiffConfig, tiffDecode},
	{"TIFF", "MM\x00*", tiffConfig, tiffDecode},
	{"TIFF", "II+\x00", tiffConfig, tiffDecode},
	{"TIFF", "MM\x00+", tiffConfig, tiffDecode},
}

func reading[T any](f func(io.Reader) (T, error)) func([]byte) (T, error) {
	return func(raw []byte) (T, error) { return f(bytes.NewReader(raw)) }
}

// DecodeFile is Decode of a file; errors name it.
func DecodeFile(path string, l Limits) (Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return Image{}, fmt.Errorf("augment: %w", err)
	}
	defer f.Close()
	m, err := Decode(f, l)
	var format *FormatError
	var limit *LimitError
	if errors.As(err, &format) {
		format.File = path
	} else if errors.As(err, &limit) {
		limit.File = path
	}
	return m, err // of another kind it names the file already
}

// maxScans bounds how often a small JPEG can make the decoder go over a large
// picture. Progressive files have about ten.
const maxScans = 100

// Decode reads a picture: JPEG, PNG, WebP, GIF (its first frame), BMP or TIFF
// (its first page, BigTIFF too), the right way up by the orientation in its
// EXIF or XMP, as RGB by the rules of FromImage. What cannot be read is a *FormatError, what is too large
// a *LimitError.
//
// Pixels are Pillow's, except of JPEG, whose decoders round differently (by up
// to 3 of 255; more where the colour has a quarter of the width or is halved in
// height alone), and of 16-bit grey (see FromImage).
func Decode(r io.Reader, l Limits) (m Image, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, l.bytes()+1))
	if err != nil {
		return Image{}, fmt.Errorf("augment: %w", err)
	}
	if n := int64(len(raw)); n > l.bytes() {
		return Image{}, &LimitError{"", "bytes", n, l.bytes()}
	}
	defer func() { // a hostile file must not stop the program by a decoder's bug
		if p := recover(); p != nil {
			m, err = Image{}, &FormatError{Reason: fmt.Sprintf("the decoder failed: %v", p)}
		}
	}()
	return decode(raw, l.pixels())
}

func decode(raw []byte, maxPixels int) (Image, error) {
	for _, d := range decoders {
		if !startsWith(raw, d.magic) {
			continue
		}
		fail := func(err error) (Image, error) {
			reason := err.Error()
			if errors.Is(err, io.EOF) || strings.HasSuffix(reason, "unexpected EOF") {
				reason = "the file ends too early"
			}
			return Image{}, &FormatError{"", d.format, reason, err}
		}
		if err := refused(raw, d.format); err != nil {
			return fail(err)
		}
		c, err := d.config(raw)
		if err != nil {
			return fail(err)
		}
		if c.Width < 1 || c.Height < 1 {
			return fail(fmt.Errorf("%dx%d pixels", c.Width, c.Height))
		}
		if c.Width > maxPixels/c.Height {
			return Image{}, &LimitError{"", "pixels", int64(c.Width) * int64(c.Height), int64(maxPixels)}
		}
		if d.format == "JPEG" {
			raw = withAdobe(raw)
		}
		if d.format == "GIF" {
			m, err := firstFrame(raw, c.Width, c.Height)
			if err != nil {
				return fail(err)
			}
			return m, nil
		}
		std, err := d.decode(raw)
		if err != nil {
			return fail(err)
		}
		if b := std.Bounds(); b.Dx() > c.Width || b.Dy() > c.Height {
			return fail(fmt.Errorf("says %dx%d pixels and has %dx%d", c.Width, c.Height, b.Dx(), b.Dy()))
		}
		m, err := fromDecoder(std, d.format)
		if err != nil {
			return fail(err)
		}
		return m.upright(orientation(raw, d.format)), nil
	}
	return Image{}, &FormatError{Reason: unknown(raw)}
}

// refused is an error for files that the decoders would read wrongly, or too
// slowly.
func refused(raw []byte, format string) error {
	switch format {
	case "JPEG":
		if n := scans(raw); n > maxScans {
			return fmt.Errorf("%d scans; each goes over the whole picture, and no camera needs more than %d: save it anew", n, maxScans)
		}
	case "TIFF":
		switch how, _ := tiffTag(raw, 259); how {
		case 2, 3, 4:
			return errors.New("compressed as fax (CCITT), which is not read: save it as PNG")
		case 6:
			return errors.New("compressed as JPEG of the old kind, which is not read: save it as PNG or JPEG")
		case 34925, 50000, 50001:
			kind := map[float64]string{34925: "LZMA", 50000: "Zstandard", 50001: "WebP"}[how]
			return fmt.Errorf("compressed by %s, which is not read: save it as PNG, or as TIFF compressed by Deflate or LZW", kind)
		}
	case "WebP":
		if startsWith(raw, "RIFF????WEBPVP8X") && len(raw) > 20 && raw[20]&2 != 0 {
			return errors.New("animated, which is not read: save one picture of it as PNG")
		}
		return wholeChunks(raw)
	}
	return nil
}

// wholeChunks looks that the file has as many bytes as the chunks of a WebP up
// to the picture say: the decoder allocates what they say before it reads.
func wholeChunks(raw []byte) error {
	for at := 12; at+8 <= len(raw); {
		length := int64(binary.LittleEndian.Uint32(raw[at+4:]))
		if length > int64(len(raw)-at-8) {
			return io.ErrUnexpectedEOF
		}
		if kind := string(raw[at : at+4]); kind == "VP8 " || kind == "VP8L" {
			break
		}
		at += 8 + int(length+length%2)
	}
	return nil
}

// fromDecoder is FromImage with the colours of lossy files interpolated.
func fromDecoder(std image.Image, format string) (Image, error) {
	switch v := std.(type) {
	case *image.NYCbCrA:
		return fromVideo(&v.YCbCr), nil
	case *image.YCbCr:
		halfWide := v.SubsampleRatio == image.YCbCrSubsampleRatio420 || v.SubsampleRatio == image.YCbCrSubsampleRatio422
		if format == "WebP" {
			return fromVideo(v), nil
		} else if halfWide && v.Rect.Min == (image.Point{}) {
			return fromPhoto(v), nil
		}
	}
	return FromImage(std)
}

func startsWith(raw []byte, magic string) bool {
	if len(raw) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != raw[i] {
			return false
		}
	}
	return true
}

// unknown says what a file is that is not read.
func unknown(raw []byte) string {
	switch {
	case len(raw) == 0:
		return "the file is empty"
	case startsWith(raw, "????ftyp"):
		return "this is a HEIC, AVIF or video file, which is not read: save it as JPEG or PNG"
	case startsWith(raw, "%PDF") || startsWith(raw, "<svg") || startsWith(raw, "<?xml"):
		return "this is " + filekind.Of(raw) + ", not a picture of pixels: save it as PNG"
	}
	if what := filekind.Of(raw); what != "" {
		return "this is " + what + ", not a picture that is read: JPEG, PNG, WebP, GIF, BMP and TIFF are"
	}
	return "not a picture that is read: JPEG, PNG, WebP, GIF, BMP and TIFF are"
}
