package lesson

import (
	"slices"
	"testing"

	"convlab/cifar"
	"convlab/internal/labtest"
)

// TestPhotosOfClasses: the first so many of each class, class by class.
func TestPhotosOfClasses(t *testing.T) {
	labtest.Data(t)
	e := photos(2, 3)
	if !slices.Equal(e.Labels, []int{0, 0, 1, 1, 2, 2}) || len(e.Pixels) != 6*32*32*3 || len(e.Classes) != cifar.NumClasses {
		t.Fatalf("labels %v, %d bytes, classes %q", e.Labels, len(e.Pixels), e.Classes)
	}
	for i := range data().Test.Len() { // the very first of class 0
		if pixels, label := data().Test.Example(i); label == 0 {
			if !slices.Equal(e.Pixels[:len(pixels)], pixels) {
				t.Error("another photo comes first")
			}
			return
		}
	}
}
