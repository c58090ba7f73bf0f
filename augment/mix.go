package augment

import (
	"fmt"
	"math"
)

// MixUp blends each image of a batch, and its label, with the one before it
// (the first with the last): λ parts of itself, 1−λ of the other (Zhang et al.
// 2018). λ is drawn from Beta(Alpha, Alpha), one for the batch.
type MixUp struct{ Alpha float64 } // 0: PyTorch's default, 1

// CutMix replaces a rectangle in each image of a batch by that of the one
// before it and mixes the labels by area (Yun et al. 2019). The rectangle takes
// 1−λ of the picture, less what lies outside.
type CutMix struct{ Alpha float64 } // 0: PyTorch's default, 1

// OneHot gives what MixUp and CutMix take as targets: for each label a row of
// classes numbers, all 0 but a 1 at the label. Shape: [len(labels), classes].
func OneHot(labels []uint8, classes int) ([]float32, error) {
	if classes < 1 {
		return nil, fmt.Errorf("augment: %d classes", classes)
	}
	t := make([]float32, len(labels)*classes)
	for i, l := range labels {
		if int(l) >= classes {
			return nil, fmt.Errorf("augment: label %d of image %d, but there are %d classes", l, i, classes)
		}
		t[i*classes+int(l)] = 1
	}
	return t, nil
}

// Mix changes x, [n, height, width, 3], and targets, [n, classes], in place.
// Pixels and targets are those of torchvision for the same λ; λ itself is not
// drawn as torch draws it.
func (t MixUp) Mix(x, targets []float32, n int, r *Rand) (lambda float64, err error) {
	if err := checkMix("MixUp", t.Alpha, x, targets, n); err != nil {
		return 0, err
	}
	lambda = beta(r, or(t.Alpha, 1))
	MixBy(x, n, lambda)
	MixBy(targets, n, lambda)
	return lambda, nil
}

func (t MixUp) String() string { return "MixUp(alpha=" + number(or(t.Alpha, 1)) + ")" }

// MixBy blends each of the n rows of x with the one before it, for a given λ.
func MixBy(x []float32, n int, lambda float64) {
	keep, take := float32(lambda), float32(1-lambda)
	size := len(x) / max(n, 1)
	for i := range size {
		last := x[(n-1)*size+i]
		for row := n - 1; row >= 0; row-- {
			before := last
			if row > 0 {
				before = x[(row-1)*size+i]
			}
			x[row*size+i] = float32(before*take) + float32(x[row*size+i]*keep)
		}
	}
}

// Mix changes x, [n, height, width, 3], and targets, [n, classes], in place; it
// gives the λ of the labels.
func (t CutMix) Mix(x, targets []float32, n, height, width int, r *Rand) (lambda float64, err error) {
	if err := checkMix("CutMix", t.Alpha, x, targets, n); err != nil {
		return 0, err
	}
	if height < 1 || width < 1 || len(x) != n*height*width*3 {
		return 0, &ParamError{"CutMix", fmt.Sprintf("%d images of %dx%d need %d numbers, got %d", n, width, height, n*height*width*3, len(x))}
	}
	lambda = beta(r, or(t.Alpha, 1))
	cx, cy := r.Intn(width), r.Intn(height)
	x1, y1, x2, y2 := cutBox(cx, cy, width, height, lambda)
	lambda = CutBy(x, n, height, width, x1, y1, x2, y2)
	MixBy(targets, n, lambda)
	return lambda, nil
}

func (t CutMix) String() string { return "CutMix(alpha=" + number(or(t.Alpha, 1)) + ")" }

// cutBox is torchvision's rectangle around (cx, cy).
func cutBox(cx, cy, width, height int, lambda float64) (x1, y1, x2, y2 int) {
	half := 0.5 * math.Sqrt(1-lambda)
	w, h := int(half*float64(width)), int(half*float64(height))
	return max(0, cx-w), max(0, cy-h), min(width, cx+w), min(height, cy+h)
}

// CutBy puts columns x1 to x2 of rows y1 to y2 of each image's predecessor
// into it; upper bounds are not included. It gives the part that was kept.
func CutBy(x []float32, n, height, width, x1, y1, x2, y2 int) (lambda float64) {
	size := height * width * 3
	for y := y1; y < y2; y++ {
		for i := (y*width + x1) * 3; i < (y*width+x2)*3; i++ {
			last := x[(n-1)*size+i]
			for row := n - 1; row > 0; row-- {
				x[row*size+i] = x[(row-1)*size+i]
			}
			x[i] = last
		}
	}
	return 1 - float64((x2-x1)*(y2-y1))/float64(width*height)
}

func checkMix(name string, alpha float64, x, targets []float32, n int) error {
	switch {
	case !(alpha >= 0 && alpha <= 1e6):
		return &ParamError{name, fmt.Sprintf("Alpha must be above 0, got %g", alpha)}
	case n < 1 || len(x) == 0 || len(x)%n != 0 || len(targets)%n != 0:
		return &ParamError{name, fmt.Sprintf("%d and %d numbers cannot be %d images and targets", len(x), len(targets), n)}
	}
	return nil
}

// beta draws from Beta(a, a), as a quotient of gamma numbers.
func beta(r *Rand, a float64) float64 {
	x, y := logGamma(r, a), logGamma(r, a)
	return 1 / (1 + math.Exp(y-x))
}

// logGamma draws the logarithm of a number of Gamma(a, 1) (Marsaglia, Tsang
// 2000); the logarithm, because for small a the number itself would be 0.
func logGamma(r *Rand, a float64) float64 {
	more := 0.0
	if a < 1 {
		more = math.Log1p(-r.double()) / a
		a++
	}
	d := a - 1.0/3
	for {
		x := r.normal()
		v := 1 + x/math.Sqrt(9*d)
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log1p(-r.double()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return math.Log(d*v) + more
		}
	}
}
