package convviz

import "fmt"

// Direct is the plain convolution that gives the same output as a transposed
// one (lesson 1.4.1): zeros are put between the input's numbers, stride − 1 of
// them, the kernel is turned by 180 degrees, and a border of span − 1 − padding
// zeros is added. It is for square kernels.
func (s Slide) Direct() (Slide, error) {
	if !s.Transposed {
		return Slide{}, fmt.Errorf("convviz: only a transposed convolution has a direct one")
	}
	if _, err := s.layer(); err != nil {
		return Slide{}, err
	}
	k := len(s.Kernel)
	if len(s.Kernel[0]) != k {
		return Slide{}, fmt.Errorf("convviz: the kernel is %dx%d, the direct convolution is drawn for square ones", k, len(s.Kernel[0]))
	}
	stride, dilation := max(s.Stride, 1), max(s.Dilation, 1)
	border := dilation*(k-1) - s.Padding
	if border < 0 {
		return Slide{}, fmt.Errorf("convviz: padding %d is more than the kernel's span %d allows", s.Padding, dilation*(k-1)+1)
	}
	direct := Slide{Title: s.Title, Padding: border, Dilation: s.Dilation, Output: s.Output, Seconds: s.Seconds,
		spread: spread{step: stride, size: [3]int{1, len(s.Input), len(s.Input[0])}}}
	if s.Title == "" {
		direct.Title = sayf("%s, as a plain convolution", s.title())
	}
	spread := func(n int) int { return (n-1)*stride + 1 + s.OutputPadding }
	for range spread(len(s.Input)) {
		direct.Input = append(direct.Input, make([]float64, spread(len(s.Input[0]))))
	}
	for i, row := range s.Input {
		for j, v := range row {
			direct.Input[i*stride][j*stride] = v
		}
	}
	for i := range k {
		direct.Kernel = append(direct.Kernel, make([]float64, k))
		for j := range k {
			direct.Kernel[i][j] = s.Kernel[k-1-i][k-1-j]
		}
	}
	return direct, nil
}
