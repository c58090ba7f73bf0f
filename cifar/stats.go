package cifar

import "math"

// Counts is the number of images of each class.
func (s *Images) Counts() [NumClasses]int {
	var n [NumClasses]int
	for _, label := range s.Labels {
		n[label]++
	}
	return n
}

// Histograms counts the pixels of each value, 0 to 255, for each channel (red,
// green, blue).
func (s *Images) Histograms() [Channels][256]int {
	var h [Channels][256]int
	for i := 0; i+Channels <= len(s.Pixels); i += Channels {
		h[0][s.Pixels[i]]++
		h[1][s.Pixels[i+1]]++
		h[2][s.Pixels[i+2]]++
	}
	return h
}

// MeanStd is the mean and the standard deviation (of the population, divided
// by n) of each channel, of pixels scaled to 0..1. Of the training images it
// gives Mean and Std.
func (s *Images) MeanStd() (mean, std [Channels]float64) {
	for c, h := range s.Histograms() {
		var n, total, squares float64 // whole numbers below 2⁵³: exact
		for value, count := range h {
			v, k := float64(value), float64(count)
			n, total, squares = n+k, total+k*v, squares+k*v*v
		}
		m := total / n
		mean[c], std[c] = m/255, math.Sqrt(squares/n-m*m)/255
	}
	return mean, std
}
