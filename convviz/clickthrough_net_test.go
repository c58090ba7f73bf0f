package convviz

import (
	"encoding/binary"
	"math"
	"testing"
)

// TestPack: each weight comes back to within half a step of its filter, a
// filter of zeros as zeros.
func TestPack(t *testing.T) {
	weights := []float32{1, 0, -3e-9, -0.4, 0, 2e-9, 0.123456, 0, 1e-9}
	p := pack(weights, 3)
	for i, want := range weights {
		step := math.Float32frombits(binary.LittleEndian.Uint32(p.Steps[4*(i%3):]))
		got := float32(int16(binary.LittleEndian.Uint16(p.Units[2*i:]))) * step
		if math.Abs(float64(got-want)) > 0.501*float64(step) {
			t.Errorf("weight %d: %g, should be %g to half of %g", i, got, want, step)
		}
	}
}
