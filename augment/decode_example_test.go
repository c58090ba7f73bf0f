package augment_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"convlab/augment"
)

func ExampleDecode() {
	src := image.NewGray(image.Rect(0, 0, 40, 30))
	src.SetGray(0, 0, color.Gray{Y: 200})
	var file bytes.Buffer
	png.Encode(&file, src)

	m, err := augment.Decode(&file, augment.Limits{})
	fmt.Println(m.W, m.H, m.At(0, 0), err)
	_, err = augment.Decode(bytes.NewReader([]byte("GIF89a")), augment.Limits{})
	fmt.Println(err)
	// Output:
	// 40 30 [200 200 200] <nil>
	// augment: GIF: the file ends too early
}
