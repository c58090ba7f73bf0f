package shapes

import (
	"fmt"
	"slices"
	"testing"
)

func ExampleSegments() {
	data := Segments{Photos: grey{}, N: 10, Seed: 1}
	pixels, classes := data.Pair(3, 0)
	counts := make([]int, len(Classes))
	for _, c := range classes {
		counts[c]++
	}
	fmt.Println(len(pixels), "bytes; pixels of each class:", counts)
	// Output:
	// 3072 bytes; pixels of each class: [818 0 162 44]
}

// TestSegments: the ground is the photo, shapes are elsewhere, and an example
// depends on seed, epoch and index alone.
func TestSegments(t *testing.T) {
	data := Segments{Photos: grey{}, N: 200, Seed: 7}
	seen := make([]int, len(Classes))
	for i := range data.Len() {
		pixels, classes := data.Pair(i, 1)
		again, same := data.Pair(i, 1)
		if !slices.Equal(pixels, again) || !slices.Equal(classes, same) {
			t.Fatalf("picture %d differs from itself", i)
		}
		for at, class := range classes {
			seen[class]++
			p := pixels[at*3 : at*3+3]
			if photo := p[0] >= 100 && p[0] <= 102 && p[0] == p[1] && p[1] == p[2]; class == Ground && !photo {
				t.Fatalf("picture %d, pixel %d is ground and has colour %v", i, at, p)
			}
		}
		if other, _ := data.Pair(i, 2); slices.Equal(pixels, other) {
			t.Errorf("picture %d is the same in epochs 1 and 2", i)
		}
	}
	for class, n := range seen {
		if n < 200*Side*Side/40 {
			t.Errorf("class %s has %d pixels of %d", Classes[class], n, 200*Side*Side)
		}
	}
	if got := data.Target(); !slices.Equal(got.Shape, []int{Side, Side}) || got.Classes != len(Classes) {
		t.Errorf("target %+v", got)
	}
}
