// Package likeliest ranks the classes of a prediction.
package likeliest

import (
	"cmp"
	"slices"
)

// Classes are the n classes with the largest values, the largest first; equal
// values stay in the order of their classes. p holds a probability or a logit
// for each class; fewer than n classes give fewer.
func Classes[T cmp.Ordered](p []T, n int) []int {
	classes := make([]int, len(p))
	for i := range classes {
		classes[i] = i
	}
	slices.SortStableFunc(classes, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	return classes[:max(0, min(n, len(classes)))]
}
