package convviz

import "fmt"

// Plain is the plain convolution that gives the same output as a transposed
// one (lesson 1.4.1): zeros are put between the input's numbers, stride − 1 of
// them, the kernel is turned by 180 degrees, and a border of span − 1 − padding
// zeros is added. It is for square kernels.
func (s Slide) Plain() (Slide, error) {
	if !s.Transposed {
		return Slide{}, fmt.Errorf("convviz: only a transposed convolution has a plain one beside it")
	}
	if _, err := s.layer(); err != nil {
		return Slide{}, err
	}
	k := len(s.Kernel)
	if len(s.Kernel[0]) != k {
		return Slide{}, fmt.Errorf("convviz: the kernel is %dx%d, the plain convolution is drawn for square ones", k, len(s.Kernel[0]))
	}
	stride, dilation := max(s.Stride, 1), max(s.Dilation, 1)
	border := dilation*(k-1) - s.Padding
	if border < 0 {
		return Slide{}, fmt.Errorf("convviz: padding %d is more than the kernel's span %d allows", s.Padding, dilation*(k-1)+1)
	}
	plain := Slide{Title: s.Title, Padding: border, Dilation: s.Dilation, Output: s.Output, Seconds: s.Seconds,
		spread: spread{step: stride, size: [3]int{1, len(s.Input), len(s.Input[0])}}}
	if s.Title == "" {
		plain.Title = sayf("%s, as a plain convolution", s.title())
	}
	spread := func(n int) int { return (n-1)*stride + 1 + s.OutputPadding }
	for range spread(len(s.Input)) {
		plain.Input = append(plain.Input, make([]float64, spread(len(s.Input[0]))))
	}
	for i, row := range s.Input {
		for j, v := range row {
			plain.Input[i*stride][j*stride] = v
		}
	}
	for i := range k {
		plain.Kernel = append(plain.Kernel, make([]float64, k))
		for j := range k {
			plain.Kernel[i][j] = s.Kernel[k-1-i][k-1-j]
		}
	}
	return plain, nil
}
