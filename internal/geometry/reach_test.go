package geometry

import (
	"math/rand/v2"
	"testing"
)

// TestThenIsTheProduct: on random reaches of sizes around a word's 64 bits,
// Then connects what the plain definition connects.
func TestThenIsTheProduct(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range [][3]int{{1, 1, 1}, {3, 5, 2}, {63, 64, 65}, {130, 70, 64}, {200, 3, 129}} {
		random := func(in, out int) Reach {
			r := newReach(in, out)
			for _, row := range r {
				for c := range row {
					row[c] = rng.IntN(20) == 0
				}
			}
			return r
		}
		first, second := random(n[0], n[1]), random(n[1], n[2])
		got := first.Then(second)
		for o := range second {
			for c := range n[0] {
				want := false
				for middle := range n[1] {
					want = want || second[o][middle] && first[middle][c]
				}
				if got[o][c] != want {
					t.Fatalf("%v: output %d, input %d: %t, want %t", n, o, c, got[o][c], want)
				}
			}
		}
	}
}
