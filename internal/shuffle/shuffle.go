// Package shuffle is the order in which a training sees its examples; data
// sets and the trainer share it.
package shuffle

import "math/rand/v2"

// Order is the shuffled order of n examples in one epoch: a permutation that
// depends on seed and epoch alone.
func Order(n int, seed uint64, epoch int) []int {
	return rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(n)
}
