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

	Ceil bool // pooling: the last window may stick out past the end (ceil_mode)

	Transposed    bool // the kernel stamps outputs instead of reading inputs (lesson 1.4.1)
	OutputPadding int  // only when Transposed: output pixels added at the end
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
	case w.OutputPadding != 0 && !w.Transposed:
		return fmt.Errorf("output padding %d is for transposed convolutions only", w.OutputPadding)
	case w.OutputPadding < 0 || w.OutputPadding > 0 && w.OutputPadding >= max(w.Stride, w.Dilation):
		return fmt.Errorf("output padding must be from 0 to below the larger of stride %d and dilation %d, got %d", w.Stride, w.Dilation, w.OutputPadding)
	case w.Stride > math.MaxInt32:
		return fmt.Errorf("stride %d is too large", w.Stride)
	}
	return nil
}

// OutputSize is the number of outputs for n input pixels (lesson 1.1):
// floor((n + pads - d(k-1) - 1)/s) + 1, the positions that the window takes.
// With Ceil it rounds up, but never starts a window in the padding after the
// input; a window that sticks out by less than a stride then fits. Transposed, it is (n-1)s - pads + d(k-1) + op + 1 (lesson 1.4.1). It
// is an error when the window does not fit once.
func (w Window) OutputSize(n int) (int, error) {
	if err := w.Check(); err != nil {
		return 0, err
	}
	if n < 1 || n > math.MaxInt32 {
		return 0, fmt.Errorf("input size must be from 1 to %d, got %d", math.MaxInt32, n)
	}
	if w.Transposed {
		out := (n-1)*w.Stride + w.Span() - w.PadBefore - w.PadAfter + w.OutputPadding
		if out < 1 || out > math.MaxInt32 || out <= w.OutputPadding-w.PadAfter {
			return 0, fmt.Errorf("padding %d before and %d after leaves %d of the %d stamped pixels", w.PadBefore, w.PadAfter,
				out, (n-1)*w.Stride+w.Span()+w.OutputPadding)
		}
		return out, nil
	}
	padded := n + w.PadBefore + w.PadAfter
	room := padded - w.Span()
	if w.Ceil {
		room += w.Stride - 1
	}
	if room < 0 {
		return 0, fmt.Errorf("window spans %d pixels, but the padded input has only %d", w.Span(), padded)
	}
	if w.Ceil {
		return min(room/w.Stride+1, (n+w.PadBefore+w.Stride-1)/w.Stride), nil
	}
	return room/w.Stride + 1, nil
}

// Same gives w the padding with which n pixels become ceil(n/stride) outputs;
// of an odd amount the extra pixel goes after (ONNX's SAME_UPPER, PyTorch's
// "same").
func (w Window) Same(n int) Window {
	if w.Check() != nil || n < 1 || n > math.MaxInt32 {
		return w
	}
	total := max(((n+w.Stride-1)/w.Stride-1)*w.Stride+w.Span()-n, 0)
	w.PadBefore, w.PadAfter = total/2, total-total/2
	return w
}

// Counted is the number of pixels that the mean of window o over n pixels
// counts: those inside, and those in the padding too unless excludePad.
func (w Window) Counted(o, n int, excludePad bool) int {
	first, last := 0, n-1
	if !excludePad {
		first, last = -w.PadBefore, n+w.PadAfter-1
	}
	count := 0
	for t := range w.Kernel {
		if at := o*w.Stride - w.PadBefore + t*w.Dilation; at >= first && at <= last {
			count++
		}
	}
	return count
}
