package augment

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// pictures gives n images for a Loader.
func pictures(t testing.TB, n int) func(int) (Image, error) {
	var all []Image
	for range n {
		m := picture(t, "noise 32x32 RGB")
		m.Pix = slices.Clone(m.Pix)
		m.Pix[0] = uint8(len(all))
		all = append(all, m)
	}
	return func(i int) (Image, error) { return all[i], nil }
}

func upTo(n int) (order []int) {
	for i := range n {
		order = append(order, (i*7)%n)
	}
	return order
}

// TestLoaderDeterministic: any number of workers, any batch size and number of
// batches ahead give what one Sample gives, image for image.
func TestLoaderDeterministic(t *testing.T) {
	const n = 50
	images := pictures(t, n)
	for name, p := range map[string]Compose{"floats": Train32(), "pixels": Train32()[:2], "erasing": append(Train32(), RandomErasing{P: 1, Noise: true})} {
		var want [][]byte
		var s Sample
		for i := range n {
			m, _ := images(i)
			_, _, raw, err := run(&s, p, m, NewRand(7, 3, i))
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, raw)
		}
		for _, c := range []struct{ Size, Workers int }{{8, 1}, {50, 3}, {7, 8}, {1, 2}, {64, 0}} {
			l := Loader{Image: images, Transform: p, Size: c.Size, Workers: c.Workers, Seed: 7}
			for range 2 {
				var seen []int
				for b, err := range l.Epoch(t.Context(), upTo(n), 3) {
					if err != nil {
						t.Fatal(err)
					}
					for i, index := range b.Index {
						seen = append(seen, index)
						size := b.Height * b.Width * 3
						got := floatBytes(b.Floats, i, size)
						if b.Pixels != nil {
							got = b.Pixels[i*size : (i+1)*size]
						}
						if !slices.Equal(got, want[index]) {
							t.Fatalf("%s, %d a batch, %d workers: image %d differs", name, c.Size, c.Workers, index)
						}
					}
				}
				if !slices.Equal(seen, upTo(n)) {
					t.Errorf("%s: gave the images %v", name, seen)
				}
			}
		}
	}
}

func TestLoaderTorch(t *testing.T) {
	images := pictures(t, 3)
	l := Loader{Image: images, Transform: Train32(), Size: 3, Seed: 7, Torch: true}
	for b, err := range l.Epoch(t.Context(), upTo(3), 4) {
		if err != nil {
			t.Fatal(err)
		}
		for i, index := range b.Index {
			m, _ := images(index)
			want, err := ApplyTensor(Train32(), m, NewTorchRand(TorchSeed(7, 4, index)))
			if err != nil || !slices.Equal(b.Floats[i*3072:(i+1)*3072], want.Data) {
				t.Errorf("image %d is not that of its seed", index)
			}
		}
	}
}

func TestLoaderErrors(t *testing.T) {
	images := pictures(t, 20)
	broken := errors.New("broken")
	bad := func(i int) (Image, error) {
		if i == 11 || i == 13 {
			return Image{}, broken
		}
		return images(i)
	}
	mixed := func(i int) (Image, error) { return NewImage(4+i/10, 4), nil }
	for name, c := range map[string]struct {
		l     *Loader
		index int // of the *ImageError; -1: another error
		after int // batches before it
	}{
		"image":      {&Loader{Image: bad, Transform: Train32(), Size: 5, Workers: 4}, 11, 2},
		"size":       {&Loader{Image: mixed, Transform: ToTensor{}, Size: 5, Workers: 1}, 10, 2},
		"no image":   {&Loader{Transform: Train32(), Size: 5}, -1, 0},
		"batch size": {&Loader{Image: images, Transform: Train32()}, -1, 0},
		"transform":  {&Loader{Image: images, Transform: Compose{CenterCrop{}}, Size: 5}, -1, 0},
	} {
		var order []int
		for i := range 20 {
			order = append(order, i)
		}
		batches := 0
		var got error
		for b, err := range c.l.Epoch(t.Context(), order, 0) {
			if got = err; err == nil && b != nil {
				batches++
			}
		}
		var image *ImageError
		if got == nil || batches != c.after || c.index >= 0 && (!errors.As(got, &image) || image.Index != c.index) {
			t.Errorf("%s: %d batches, then %v", name, batches, got)
		}
	}
}

// TestLoaderStops: breaking off and a cancelled context end all goroutines, and
// the loader can be used again.
func TestLoaderStops(t *testing.T) {
	l := Loader{Image: pictures(t, 40), Transform: Train32(), Size: 4, Workers: 3}
	for range l.Epoch(t.Context(), upTo(40), 0) {
		break
	}
	for range l.Epoch(t.Context(), upTo(40), 0) {
		var param *ParamError
		for _, err := range l.Epoch(t.Context(), upTo(40), 0) {
			if !errors.As(err, &param) {
				t.Errorf("an epoch inside an epoch: %v", err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	batches, failed := 0, error(nil)
	for _, err := range l.Epoch(ctx, upTo(40), 0) {
		if batches++; batches == 3 {
			cancel()
		}
		failed = err
	}
	if batches != 4 || !errors.Is(failed, context.Canceled) {
		t.Errorf("after cancelling in batch 3: %d batches, %v", batches, failed)
	}
	batches = 0
	for _, err := range l.Epoch(t.Context(), upTo(40), 0) {
		if batches++; err != nil {
			t.Error(err)
		}
	}
	if batches != 10 {
		t.Errorf("%d batches afterwards", batches)
	}
}
