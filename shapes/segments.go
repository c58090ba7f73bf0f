package shapes

import (
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib/train"
)

// Photos are the images that shapes are drawn on, such as cifar.Images:
// pixels uint8 [32, 32, 3].
type Photos interface {
	Len() int
	Example(i int) (pixels []uint8, label uint8)
}

// Side is the height and width of the pictures of Segments.
const Side = 32

// Segments are photos with one to three shapes drawn over them, and for each
// pixel the class of the shape on it, the upper one where shapes overlap. Every
// shape has one colour, a little uneven. It is a train.Paired: each epoch draws
// other shapes, Evaluate always sees those of epoch 0.
//
// Pixels are uint8 [32, 32, 3], targets uint8 [32, 32].
type Segments struct {
	Photos Photos
	N      int // number of pictures
	Seed   uint64
}

// Len implements train.Dataset.
func (s Segments) Len() int { return s.N }

// Target implements train.Paired.
func (s Segments) Target() train.Target {
	return train.Target{Kind: train.Labels, Shape: []int{Side, Side}, Classes: len(Classes),
		Made: fmt.Sprintf("shapes of seed %d over %d photos", s.Seed, s.Photos.Len())}
}

// Pair implements train.Paired: picture i as it is in this epoch, and the class
// of each of its pixels.
func (s Segments) Pair(i, epoch int) (pixels, classes []uint8) {
	rng := random(s.Seed, epoch, i)
	photo, _ := s.Photos.Example(rng.IntN(s.Photos.Len()))
	pixels, classes = slices.Clone(photo), make([]uint8, Side*Side)
	for range 1 + rng.IntN(3) {
		one := anyShape(rng, Side, 6, 6, 11)
		var colour [3]float64
		for c := range colour {
			colour[c] = between(rng, 0, 255)
		}
		edges := one.edges()
		for y := range Side {
			for x := range Side {
				if !one.covers(float64(y)-one.y, float64(x)-one.x, edges) {
					continue
				}
				at := y*Side + x
				classes[at] = uint8(one.kind)
				for c, v := range colour {
					pixels[at*3+c] = uint8(math.Round(min(max(v+between(rng, -8, 8), 0), 255)))
				}
			}
		}
	}
	return pixels, classes
}
