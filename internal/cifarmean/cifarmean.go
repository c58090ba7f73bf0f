// Package cifarmean has the mean and the standard deviation of the pixels of
// CIFAR-10's training images, channel by channel, each pixel a number from 0
// to 1. Package cifar offers them as float32, package augment as a transform
// in float64; neither imports the other.
package cifarmean

// The means of red, green and blue.
const (
	Red   = 0.49140
	Green = 0.48216
	Blue  = 0.44653
)

// The standard deviations of red, green and blue.
const (
	RedStd   = 0.24703
	GreenStd = 0.24349
	BlueStd  = 0.26159
)
