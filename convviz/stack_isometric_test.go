package convviz

import (
	"slices"
	"strings"
	"testing"

	"convlab/convviz/internal/picturetest"
)

// TestIsometricNumbers: every number of the volume, the kernel and the output
// stands in the last frame, and each step tells its sum.
func TestIsometricNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	s := Stack{Input: [][][]float64{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}, {{9, 10}, {11, 12}}}, Kernel: [][][]float64{{{100}}, {{200}}}, Volume: true}
	f, err := s.Isometric()
	texts := picturetest.Texts(picturetest.Check(t, f.Picture, err))
	for _, want := range []string{"1", "12", "100", "200", "1100", "1400", "1700", "2000", "2300", "2600", "3200"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no %s in %v", want, texts)
		}
	}
	if f.Frames != 8 || !strings.HasSuffix(f.Alt[0], "= 1100") {
		t.Errorf("%d steps, the first: %s", f.Frames, f.Alt[0])
	}
	s.Volume, s.Kernel, s.Filters = false, nil, [][][][]float64{{{{1}}, {{1}}, {{1}}}, {{{1}}, {{1}}, {{1}}}}
	if _, err := s.Isometric(); err == nil || !strings.Contains(err.Error(), "2 kernels cannot be drawn") {
		t.Errorf("two kernels: error %v", err)
	}
}
