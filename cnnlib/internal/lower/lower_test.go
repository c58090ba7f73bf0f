package lower

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"pgregory.net/rapid"
)

// plain is the definition of the three maps in loops.
func plain(p *problem, x, kernel, v []float32) (y, dx, dk []float64) {
	y = make([]float64, p.batch*geometry.Volume(p.out)*p.cout)
	dx, dk = make([]float64, len(x)), make([]float64, len(kernel))
	for b := range p.batch {
		for o := range geometry.Volume(p.out) {
			at := geometry.Unravel(o, p.out)
			for t := range p.taps() {
				tap := geometry.Unravel(t, p.kernel)
				pixel, inside := b, true
				for i := range p.in {
					r := at[i]*p.Strides[i] - p.Pads[i][0] + tap[i]*p.Dilations[i]
					inside = inside && r >= 0 && r < p.in[i]
					pixel = pixel*p.in[i] + r
				}
				if !inside {
					continue
				}
				for oc := range p.cout {
					for c := range p.perIn() {
						xi := pixel*p.cin + oc/p.perOut()*p.perIn() + c
						ki := (t*p.perIn()+c)*p.cout + oc
						yi := (b*geometry.Volume(p.out)+o)*p.cout + oc
						y[yi] += float64(x[xi]) * float64(kernel[ki])
						dx[xi] += float64(v[yi]) * float64(kernel[ki])
						dk[ki] += float64(v[yi]) * float64(x[xi])
					}
				}
			}
		}
	}
	return y, dx, dk
}

func random(rng *rand.Rand, n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = rng.Float32()*2 - 1
	}
	return values
}

func differ(got *tensors.Tensor, want []float64) error {
	values := tensors.MustCopyFlatData[float32](got)
	if len(values) != len(want) {
		return fmt.Errorf("%d values, want %d", len(values), len(want))
	}
	scale, worst := 1e-3, 0.0
	for i, w := range want {
		scale = max(scale, math.Abs(w))
		worst = max(worst, math.Abs(float64(values[i])-w))
	}
	if !(worst <= 1e-5*scale) {
		return fmt.Errorf("relative error %.2g", worst/scale)
	}
	return nil
}

// anyProblem draws a convolution with sizes.
var anyProblem = rapid.Custom(func(t *rapid.T) *problem {
	axes := rapid.IntRange(1, 3).Draw(t, "axes")
	c := Conv{Groups: rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(t, "groups")}
	x, k := []int{rapid.SampledFrom([]int{1, 2, 17}).Draw(t, "batch")}, []int{}
	for range axes {
		kernel, dilation := rapid.IntRange(1, 4).Draw(t, "kernel"), rapid.IntRange(1, 3).Draw(t, "dilation")
		before, after := rapid.IntRange(0, 3).Draw(t, "before"), rapid.IntRange(0, 3).Draw(t, "after")
		least := max(1, dilation*(kernel-1)+1-before-after)
		x, k = append(x, rapid.IntRange(least, least+5).Draw(t, "size")), append(k, kernel)
		c.Strides = append(c.Strides, rapid.IntRange(1, 4).Draw(t, "stride"))
		c.Dilations, c.Pads = append(c.Dilations, dilation), append(c.Pads, [2]int{before, after})
	}
	perIn := rapid.IntRange(1, 3).Draw(t, "in per group")
	x = append(x, perIn*c.Groups)
	k = append(k, perIn, rapid.IntRange(1, 3).Draw(t, "out per group")*c.Groups)
	return mustProblem(newProblem(x, k, c))
})

func mustProblem(p *problem, err error) *problem {
	if err != nil {
		panic(err)
	}
	return p
}

// A batch that Parts really takes apart, with a rest.
func TestPartsOfALargeBatch(t *testing.T) {
	p := mustProblem(newProblem([]int{9, 60, 60, 2}, []int{3, 3, 2, 3}, Conv{Strides: []int{1, 1}, Dilations: []int{1, 1}, Pads: make([][2]int, 2), Groups: 1}))
	check(t, labtest.XLA(t), p)
}

func TestFormulationsEqualTheDefinition(t *testing.T) {
	t.Run("go", func(t *testing.T) {
		b := labtest.Go(t)
		rapid.Check(t, func(t *rapid.T) { check(t, b, anyProblem.Draw(t, "problem")) })
	})
	t.Run("xla", func(t *testing.T) { // compiling takes a second for each
		b := labtest.XLA(t)
		for i := range 25 {
			check(t, b, anyProblem.Example(i))
		}
	})
}

func check(t rapid.TB, b compute.Backend, p *problem) {
	k := p.kernelShape()
	rng := rand.New(rand.NewPCG(1, 2))
	xDims := p.xShape()
	x, kernel, v := random(rng, geometry.Volume(xDims)), random(rng, geometry.Volume(k)), random(rng, geometry.Volume(p.yShape(p.cout)))
	y, dx, dk := plain(p, x, kernel, v)
	var names []string
	var wants [][]float64
	outputs := graph.MustExecOnceN(b, func(x, kernel, v *graph.Node) []*graph.Node {
		names, wants = nil, nil
		var nodes []*graph.Node
		for m, way := range []struct {
			a, b *graph.Node
			want []float64
		}{{x, kernel, y}, {v, kernel, dx}, {x, v, dk}} {
			for _, f := range computing(b, p, whichMap(m)) {
				names, wants = append(names, f+" "+mapNames[m]), append(wants, way.want)
				nodes = append(nodes, p.build(whichMap(m), f, way.a, way.b))
			}
		}
		// As they are put together, for both kinds of layer.
		scalar := graph.ReduceAllSum(graph.Mul(Convolve(x, kernel, p.Conv, Plan{}), v))
		nodes = append(nodes, graph.Gradient(scalar, x, kernel)...)
		names, wants = append(names, "Convolve, gradient of x", "Convolve, gradient of the kernel"), append(wants, dx, dk)
		for i := range p.in {
			if (p.out[i]-1)*p.Strides[i]+p.span(i) <= p.Pads[i][0] {
				return nodes // the padding takes all stamps away: no transposed layer is like that
			}
		}
		up := Transposed(v, kernel, p.Conv, p.in, Plan{})
		nodes = append(nodes, up)
		nodes = append(nodes, graph.Gradient(graph.ReduceAllSum(graph.Mul(up, x)), v, kernel)...)
		names, wants = append(names, "Transposed", "Transposed, gradient of x", "Transposed, gradient of the kernel"), append(wants, dx, y, dk)
		return nodes
	}, tensors.FromFlatDataAndDimensions(x, xDims...), tensors.FromFlatDataAndDimensions(kernel, k...),
		tensors.FromFlatDataAndDimensions(v, p.yShape(p.cout)...))
	for i, name := range names {
		if err := differ(outputs[i], wants[i]); err != nil {
			t.Fatalf("%s: %v, %+v", name, err, p)
		}
	}
}
