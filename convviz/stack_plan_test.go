package convviz

import (
	"math/rand/v2"
	"testing"

	"convlab/convviz/internal/picturetest"
)

func TestFiltersAndGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(63, 64))
	six := Stack{Input: volume(rng, 4, 4, 4), Groups: 2}
	for range 6 {
		six.Filters = append(six.Filters, volume(rng, 2, 3, 3))
	}
	inBoth(t, func(t *testing.T) {
		f, err := six.Film()
		if err != nil {
			t.Fatal(err)
		}
		picturetest.Check(t, f.Picture, nil)
		lookFilm(t, "groups-film", f)
		if f.Frames != 6*4 || len(f.Animated) > 300_000 {
			t.Errorf("%d steps, %d bytes", f.Frames, len(f.Animated))
		}
	})
	if _, err := six.Isometric(); err == nil {
		t.Error("six kernels in one box")
	}
	both, three, volume := six, six, six
	both.Kernel, three.Groups, volume.Volume = six.Filters[0], 3, true
	for i, bad := range []Stack{both, three, volume, {Input: six.Input, Filters: six.Filters}, {Input: six.Input, Filters: [][][][]float64{}},
		{Input: six.Input, Filters: [][][][]float64{six.Filters[0], {{{1}}, {{2}}}}, Groups: 2}, {Input: six.Input, Filters: six.Filters, Groups: -1},
		{Input: six.Input, Filters: six.Filters, Groups: 2, Dilation: 1 << 40}} {
		if _, err := bad.Film(); err == nil {
			t.Errorf("stack %d was drawn", i)
		}
	}
}
