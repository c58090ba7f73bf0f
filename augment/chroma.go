package augment

import (
	"image"
	"image/color"
)

// Lossy files keep colour (Cb, Cr) at half the resolution of brightness (Y).
// Go's decoders leave it so and repeat each sample; the decoders behind Pillow
// interpolate, each with its own rounding, and so do these two.

// halved gives, for place i of an axis of n pixels, the place of its colour
// sample and of the next one on the side where the pixel lies.
func halved(i, n int) (near, far int) {
	return i / 2, max(0, min((n-1)/2, i/2-1+i%2*2))
}

// fromVideo makes RGB of a lossy WebP as libwebp does. The colours have
// video's range (luma 16 to 235, ITU-R BT.601), which image.YCbCr does not
// know.
func fromVideo(v *image.YCbCr) Image {
	m := NewImage(v.Rect.Dx(), v.Rect.Dy())
	for y := range m.H {
		row, beyond := halved(y, m.H)
		for x := range m.W {
			column, beside := halved(x, m.W)
			edge := x == 0 || x == m.W-1 && x%2 == 1
			chroma := func(plane []uint8) int {
				a, b := int(plane[row*v.CStride+column]), int(plane[row*v.CStride+beside])
				c, d := int(plane[beyond*v.CStride+column]), int(plane[beyond*v.CStride+beside])
				if edge {
					return (3*a + c + 2) >> 2
				}
				return ((a+3*b+3*c+d+8)>>3 + a) >> 1
			}
			luma, cb, cr := int(v.Y[y*v.YStride+x])*19077>>8, chroma(v.Cb), chroma(v.Cr)
			out := m.Pix[(y*m.W+x)*3:][:3]
			out[0] = clip6(luma + cr*26149>>8 - 14234)
			out[1] = clip6(luma - cb*6419>>8 - cr*13320>>8 + 8708)
			out[2] = clip6(luma + cb*33050>>8 - 17685)
		}
	}
	return m
}

func clip6(v int) uint8 { return uint8(max(0, min(255, v>>6))) }

// fromPhoto makes RGB of a JPEG whose colour has half the width, or half the
// width and height, as libjpeg does ("fancy upsampling").
func fromPhoto(v *image.YCbCr) Image {
	m := NewImage(v.Rect.Dx(), v.Rect.Dy())
	both := v.SubsampleRatio == image.YCbCrSubsampleRatio420
	for y := range m.H {
		row, beyond := y, y
		if both {
			row, beyond = halved(y, m.H)
		}
		for x := range m.W {
			column, beside := halved(x, m.W)
			chroma := func(plane []uint8) uint8 {
				a := 3*int(plane[row*v.CStride+column]) + int(plane[beyond*v.CStride+column])
				b := 3*int(plane[row*v.CStride+beside]) + int(plane[beyond*v.CStride+beside])
				if !both {
					return uint8((3*a + b + 4 + x%2*4) >> 4)
				}
				return uint8((3*a + b + 8 - x%2) >> 4)
			}
			out := m.Pix[(y*m.W+x)*3:][:3]
			out[0], out[1], out[2] = color.YCbCrToRGB(v.Y[y*v.YStride+x], chroma(v.Cb), chroma(v.Cr))
		}
	}
	return m
}
