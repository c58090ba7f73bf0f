package shapes

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

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
