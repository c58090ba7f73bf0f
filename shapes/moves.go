package shapes

import "math"

// The classes of Moves.
const (
	Left = iota
	Right
	Up
	Down
	Growing
	Shrinking
)

// Motions are the names of the classes of Moves.
var Motions = [...]string{"left", "right", "up", "down", "growing", "shrinking"}

// The sizes of a clip of Moves.
const (
	Frames   = 8
	ClipSide = 16
)

// The radius of a moving shape is from minRadius to maxRadius pixels.
const (
	minRadius = 2.5
	maxRadius = 6
)

// Moves are clips of a shape that moves by a pixel a frame, or whose radius
// changes by half a pixel a frame, over noise. The plane is closed to a ring in
// both directions, and so are the radii: what leaves on one side comes back on
// the other. Each frame alone then looks the same for all classes: place,
// size and kind of the shape are as likely in all of them.
//
// It is a train.Labelled. Pixels are uint8 [8, 16, 16, 1], depth being time.
type Moves struct {
	N    int // number of clips
	Seed uint64
}

// Len implements train.Dataset.
func (m Moves) Len() int { return m.N }

// Example implements train.Labelled: clip i and its class.
func (m Moves) Example(i int) (pixels []uint8, label uint8) {
	rng := random(m.Seed, 0, i)
	motion := rng.IntN(len(Motions))
	one := anyShape(rng, ClipSide, 0, minRadius, maxRadius)
	ground, ink := between(rng, 40, 110), between(rng, 150, 220)
	edges := one.edges()
	for range Frames {
		for y := range ClipSide {
			for x := range ClipSide {
				v := ground
				if one.covers(around(float64(y)-one.y), around(float64(x)-one.x), edges) {
					v = ink
				}
				pixels = append(pixels, uint8(math.Round(v+between(rng, -25, 25))))
			}
		}
		one.move(motion)
	}
	return pixels, uint8(motion)
}

// around is the shortest way of this length on the ring; no shape reaches
// further than half of it.
func around(d float64) float64 {
	return d - ClipSide*math.Round(d/ClipSide)
}

// move is what happens from a frame to the next.
func (s *shape) move(motion int) {
	switch motion {
	case Left:
		s.x = math.Mod(s.x-1+ClipSide, ClipSide)
	case Right:
		s.x = math.Mod(s.x+1, ClipSide)
	case Up:
		s.y = math.Mod(s.y-1+ClipSide, ClipSide)
	case Down:
		s.y = math.Mod(s.y+1, ClipSide)
	case Growing:
		s.radius = minRadius + math.Mod(s.radius-minRadius+0.5, maxRadius-minRadius)
	case Shrinking:
		s.radius = minRadius + math.Mod(s.radius-0.5-minRadius+(maxRadius-minRadius), maxRadius-minRadius)
	}
}

// Frame is a clip's picture number t, [16, 16, 1].
func Frame(pixels []uint8, t int) []uint8 {
	const size = ClipSide * ClipSide
	return pixels[t*size : (t+1)*size]
}

// Stills are the clips of Moves for a network that knows no time. Example i
// is the middle frame of clip i, pixels uint8 [16, 16, 1].
type Stills struct{ Moves }

// Example implements train.Labelled.
func (s Stills) Example(i int) (pixels []uint8, label uint8) {
	pixels, label = s.Moves.Example(i)
	return Frame(pixels, Frames/2), label
}
