package lower

import "testing"

// What was measured: see choose.
func TestPhasesAreChosenForManyChannelsAndUnevenStrides(t *testing.T) {
	for _, c := range []struct {
		kernel, channels int
		want             string
	}{{3, 128, Phases}, {4, 128, Merged}, {3, 64, Merged}} {
		p := mustProblem(newProblem([]int{2, 8, 8, c.channels}, []int{c.kernel, c.kernel, c.channels, c.channels},
			Conv{Strides: []int{2, 2}, Dilations: []int{1, 1}, Pads: [][2]int{{1, 1}, {1, 1}}, Groups: 1}))
		if got := choose(cpuPlatform, p).Input; got != c.want {
			t.Errorf("kernel %d, %d channels: %s, want %s", c.kernel, c.channels, got, c.want)
		}
	}
}
