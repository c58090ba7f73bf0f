package augment

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
)

// TestRotate compares with Pillow, by testdata/rotate.py: every byte, for all
// tenths of a degree, on odd and even sides.
func TestRotate(t *testing.T) {
	raw, err := os.ReadFile("testdata/rotate.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Cases []struct {
			W, H   int
			Way    string
			Expand bool
			Bits   int
			SHA256 string
		}
	}
	if err := json.Unmarshal(raw, &golden); err != nil || len(golden.Cases) == 0 {
		t.Fatal(len(golden.Cases), err)
	}
	ways := map[string]Interpolation{"nearest": Nearest, "bilinear": Bilinear, "bicubic": Bicubic}
	var s Sample
	for _, c := range golden.Cases {
		m := NewImage(c.W, c.H)
		for i := range m.Pix {
			m.Pix[i] = uint8(i*7919 + i*i%251*31)
		}
		digest := sha256.New()
		for tenths := range 3600 {
			angle := float64(tenths) / 10
			if c.Bits == 32 {
				angle = float64(float32(angle))
			}
			s.Set(m)
			if err := s.rotate(angle, RandomRotation{Interpolation: ways[c.Way], Expand: c.Expand}); err != nil {
				t.Fatal(err)
			}
			turned, err := s.Image()
			if err != nil {
				t.Fatal(err)
			}
			size := binary.LittleEndian.AppendUint16(nil, uint16(turned.W))
			digest.Write(binary.LittleEndian.AppendUint16(size, uint16(turned.H)))
			digest.Write(turned.Pix)
		}
		if got := hex.EncodeToString(digest.Sum(nil)); got != c.SHA256 {
			t.Errorf("%dx%d, %s, expand %t, angles of %d bits: got %s, want %s", c.W, c.H, c.Way, c.Expand, c.Bits, got, c.SHA256)
		}
	}
}
