package cnnlib

import (
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

func TestReachIsWhereGradientsGo(t *testing.T) { labtest.EachBackend(t, reachIsWhereGradientsGo) }

func reachIsWhereGradientsGo(t *testing.T, b compute.Backend) {
	group := Conv{Out: 6, Kernel: 3, Same: true, Groups: 3}
	for _, net := range []Sequential{{group}, {group, group}, {group, ChannelShuffle{Groups: 3}, group}, {DepthwiseConv{Kernel: 3, Multiplier: 2}}, {SeparableConv{Out: 4, Kernel: 3}}} {
		in := []int{5, 5, 6}
		m, err := New(b, net, in, Options{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		reach, err := net.Reach(in)
		if err != nil {
			t.Fatal(err)
		}
		for out := range reach {
			g, err := m.InputGradient(noise(150), 1, "", 1, 1, out)
			if err != nil {
				t.Fatal(err)
			}
			for c := range 6 {
				hears := false
				for p := range 25 {
					hears = hears || g[0][p*6+c] != 0
				}
				if hears != reach[out][c] {
					t.Errorf("%v: output %d, input %d: gradient %v, reach %v", net, out, c, hears, reach[out][c])
				}
			}
		}
	}
}
