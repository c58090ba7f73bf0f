// Package shapes makes pictures from a seed for what CIFAR-10 cannot teach:
// shapes over photos with the class of every pixel (Segments, for
// segmentation), and clips of shapes that move or grow (Moves, for three
// dimensions). Nothing is downloaded beyond the photos; an example depends on
// seed, epoch and index alone.
//
//	data := shapes.Segments{Photos: photos, N: 2000, Seed: 1}
//	pixels, classes := data.Pair(0, 1) // [32, 32, 3] and [32, 32]
//
// Both are data sets that train.Fit takes. The recipes Segments and Moves
// train on them.
package shapes

import (
	"math"
	"math/rand/v2"
)

// The kinds of shapes. They are the classes of pixels too, beside Ground.
const (
	Ground = iota // a pixel of the photo, on which no shape lies
	Circle
	Square
	Triangle
)

// Classes are the names of the classes of pixels.
var Classes = [...]string{"ground", "circle", "square", "triangle"}

// shape is one shape in a plane.
type shape struct {
	kind         int
	y, x, radius float64 // centre and size in pixels: the radius of the circle that the corners lie on
	angle        float64 // in radians, of the first edge's normal
}

// edges are the normals of the shape's edges, as sine and cosine.
func (s shape) edges() [][2]float64 {
	sides := map[int]int{Square: 4, Triangle: 3}[s.kind]
	normals := make([][2]float64, sides)
	for i := range normals {
		sin, cos := math.Sincos(s.angle + 2*math.Pi*float64(i)/float64(sides))
		normals[i] = [2]float64{sin, cos}
	}
	return normals
}

// covers tells whether the shape, whose edges are given, lies on a point that is
// y and x away from its centre.
func (s shape) covers(y, x float64, edges [][2]float64) bool {
	if s.kind == Circle {
		return y*y+x*x <= s.radius*s.radius
	}
	// A point is inside a regular polygon if it is on the inner side of each
	// edge, which is radius·cos(π/edges) away from the centre.
	inner := s.radius * math.Cos(math.Pi/float64(len(edges)))
	for _, normal := range edges {
		if y*normal[0]+x*normal[1] > inner {
			return false
		}
	}
	return true
}

// between is a random number from low to high.
func between(rng *rand.Rand, low, high float64) float64 { return low + (high-low)*rng.Float64() }

// random is the generator of one example.
func random(seed uint64, epoch, i int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(epoch)<<32|uint64(uint32(i))))
}

// anyShape has its centre margin pixels or more inside an image of side·side
// pixels.
func anyShape(rng *rand.Rand, side, margin, smallest, largest float64) shape {
	return shape{
		kind: Circle + rng.IntN(3),
		y:    between(rng, margin, side-margin), x: between(rng, margin, side-margin),
		radius: between(rng, smallest, largest),
		angle:  between(rng, 0, 2*math.Pi),
	}
}
