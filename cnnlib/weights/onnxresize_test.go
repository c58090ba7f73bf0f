package weights

import "testing"

// TestONNXResize: how pixels are placed, by the layer's name, or what is wrong.
func TestONNXResize(t *testing.T) {
	const scales, sizes = "r = Constant value_floats:1.0,1.0,2.0,2.0; ", "s = Constant value_ints:1,4,7,9; "
	const nearest = " mode:nearest coordinate_transformation_mode:asymmetric nearest_mode:floor"
	areNamed(t, map[string]string{
		"Upsample x2":                        scales + "y = Resize x r r" + nearest,
		"Upsample x2 bilinear":               scales + "y = Resize x r r mode:linear",
		"Upsample to 8x8 bilinear corners":   scales + "y = Resize x r r mode:linear coordinate_transformation_mode:align_corners",
		"is not how cnnlib's Upsample":       scales + "y = Resize x r r mode:cubic",
		"antialias, exclude_outside":         scales + "y = Resize x r r mode:linear antialias:1",
		"scales or sizes of the spatial":     "y = Resize x" + nearest,
		"Pad 1":                              "y = Pad x pads:0,0,1,1,0,0,1,1",
		"Pad 1+0x0+2 replicate":              "y = Pad x pads:0,0,1,0,0,0,0,2 mode:edge",
		"spatial axes are padded, not batch": "y = Pad x pads:0,1,0,0,0,0,0,0",
		"mode is \"wrap\"":                   "y = Pad x pads:0,0,1,1,0,0,1,1 mode:wrap",
		"2 pads for 4 axes":                  "y = Pad x pads:1,1",
		"known from the file":                sizes + "y = Resize x s s s" + nearest, // a batch of 1 in a file that leaves it open
	})
}
