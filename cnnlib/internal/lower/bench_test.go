//go:build unix

package lower

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
)

// BenchmarkMaps times each formulation of each map alone: run it with
// -bench 'Maps/depthwise/32x32/forward', say, when the chooser is in doubt.
func BenchmarkMaps(b *testing.B) {
	backend := labtest.XLA(b)
	square := func(groups, stride, dilation, pad, taps int) func(axes, channels int) (Conv, int) {
		return func(axes, channels int) (Conv, int) {
			c := Conv{Groups: groups}
			if groups == 0 {
				c.Groups = channels
			}
			for range axes {
				c.Strides, c.Dilations, c.Pads = append(c.Strides, stride), append(c.Dilations, dilation), append(c.Pads, [2]int{pad, pad})
			}
			return c, taps
		}
	}
	for _, v := range []struct {
		name string
		conv func(axes, channels int) (Conv, int)
	}{{"standard", square(1, 1, 1, 1, 3)}, {"1x1", square(1, 1, 1, 0, 1)}, {"strided", square(1, 2, 1, 1, 3)}, {"strided4", square(1, 2, 1, 1, 4)}, {"dilated", square(1, 1, 2, 2, 3)},
		{"grouped", square(4, 1, 1, 1, 3)}, {"depthwise", square(0, 1, 1, 1, 3)}} {
		for _, s := range []struct {
			name string
			x    []int
		}{{"32x32", []int{32, 32, 32, 32}}, {"16x16", []int{32, 16, 16, 128}}, {"56x56", []int{32, 56, 56, 64}}, {"8x32x32", []int{32, 8, 32, 32, 16}}, {"net1", []int{256, 32, 32, 3}}, {"net2", []int{256, 15, 15, 32}}} {
			channels := s.x[len(s.x)-1]
			if v.name == "grouped" && channels%4 != 0 {
				continue
			}
			c, taps := v.conv(len(s.x)-2, channels)
			var k []int
			for range len(s.x) - 2 {
				k = append(k, taps)
			}
			p := mustProblem(newProblem(s.x, append(k, channels/c.Groups, channels), c))
			for m, title := range []string{"forward", "input", "kernel"} {
				for _, f := range computing(backend, p, whichMap(m)) {
					one(b, backend, fmt.Sprintf("%s/%s/%s/%s", v.name, s.name, title, f), p, func(x, k, v *graph.Node) *graph.Node {
						return p.build(whichMap(m), f, [maps]*graph.Node{x, v, x}[m], [maps]*graph.Node{k, k, v}[m])
					})
				}
			}
		}
	}
}

func one(b *testing.B, backend compute.Backend, name string, p *problem, f func(x, k, v *graph.Node) *graph.Node) {
	b.Run(name, func(b *testing.B) {
		exec := graph.MustNewExec(backend, f)
		defer exec.Finalize()
		rng := rand.New(rand.NewPCG(1, 2))
		x, k, v := randomTensor(rng, p.xShape()), randomTensor(rng, p.kernelShape()), randomTensor(rng, p.yShape(p.cout))
		exec.MustCall(x, k, v)[0].MustFinalizeAll()
		var before, after syscall.Rusage
		syscall.Getrusage(0, &before)
		for b.Loop() {
			exec.MustCall(x, k, v)[0].MustFinalizeAll()
		}
		syscall.Getrusage(0, &after)
		b.ReportMetric(float64(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano())/1e6/float64(b.N), "cpu-ms")
	})
}
