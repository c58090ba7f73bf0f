package augment

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// decodeFile is an entry of testdata/decode.json, made by decode.py.
type decodeFile struct {
	File, RGB []byte
	W, H      int
	Lossy     bool
	Error     string
}

func decodeFiles(t testing.TB) map[string]decodeFile {
	raw, err := os.ReadFile("testdata/decode.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Files map[string]decodeFile }
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all.Files
}

// TestDecode compares with Pillow: byte for byte, JPEG within what two
// decoders of it differ by.
func TestDecode(t *testing.T) {
	for name, f := range decodeFiles(t) {
		m, err := Decode(bytes.NewReader(f.File), Limits{})
		if f.Error != "" {
			var format *FormatError
			if !errors.As(err, &format) || !strings.HasPrefix(err.Error(), "augment: "+f.Error) {
				t.Errorf("%s: %v, want an error: %s", name, err, f.Error)
			}
			continue
		}
		if err != nil || m.W != f.W || m.H != f.H {
			t.Errorf("%s: %dx%d, %v, want %dx%d", name, m.W, m.H, err, f.W, f.H)
			continue
		}
		worst, sum := 0, 0
		for i, v := range m.Pix {
			d := int(v) - int(f.RGB[i])
			worst, sum = max(worst, d, -d), sum+max(d, -d)
		}
		mean := float64(sum) / float64(len(m.Pix))
		if f.Lossy {
			t.Logf("%s: bytes differ by up to %d, %.2f in the mean", name, worst, mean)
		}
		if !f.Lossy && worst > 0 || f.Lossy && (worst > 3 || mean > 0.3) {
			t.Errorf("%s: bytes differ by up to %d, %.2f in the mean\ngot  %.64x\nwant %.64x", name, worst, mean, m.Pix, f.RGB)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	files := decodeFiles(t)
	png := files["png RGB"].File
	photo := files["jpeg progressive"].File
	scan := photo[bytes.LastIndex(photo, []byte{0xff, 0xda}) : len(photo)-2]
	hostile := slices.Concat(photo[:len(photo)-2], bytes.Repeat(scan, 200), photo[len(photo)-2:])
	for name, c := range map[string]struct {
		raw    []byte
		limits Limits
		want   string
	}{
		"empty":     {nil, Limits{}, "the file is empty"},
		"text":      {[]byte("hello"), Limits{}, "not a picture that is read"},
		"heic":      {[]byte("\x00\x00\x00\x18ftypheic"), Limits{}, "save it as JPEG or PNG"},
		"truncated": {png[:len(png)-40], Limits{}, "PNG: "},
		"header":    {png[:20], Limits{}, "PNG: the file ends too early"},
		"scans":     {hostile, Limits{}, "JPEG: 210 scans"},
		"zstd":      {[]byte("II*\x00\x08\x00\x00\x00\x01\x00\x03\x01\x03\x00\x01\x00\x00\x00\x50\xc3\x00\x00\x00\x00\x00\x00"), Limits{}, "compressed by Zstandard"},
		"bytes":     {png, Limits{Bytes: 100}, "has 101 bytes or more, the limit is 100"},
		"pixels":    {png, Limits{Pixels: 300}, "has 322 pixels or more, the limit is 300"},
	} {
		_, err := Decode(bytes.NewReader(c.raw), c.limits)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	if _, err := DecodeFile(path, Limits{}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	os.WriteFile(path, files["jpeg"].File[:100], 0o644)
	if _, err := DecodeFile(path, Limits{}); err == nil || !strings.Contains(err.Error(), path+": JPEG: ") {
		t.Error(err)
	}
}
