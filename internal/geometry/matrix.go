package geometry

import "fmt"

// Entry is one number of a sparse matrix.
type Entry struct {
	Row, Col int
	Tap      int // index in the flat kernel of the number that stands here
	Value    float64
}

// Sparse is a matrix by its entries, sorted by row, then column.
type Sparse struct {
	Rows, Cols int
	Entries    []Entry
}

const maxEntries = 1 << 22

// Matrix writes the convolution as a matrix (lesson 1.4.2): flat output =
// matrix · flat input, both [spatial..., channels] in row-major order. kernel
// is flat, of KernelShape. Products with padding have no entry.
func (c Conv) Matrix(in []int, kernel []float64) (*Sparse, error) {
	params, macs, err := c.Cost(in)
	if err != nil {
		return nil, err
	}
	if int64(len(kernel)) != params {
		return nil, fmt.Errorf("kernel of shape %v has %d numbers, got %d", c.KernelShape(), params, len(kernel))
	}
	if macs > maxEntries {
		return nil, fmt.Errorf("the matrix would have up to %d entries, at most %d are drawn up", macs, maxEntries)
	}
	out, err := Output(c.Windows, in)
	if err != nil {
		return nil, err
	}
	if c.Windows[0].Transposed {
		// The transpose of the plain convolution from out to in.
		plain := Conv{In: c.Out, Out: c.In, Groups: c.Groups}
		for _, w := range c.Windows {
			w.Transposed, w.OutputPadding = false, 0
			plain.Windows = append(plain.Windows, w)
		}
		return plain.entries(out, in, kernel).Transpose(), nil
	}
	return c.entries(in, out, kernel), nil
}

func (c Conv) entries(in, out []int, kernel []float64) *Sparse {
	shape := c.KernelShape()
	axes := len(in)
	m := &Sparse{Rows: Volume(out) * c.Out, Cols: Volume(in) * c.In}
	perIn, perOut := c.In/c.Groups, c.Out/c.Groups
	for o := range Volume(out) {
		at := Unravel(o, out)
		for oc := range c.Out {
			for t := range Volume(shape[:axes]) {
				tap := Unravel(t, shape[:axes])
				pixel, inside := 0, true
				for i, w := range c.Windows {
					p := at[i]*w.Stride - w.PadBefore + tap[i]*w.Dilation
					inside = inside && p >= 0 && p < in[i]
					pixel = pixel*in[i] + p
				}
				for ic := 0; inside && ic < perIn; ic++ {
					k := (t*perIn+ic)*c.Out + oc
					m.Entries = append(m.Entries, Entry{Row: o*c.Out + oc, Col: pixel*c.In + oc/perOut*perIn + ic, Tap: k, Value: kernel[k]})
				}
			}
		}
	}
	return m
}

// Volume is the number of positions in dims.
func Volume(dims []int) int {
	v := 1
	for _, d := range dims {
		v *= d
	}
	return v
}

// Unravel is the index along each of dims of position flat in row-major order.
func Unravel(flat int, dims []int) []int {
	at := make([]int, len(dims))
	for i := len(dims) - 1; i >= 0; i-- {
		at[i], flat = flat%dims[i], flat/dims[i]
	}
	return at
}
