package convviz

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

// TestAnyMatrixNumbers draws the matrices of random layers of 1 and 2 axes,
// several channels, groups, transposed or not, and reads them back: each
// column must be what the layer makes of a single 1, by a loop over the
// definition.
func TestAnyMatrixNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(121, 122))
	for drawn := 0; drawn < 200; {
		groups := 1 + rng.IntN(2)
		in, out := groups*(1+rng.IntN(2)), groups*(1+rng.IntN(2))
		k, s, p, d := 1+rng.IntN(3), 1+rng.IntN(2), rng.IntN(2), 1+rng.IntN(2)
		h, w := 1+rng.IntN(4), 1+rng.IntN(4)
		transposed := rng.IntN(2) == 0
		var m *cnnlib.SparseMatrix
		var err error
		kernel := make([]float64, k*k*in*out/groups)
		for i := range kernel {
			kernel[i] = float64(1 + rng.IntN(9))
		}
		if transposed {
			m, err = cnnlib.TransposedConv{Out: out, Kernel: k, Stride: s, Padding: p, Dilation: d, Groups: groups}.Matrix([]int{h, w, in}, kernel)
		} else {
			m, err = cnnlib.Conv{Out: out, Kernel: k, Stride: s, Padding: p, Dilation: d, Groups: groups}.Matrix([]int{h, w, in}, kernel)
		}
		if err != nil || m.Rows > 26 || m.Cols > 26 {
			continue
		}
		drawn++
		oh, ow := (h+2*p-d*(k-1)-1)/s+1, (w+2*p-d*(k-1)-1)/s+1
		if transposed {
			oh, ow = (h-1)*s-2*p+d*(k-1)+1, (w-1)*s-2*p+d*(k-1)+1
		}
		want := make([][]float64, oh*ow*out)
		for r := range want {
			want[r] = make([]float64, h*w*in)
		}
		nonZero := 0
		for o := range out {
			for i := range in {
				if o/(out/groups) != i/(in/groups) {
					continue
				}
				for a := range k {
					for b := range k {
						for y := range h {
							for x := range w {
								// Output (z, v) that this tap connects with input (y, x).
								z, v, tap := 0, 0, kernel[((a*k+b)*(in/groups)+i%(in/groups))*out+o]
								if transposed {
									z, v = y*s+a*d-p, x*s+b*d-p
									tap = kernel[((a*k+b)*(out/groups)+o%(out/groups))*in+i]
								} else {
									if (y+p-a*d)%s != 0 || (x+p-b*d)%s != 0 {
										continue
									}
									z, v = (y+p-a*d)/s, (x+p-b*d)/s
								}
								if z >= 0 && z < oh && v >= 0 && v < ow {
									want[(z*ow+v)*out+o][(y*w+x)*in+i] += tap
									nonZero++
								}
							}
						}
					}
				}
			}
		}
		pic, err := LayerMatrix(m, "layer")
		if err != nil {
			t.Fatal(err)
		}
		texts := picturetest.Texts(picturetest.Parse(t, pic.SVG))
		var printed []string
		for _, row := range want {
			for _, v := range row {
				printed = append(printed, figure(v))
			}
		}
		if got := texts[1 : 1+len(printed)]; !slices.Equal(got, printed) {
			t.Fatalf("kernel %d, stride %d, padding %d, dilation %d, groups %d, transposed %v over %dx%d: printed\n%v\nwant\n%v", k, s, p, d, groups, transposed, h, w, got, printed)
		}
		if note := texts[len(texts)-1]; note != sayf("matrix %dx%d", len(want), h*w*in)+colon()+sayf("%d of %d numbers are not 0", nonZero, len(printed)) {
			t.Fatal(note)
		}
	}
}

func TestKronecker(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		p, err := Kronecker([]float64{1, 2, 1}, []float64{-1, 0, 1}, 4, 4)
		picturetest.Check(t, p, err)
		look(t, "kronecker", p)
		m, err := cnnlib.Conv{Out: 12, Kernel: 3, Groups: 3}.Matrix([]int{5, 5, 12}, slices.Repeat([]float64{1}, 9*4*12))
		if err != nil {
			t.Fatal(err)
		}
		p, err = LayerMatrix(m, "12 → 12")
		picturetest.Check(t, p, err)
		look(t, "matrix-groups", p)
	})
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(123, 124))
	for range drawings {
		column, row := table(rng, 1, 1+rng.IntN(3))[0], table(rng, 1, 1+rng.IntN(3))[0]
		h, w := len(column)+rng.IntN(3), len(row)+rng.IntN(3)
		p, err := Kronecker(column, row, h, w)
		if err != nil {
			t.Fatal(err)
		}
		// The product, number by number, from the definition of ⊗.
		toeplitz := func(part []float64, n int) [][]float64 {
			var rows [][]float64
			for o := 0; o+len(part) <= n; o++ {
				r := make([]float64, n)
				copy(r[o:], part)
				rows = append(rows, r)
			}
			return rows
		}
		a, b := toeplitz(column, h), toeplitz(row, w)
		var want []string
		for i := range len(a) * len(b) {
			for j := range h * w {
				want = append(want, figure(a[i/len(b)][j/w]*b[i%len(b)][j%w]))
			}
		}
		texts := picturetest.Texts(picturetest.Parse(t, p.SVG))
		got := texts[len(texts)-1-len(want) : len(texts)-1]
		if len(a)*len(b) <= 26 && h*w <= 26 && !slices.Equal(got, want) {
			t.Fatalf("%v ⊗ %v over %dx%d: printed\n%v\nwant\n%v", column, row, h, w, got, want)
		}
	}
	one := &cnnlib.SparseMatrix{Rows: 1, Cols: 1}
	p, err := LayerMatrix(one, "")
	picturetest.Check(t, p, err)
	bad := *one
	bad.Entries = append(bad.Entries, struct {
		Row, Col int
		Tap      int
		Value    float64
	}{Value: math.NaN()})
	for i, m := range []*cnnlib.SparseMatrix{nil, {}, {Rows: 10000, Cols: 10000}, {Rows: math.MaxInt, Cols: math.MaxInt}, &bad} {
		if _, err := LayerMatrix(m, ""); err == nil {
			t.Errorf("matrix %d was drawn", i)
		}
	}
	if _, err := Kronecker(nil, []float64{1}, 3, 3); err == nil {
		t.Error("a kernel without a column")
	}
	if _, err := Kronecker([]float64{1, 2, 3}, []float64{1}, 2, 3); err == nil {
		t.Error("a kernel that does not fit")
	}
}
