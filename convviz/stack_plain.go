package convviz

import "fmt"

// plain is the plain convolution that gives the same as a transposed one, as
// Slide.Plain is for one plane. Channels are no axis that is spread.
func (s Stack) plain() (Stack, error) {
	d, h, w, err := planes("input", s.Input)
	if err != nil {
		return Stack{}, err
	}
	kd, kh, kw, err := planes("kernel", s.Kernel)
	if err != nil {
		return Stack{}, err
	}
	stride, dilation := max(s.Stride, 1), max(s.Dilation, 1)
	border := dilation*(kh-1) - s.Padding
	switch {
	case s.Filters != nil:
		return Stack{}, fmt.Errorf("convviz: a transposed stack is drawn for one Kernel, not for Filters")
	case kh != kw || s.Volume && kd != kh:
		return Stack{}, fmt.Errorf("convviz: a transposed stack is drawn for kernels of equal sides, got %dx%dx%d", kd, kh, kw)
	case s.Stride < 0 || s.Dilation < 0 || s.Padding < 0 || border < 0:
		return Stack{}, fmt.Errorf("convviz: stride %d, dilation %d and padding %d are not possible for a transposed kernel of side %d", s.Stride, s.Dilation, s.Padding, kh)
	case max(d, h, w) > 12 || stride > 12 || max(kd, kh) > 12:
		return Stack{}, fmt.Errorf("convviz: a kernel of %dx%dx%d and stride %d over %dx%dx%d has too many steps to follow: take a smaller input", kd, kh, kw, stride, d, h, w)
	}
	plain := s
	plain.Transposed, plain.Stride, plain.Padding, plain.Input, plain.Kernel, plain.Names = false, 1, border, nil, nil, nil
	if s.Title == "" {
		setting := say("transposed") + colon() + sayf("kernel %dx%d, stride %d, padding %d", kh, kw, stride, s.Padding)
		plain.Title = sayf("%s, as a plain convolution", setting)
	}
	apart := 1 // planes
	if s.Volume {
		apart = stride
	} else {
		plain.Names = s.Names
	}
	plain.spread = spread{step: stride, planes: apart, size: [3]int{d, h, w}}
	for range (d-1)*apart + 1 {
		plane := make([][]float64, (h-1)*stride+1)
		for r := range plane {
			plane[r] = make([]float64, (w-1)*stride+1)
		}
		plain.Input = append(plain.Input, plane)
	}
	for i, rows := range s.Input {
		for r, row := range rows {
			for c, v := range row {
				plain.Input[i*apart][r*stride][c*stride] = v
			}
		}
	}
	for i := range kd {
		from := s.Kernel[i] // a channel keeps its slice
		if s.Volume {
			from = s.Kernel[kd-1-i]
		}
		turned := make([][]float64, kh)
		for r := range turned {
			for c := range kw {
				turned[r] = append(turned[r], from[kh-1-r][kw-1-c])
			}
		}
		plain.Kernel = append(plain.Kernel, turned)
	}
	return plain, nil
}
