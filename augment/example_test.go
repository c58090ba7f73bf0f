package augment_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"convlab/augment"
)

// The lesson's training pipeline (3.7) prints itself as PyTorch.
func ExampleCompose() {
	fmt.Println(augment.LessonTrain())
	// Output:
	// Compose([
	//     RandomRotation(45),
	//     CenterCrop(224),
	//     RandomHorizontalFlip(p=0.5),
	//     RandomVerticalFlip(p=0.5),
	//     ColorJitter(brightness=0.2, contrast=0.1, saturation=0.1, hue=0.1),
	//     RandomGrayscale(p=0.025),
	//     ToTensor(),
	//     Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
	// ])
}

// A picture of 32 pixels becomes a speck in the middle of a black one (3.7).
func ExampleCenterCrop() {
	white := augment.NewImage(32, 32)
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	out, err := augment.Apply(augment.CenterCrop{Size: 224}, white, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	picture := bytes.Count(out.Pix, []byte{255, 255, 255})
	fmt.Printf("%dx%d, picture %.2f %%\n", out.W, out.H, 100*float64(picture)/float64(out.W*out.H))
	// Output: 224x224, picture 2.04 %
}

// The same seed, epoch and index give the same choice; the next epoch gives
// another.
func ExampleNewRand() {
	shift := augment.RandomCrop{Size: 3, Padding: augment.Border{1}}
	dot := augment.NewImage(3, 3)
	copy(dot.Pix[4*3:], []uint8{255, 255, 255})
	for _, epoch := range []int{0, 0, 1} {
		out, _ := augment.Apply(shift, dot, augment.NewRand(7, epoch, 0))
		for y := range 3 {
			for x := range 3 {
				fmt.Print(out.At(x, y)[0]/255, " ")
			}
		}
		fmt.Println("in epoch", epoch)
	}
	// Output:
	// 0 0 0 0 1 0 0 0 0 in epoch 0
	// 0 0 0 0 1 0 0 0 0 in epoch 0
	// 0 0 1 0 0 0 0 0 0 in epoch 1
}

// After torch.manual_seed(0), RandomRotation(45) of torchvision turns by the
// first number here.
func ExampleNewTorchRand() {
	r := augment.NewTorchRand(0)
	fmt.Println(r.Uniform(-45, 45), r.Float())
	// Output: -0.3369069 0.7682218
}

// Pixels to tensor: (v/255 − mean)/std in each channel.
func ExampleNormalize() {
	m := augment.Image{W: 1, H: 1, Pix: []uint8{0, 128, 255}}
	x, err := augment.ApplyTensor(augment.Compose{augment.ToTensor{}, augment.ImageNet}, m, nil)
	fmt.Println(x.Data, err)
	// Output: [-2.117904 0.2051822 2.64] <nil>
}

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

func ExampleLoader() {
	images := []augment.Image{augment.NewImage(32, 32), augment.NewImage(32, 32), augment.NewImage(32, 32)}
	l := augment.Loader{
		Image:     func(i int) (augment.Image, error) { return images[i], nil },
		Transform: augment.Train32(),
		Size:      2,
		Seed:      7,
	}
	for b, err := range l.Epoch(context.Background(), []int{2, 0, 1}, 0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(b.Index, b.Height, b.Width, len(b.Floats))
	}
	// Output:
	// [2 0] 32 32 6144
	// [1] 32 32 3072
}

func ExampleMixBy() {
	x := []float32{0, 0, 1, 1} // two images of two numbers
	augment.MixBy(x, 2, 0.75)  // three quarters of itself, a quarter of the one before
	fmt.Println(x)
	// Output: [0.25 0.25 0.75 0.75]
}

// white is a data set of n white images of 2x2 pixels.
type white int

func (w white) Len() int { return int(w) }

func (w white) Example(int) ([]uint8, uint8) { return bytes.Repeat([]byte{255}, 12), 0 }

// What a training sees of 5 images in an epoch, in batches of 2.
func ExampleDataset() {
	d := &augment.Dataset{Examples: white(5), Height: 2, Width: 2, Transform: augment.Compose{augment.Pad{Padding: augment.Border{1}}, augment.CenterCrop{Size: 2}}}
	fmt.Println(d)
	for pixels, err := range d.Batches(context.Background(), []int{4, 0, 2, 1, 3}, 2, 1) {
		fmt.Println(len(pixels)/12, "images", err)
	}
	// Output:
	// images through Compose([ Pad(1), CenterCrop(2), ]), seed 0
	// 2 images <nil>
	// 2 images <nil>
	// 1 images <nil>
}
