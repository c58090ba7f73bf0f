package convviz

import (
	"fmt"
	"image"
	"math"
	"strings"

	"convlab/convviz/draw"
)

// Classes draws a row of images for each class (lesson 3.4): images[c] are of
// the class names[c].
func Classes(images [][]image.Image, names []string) (*Picture, error) {
	if len(images) != len(names) {
		return nil, fmt.Errorf("convviz: images of %d classes, but %d names", len(images), len(names))
	}
	rows, n := make([]string, len(names)), 0
	for i, name := range names {
		rows[i] = say(name)
		n += len(images[i])
	}
	return draw.Gallery{Title: say("Images of the classes"), Images: images, Rows: rows,
		Alt: sayf("%d images of %d classes: %s.", n, len(names), strings.Join(rows, ", "))}.Draw()
}

// ChannelHistograms draws how often each pixel value occurs in each channel
// (lesson 3.4), with the channel's mean and standard deviation, both of
// values scaled to 0..1. pixels are uint8, the channels of a pixel one after
// the other; there are 1, 3 or up to 8 channels.
func ChannelHistograms(pixels []uint8, channels int) (*Picture, error) {
	if channels < 1 || channels > 8 || len(pixels) == 0 || len(pixels)%channels != 0 {
		return nil, fmt.Errorf("convviz: %d bytes are no pixels of %d channels", len(pixels), channels)
	}
	counts := make([][256]int, channels)
	for i := 0; i < len(pixels); i += channels {
		for c, v := range pixels[i : i+channels] {
			counts[c][v]++
		}
	}
	n := len(pixels) / channels
	values, tops := make([][]float64, channels), 0.0
	for c := range values {
		values[c] = make([]float64, 64) // four pixel values a bar
		for v, k := range counts[c] {
			values[c][v/4] += float64(k) / float64(n)
		}
		for _, v := range values[c] {
			tops = max(tops, v)
		}
	}
	panels := make([]draw.Panel, channels)
	for c := range panels {
		name, ink := channel(c, channels)
		mean, std := moments(counts[c], n)
		alt := sayf(" %s has mean %.3f and standard deviation %.3f.", name, mean, std)
		if c == 0 {
			alt = sayf("Histograms of %s pixel values per channel.", draw.Number(float64(n), 0)) + alt
		}
		panels[c] = draw.Bars{Title: sayf("%s: mean %.3f, std %.3f", name, mean, std), XLabel: say("value"), YLabel: say("share of pixels"),
			Values: values[c], Lo: 0, Hi: 256, Top: tops, Percent: true, Color: ink, Width: 310, Height: 240, Alt: alt}
	}
	return draw.Beside(panels...)
}

// channel names a channel and gives its colour: those of the palette that are
// nearest to red, green and blue.
func channel(c, channels int) (string, draw.Color) {
	if channels == 1 {
		return say("grey"), draw.Grey
	}
	if channels == 3 {
		return say([]string{"red", "green", "blue"}[c]), []draw.Color{draw.Orange, draw.Green, draw.Blue}[c]
	}
	return sayf("channel %d", c), draw.Palette[c%len(draw.Palette)]
}

// moments are mean and standard deviation of n values scaled to 0..1.
func moments(counts [256]int, n int) (mean, std float64) {
	square := 0.0
	for v, k := range counts {
		x, share := float64(v)/255, float64(k)/float64(n)
		mean += x * share
		square += x * x * share
	}
	return mean, math.Sqrt(max(square-mean*mean, 0))
}
