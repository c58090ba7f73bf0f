package augment

import (
	"math"
	"testing"
)

// TestTIFFFields reads a directory of two tags in both orders of bytes, and
// stops where the file ends.
func TestTIFFFields(t *testing.T) {
	little := "II*\x00\x08\x00\x00\x00\x02\x00" + "\x00\x01\x03\x00\x01\x00\x00\x00\x2a\x00\x00\x00" + "\x12\x01\x05\x00\x01\x00\x00\x00\x26\x00\x00\x00" + "\x00\x00\x00\x00" + "\x03\x00\x00\x00\x02\x00\x00\x00"
	big := "MM\x00*\x00\x00\x00\x08\x00\x02" + "\x01\x00\x00\x03\x00\x00\x00\x01\x00\x2a\x00\x00" + "\x01\x12\x00\x05\x00\x00\x00\x01\x00\x00\x00\x26" + "\x00\x00\x00\x00" + "\x00\x00\x00\x03\x00\x00\x00\x02"
	for _, raw := range []string{little, big} {
		if width, ok := tiffTag([]byte(raw), tiffWidth); !ok || width != 42 {
			t.Errorf("%.2s: width %g, %t", raw, width, ok)
		}
		if v, ok := tiffTag([]byte(raw), 0x112); !ok || v != 1.5 { // a fraction
			t.Errorf("%.2s: tag 0x112 is %g, %t", raw, v, ok)
		}
		if _, ok := tiffTag([]byte(raw), tiffTiles); ok {
			t.Errorf("%.2s: a tag that is not there", raw)
		}
		for n := range len(raw) {
			if v, ok := tiffTag([]byte(raw[:n]), 0x112); ok {
				t.Errorf("%.2s: cut after %d bytes, the tag is %g", raw, n, v)
			}
		}
	}
	if v := (tiffValue{kind: 1, data: []byte{7}}).number(0); !math.IsNaN(v) {
		t.Errorf("a byte is the number %g, to Pillow it is none", v)
	}
}
