package augment

import "testing"

// FuzzOrientation: no EXIF makes the reader panic or give a ninth orientation.
func FuzzOrientation(f *testing.F) {
	for _, file := range decodeFiles(f) {
		f.Add(file.File)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, format := range []string{"JPEG", "PNG", "WebP", "TIFF", "GIF"} {
			if o := orientation(raw, format); o < 1 || o > 8 {
				t.Errorf("%s: orientation %d", format, o)
			}
		}
	})
}

// TestUpright turns a picture of 2x3 pixels by each orientation: where its first
// pixel goes, and its last.
func TestUpright(t *testing.T) {
	m := picture(t, "noise 2x3 RGB")
	first, last := m.At(0, 0), m.At(1, 2)
	for orientation, c := range map[int]struct{ w, h, x, y int }{
		1: {2, 3, 0, 0}, 2: {2, 3, 1, 0}, 3: {2, 3, 1, 2}, 4: {2, 3, 0, 2}, 5: {3, 2, 0, 0}, 6: {3, 2, 2, 0}, 7: {3, 2, 2, 1}, 8: {3, 2, 0, 1},
	} {
		got := m.upright(orientation)
		if got.W != c.w || got.H != c.h || got.At(c.x, c.y) != first || got.At(c.w-1-c.x, c.h-1-c.y) != last {
			t.Errorf("orientation %d: %dx%d %v", orientation, got.W, got.H, got.Pix)
		}
	}
}
