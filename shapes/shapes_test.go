package shapes

import (
	"math"
	"slices"
	"testing"
)

// grey are photos of one grey.
type grey struct{}

func (grey) Len() int { return 3 }
func (grey) Example(i int) ([]uint8, uint8) {
	return slices.Repeat([]uint8{uint8(100 + i)}, Side*Side*3), 0
}

// TestAreasOfShapes: a shape covers as many pixels as its formula says.
func TestAreasOfShapes(t *testing.T) {
	const r = 100.0
	for kind, want := range map[int]float64{Circle: math.Pi * r * r, Square: 2 * r * r, Triangle: 3 * math.Sqrt(3) / 4 * r * r} {
		for _, angle := range []float64{0, 0.3, 2} {
			s := shape{kind: kind, y: 150.5, x: 149.5, radius: r, angle: angle}
			area := 0.0
			for y := range 300 {
				for x := range 300 {
					if s.covers(float64(y)-s.y, float64(x)-s.x, s.edges()) {
						area++
					}
				}
			}
			if math.Abs(area-want) > 0.01*want {
				t.Errorf("a %s at %g covers %g pixels, want %g", Classes[kind], angle, area, want)
			}
		}
	}
}
