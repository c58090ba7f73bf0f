package augment

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"testing"
)

// TestFirstFrameOnItsCanvas: a frame smaller than the canvas lies where it says,
// and transparent pixels keep the colour that the file has for them.
func TestFirstFrameOnItsCanvas(t *testing.T) {
	red, green := color.RGBA{200, 0, 0, 255}, color.RGBA{0, 150, 0, 255}
	palette := color.Palette{red, green, color.RGBA{}} // the last one is transparent
	frame := image.NewPaletted(image.Rect(2, 1, 4, 3), palette)
	for i := range frame.Pix {
		frame.Pix[i] = 1
	}
	frame.SetColorIndex(3, 2, 0)
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{ColorModel: palette, Width: 5, Height: 4}}); err != nil {
		t.Fatal(err)
	}
	m, err := Decode(&file, Limits{})
	if err != nil || m.W != 5 || m.H != 4 {
		t.Fatalf("%dx%d, %v", m.W, m.H, err)
	}
	if m.At(2, 1) != (RGB{0, 150, 0}) || m.At(3, 2) != (RGB{200, 0, 0}) {
		t.Errorf("the frame has %v and %v", m.At(2, 1), m.At(3, 2))
	}
	if m.At(0, 0) != m.At(4, 3) || m.At(0, 0) == (RGB{0, 150, 0}) {
		t.Errorf("around it are %v and %v", m.At(0, 0), m.At(4, 3))
	}
}
