// Package geometry holds the plain arithmetic of sliding windows: output
// sizes, effective kernels and receptive fields. Layers and pictures share it,
// so they cannot disagree.
package geometry

import (
	"fmt"
	"math"
)

// Window describes how a kernel slides along one spatial axis. Units are
// pixels of that axis. Stride and Dilation are at least 1.
type Window struct {
	Kernel, Stride, Dilation int
	PadBefore, PadAfter      int
}

// Span is the effective kernel size k + (k-1)(d-1): how many input positions
// the kernel covers, its gaps included (lesson 1.5).
func (w Window) Span() int { return w.Dilation*(w.Kernel-1) + 1 }

// Check reports the first value that no window can have.
func (w Window) Check() error {
	switch {
	case w.Kernel < 1:
		return fmt.Errorf("kernel size must be at least 1, got %d", w.Kernel)
	case w.Stride < 1:
		return fmt.Errorf("stride must be at least 1, got %d", w.Stride)
	case w.Dilation < 1:
		return fmt.Errorf("dilation must be at least 1, got %d", w.Dilation)
	case w.PadBefore < 0 || w.PadAfter < 0:
		return fmt.Errorf("padding must not be negative, got %d before and %d after", w.PadBefore, w.PadAfter)
	case w.Kernel > 1 && w.Dilation > (math.MaxInt32-1)/(w.Kernel-1):
		return fmt.Errorf("kernel %d with dilation %d is too large", w.Kernel, w.Dilation)
	case w.PadBefore > math.MaxInt32 || w.PadAfter > math.MaxInt32:
		return fmt.Errorf("padding %d before and %d after is too large", w.PadBefore, w.PadAfter)
	}
	return nil
}

// OutputSize is floor((n + pads - d(k-1) - 1)/s) + 1, the number of positions
// that the window takes on n input pixels (lesson 1.1). It is an error when
// the window does not fit once.
func (w Window) OutputSize(n int) (int, error) {
	if err := w.Check(); err != nil {
		return 0, err
	}
	if n < 1 || n > math.MaxInt32 {
		return 0, fmt.Errorf("input size must be from 1 to %d, got %d", math.MaxInt32, n)
	}
	padded := n + w.PadBefore + w.PadAfter
	if w.Span() > padded {
		return 0, fmt.Errorf("window spans %d pixels, but the padded input has only %d", w.Span(), padded)
	}
	return (padded-w.Span())/w.Stride + 1, nil
}

// Field is what one unit of a layer sees of the network's input along one
// axis. The zero value is not useful: start from Input.
type Field struct {
	Size int // pixels seen
	Jump int // input pixels between two neighbouring units
}

// Input is the field of an input pixel: itself.
var Input = Field{Size: 1, Jump: 1}

// Through gives the field after one more window: the size grows by
// (span-1)·jump, the jump is multiplied by the stride (lesson 2.1).
func (f Field) Through(w Window) Field {
	return Field{Size: f.Size + (w.Span()-1)*f.Jump, Jump: f.Jump * w.Stride}
}
