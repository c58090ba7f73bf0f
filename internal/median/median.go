// Package median has the one median by which every timing of this repository
// is reported.
package median

import (
	"cmp"
	"slices"
)

// Number is what can be sorted and averaged: durations, seconds, ratios.
type Number interface {
	cmp.Ordered
	~int64 | ~float64
}

// Of is the median of values, which it leaves in their order: the middle one,
// or the mean of the two in the middle. There must be at least one value.
func Of[T Number](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
