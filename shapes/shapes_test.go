package shapes

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// grey are photos of one grey.
type grey struct{}

func (grey) Len() int { return 3 }
func (grey) Example(i int) ([]uint8, uint8) {
	return slices.Repeat([]uint8{uint8(100 + i)}, Side*Side*3), 0
}

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

// A clip is 8 frames of 16 by 16 grey pixels; its label is the motion.
func ExampleMoves() {
	data := Moves{N: 100, Seed: 1}
	pixels, label := data.Example(0)
	fmt.Println(len(pixels), "bytes:", Motions[label])
	fmt.Println(len(Frame(pixels, 0)), "bytes a frame")
	// Output:
	// 2048 bytes: down
	// 256 bytes a frame
}

// TestAreasOfShapes: a shape covers as many pixels as its formula says.
func TestAreasOfShapes(t *testing.T) {
	const r = 100.0
	for kind, want := range map[int]float64{Circle: math.Pi * r * r, Square: 2 * r * r, Triangle: 3 * math.Sqrt(3) / 4 * r * r} {
		for _, angle := range []float64{0, 0.3, 2} {
			s := shape{kind: kind, y: 150.5, x: 149.5, radius: r, angle: angle}
			area := 0.0
			for y := range 300 {
				for x := range 300 {
					if s.covers(float64(y)-s.y, float64(x)-s.x, s.edges()) {
						area++
					}
				}
			}
			if math.Abs(area-want) > 0.01*want {
				t.Errorf("a %s at %g covers %g pixels, want %g", Classes[kind], angle, area, want)
			}
		}
	}
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

// TestMoves: each clip shows its motion, and the mean frame is the same for
// all motions.
func TestMoves(t *testing.T) {
	s := shape{kind: Square, y: 8, x: 3, radius: 3, angle: 0.4}
	for motion, back := range map[int]int{Left: Right, Up: Down, Growing: Shrinking} {
		moved := s
		moved.move(motion)
		if moved == s {
			t.Errorf("%s changes nothing", Motions[motion])
		}
		moved.move(back)
		if math.Abs(moved.x-s.x)+math.Abs(moved.y-s.y)+math.Abs(moved.radius-s.radius) > 1e-9 {
			t.Errorf("%s then %s: %+v, was %+v", Motions[motion], Motions[back], moved, s)
		}
	}
	const n = 1200
	data, seen, bright := Moves{N: n, Seed: 5}, make([]int, len(Motions)), make([]float64, len(Motions))
	for i := range n {
		pixels, label := data.Example(i)
		if len(pixels) != Frames*ClipSide*ClipSide {
			t.Fatalf("%d pixels", len(pixels))
		}
		still, same := Stills{data}.Example(i)
		if same != label || !slices.Equal(still, Frame(pixels, Frames/2)) {
			t.Fatalf("still %d is not of its clip", i)
		}
		seen[label]++
		for _, v := range still {
			bright[label] += float64(v) / float64(len(still))
		}
	}
	for motion, count := range seen {
		if mean := bright[motion] / float64(count); count < n/12 || math.Abs(mean-bright[0]/float64(seen[0])) > 6 {
			t.Errorf("%s: %d clips, mean brightness of a frame %.1f, of %s %.1f", Motions[motion], count, mean, Motions[0], bright[0]/float64(seen[0]))
		}
	}
}
