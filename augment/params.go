package augment

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Span is what PyTorch takes as a number or as a (min, max) pair: one value or
// two. What one value means is said where it is used.
type Span []float64

// Border is what PyTorch takes as padding, in pixels: one value for all sides,
// two for left-and-right and top-and-bottom, or four for left, top, right,
// bottom.
type Border []int

// Interpolation says how a colour between pixels is computed.
type Interpolation int

// The interpolations; the zero value is the default of each transform.
const (
	Default Interpolation = iota
	Nearest
	Bilinear
	Bicubic
)

func (i Interpolation) or(byDefault Interpolation) Interpolation {
	if i == Default {
		return byDefault
	}
	return i
}

func (i Interpolation) check(name string) error {
	if i < Default || i > Bicubic {
		return &ParamError{name, fmt.Sprintf("no such interpolation: %d", i)}
	}
	return nil
}

// python is the argument for i, or nothing if it is the default.
func (i Interpolation) python(byDefault Interpolation) string {
	if i = i.or(byDefault); i == byDefault {
		return ""
	}
	return ", interpolation=InterpolationMode." + [...]string{"", "NEAREST", "BILINEAR", "BICUBIC"}[i]
}

// rising says whether all values are finite numbers from low to high, none smaller
// than the one before.
func (v Span) rising(low, high float64) bool {
	for i, x := range v {
		if !(x >= low && x <= high) || math.IsInf(x, 0) || i > 0 && x < v[i-1] {
			return false
		}
	}
	return true
}

func (v Span) python() string {
	if len(v) == 1 {
		return number(v[0])
	}
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = number(x)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// sides are left, top, right, bottom.
func (b Border) sides() (left, top, right, bottom int) {
	switch len(b) {
	case 1:
		return b[0], b[0], b[0], b[0]
	case 2:
		return b[0], b[1], b[0], b[1]
	case 4:
		return b[0], b[1], b[2], b[3]
	}
	return 0, 0, 0, 0
}

// maxPixels bounds what a transform makes: 2³⁰ bytes.
const maxPixels = 1 << 28

func (b Border) check(name string) error {
	if n := len(b); n == 3 || n > 4 {
		return &ParamError{name, fmt.Sprintf("Padding has 1, 2 or 4 values, got %d", n)}
	}
	for _, v := range b {
		if v < 0 || v > 1<<20 {
			return &ParamError{name, fmt.Sprintf("Padding must be from 0 to %d pixels, got %d (to cut pixels off, crop)", 1<<20, v)}
		}
	}
	return nil
}

func (b Border) python() string {
	if len(b) == 1 {
		return strconv.Itoa(b[0])
	}
	return "(" + strings.Join(strings.Fields(strings.Trim(fmt.Sprint([]int(b)), "[]")), ", ") + ")"
}

// number is v as Python writes it.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func or(v, byDefault float64) float64 {
	if v == 0 {
		return byDefault
	}
	return v
}

// dims is a size given as Size (both sides, or the shorter one) or as Height
// and Width.
type dims struct{ size, height, width int }

func (d dims) check(name string) error {
	switch {
	case d.size < 0 || d.height < 0 || d.width < 0:
		return &ParamError{name, fmt.Sprintf("sizes must be above 0, got Size %d, Height %d, Width %d", d.size, d.height, d.width)}
	case d.size > 0 && (d.height > 0 || d.width > 0):
		return &ParamError{name, "has Size and also Height or Width: give one"}
	case d.size == 0 && (d.height == 0 || d.width == 0):
		return &ParamError{name, "needs Size, or Height and Width"}
	}
	if h, w := d.hw(); h > 1<<20 || w > 1<<20 || h*w > maxPixels {
		return &ParamError{name, fmt.Sprintf("%dx%d are more than %d pixels", w, h, maxPixels)}
	}
	return nil
}

func (d dims) hw() (h, w int) {
	if d.size > 0 {
		return d.size, d.size
	}
	return d.height, d.width
}

func (d dims) python() string {
	if d.size > 0 {
		return strconv.Itoa(d.size)
	}
	return fmt.Sprintf("(%d, %d)", d.height, d.width)
}

// fits is an error where a picture would get too large.
func fits(name string, w, h int) error {
	if w > 0 && h > maxPixels/w {
		return &ParamError{name, fmt.Sprintf("would make %dx%d pixels, more than %d", w, h, maxPixels)}
	}
	return nil
}
