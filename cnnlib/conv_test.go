package cnnlib

import (
	"math"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// The definition, in plain loops, of a 2D convolution in HWC / HWIO.
func plainConv(x []float32, h, w, in int, kernel, bias []float32, k, out, stride, pad, dilation int) []float64 {
	oh := (h+2*pad-dilation*(k-1)-1)/stride + 1
	ow := (w+2*pad-dilation*(k-1)-1)/stride + 1
	y := make([]float64, oh*ow*out)
	for r := range oh {
		for c := range ow {
			for o := range out {
				sum := float64(bias[o])
				for i := range k {
					for j := range k {
						row, col := r*stride-pad+i*dilation, c*stride-pad+j*dilation
						if row < 0 || row >= h || col < 0 || col >= w {
							continue
						}
						for ch := range in {
							sum += float64(x[(row*w+col)*in+ch]) * float64(kernel[((i*k+j)*in+ch)*out+o])
						}
					}
				}
				y[(r*ow+c)*out+o] = sum
			}
		}
	}
	return y
}

func TestConvEqualsTheDefinition(t *testing.T) { labtest.EachBackend(t, convEqualsTheDefinition) }

func convEqualsTheDefinition(t *testing.T, b compute.Backend) {
	in := []int{7, 9, 2}
	pixels := make([]uint8, 7*9*2)
	x := make([]float32, len(pixels))
	for i := range pixels {
		pixels[i] = uint8(i * 37)
		x[i] = float32(pixels[i]) / 255
	}
	for _, c := range []Conv{
		{Out: 3, Kernel: 3}, {Out: 3, Kernel: 3, Stride: 2, Padding: 1}, {Out: 3, Kernel: 2, Stride: 3, Padding: 2},
		{Out: 3, Kernel: 3, Dilation: 2, Padding: 2}, {Out: 3, Kernel: 1},
	} {
		m, err := New(b, Sequential{c}, in, Options{Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		out, err := m.predict.Call1(tensors.FromFlatDataAndDimensions(pixels, 1, 7, 9, 2))
		if err != nil {
			t.Fatal(err)
		}
		got := tensors.MustCopyFlatData[float32](out)
		want := plainConv(x, 7, 9, 2, flat(t, m, "/net/0/weight"), flat(t, m, "/net/0/bias"), c.Kernel, c.Out,
			orOne(c.Stride), c.Padding, orOne(c.Dilation))
		if len(got) != len(want) {
			t.Fatalf("%+v: %d values, want %d", c, len(got), len(want))
		}
		for i := range want {
			if math.Abs(float64(got[i])-want[i]) > 1e-5 {
				t.Fatalf("%+v: value %d is %g, want %g", c, i, got[i], want[i])
			}
		}
	}
}
