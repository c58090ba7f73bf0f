package cnnlib

import (
	"strings"
	"testing"
)

// TestSummaryNames: names of modules have a column where they are not the
// paths.
func TestSummaryNames(t *testing.T) {
	block := Named("block", Residual(Named("conv1", Conv{Out: 4, Kernel: 3, Same: true}), ReLU{}))
	for _, c := range []struct {
		net  Sequential
		want string // of the row of the convolution
	}{
		{Sequential{Conv{Out: 4, Kernel: 3}}, "0  Conv 4@3x3  6x6x4   112     3,888  576               3x3"},
		{Sequential{Conv{Out: 4, Kernel: 3}, block}, "    1.1.0      Conv 4@3x3  block.1.conv1    6x6x4   148     5,184  576               5x5"},
	} {
		summary, err := c.net.Summary([]int{8, 8, 3})
		if err != nil {
			t.Fatal(err)
		}
		if text := summary.String(); !strings.Contains(text, c.want) {
			t.Errorf("no line %q in\n%s", c.want, text)
		}
	}
}

func TestSummaryHasTheLessonsNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		net          Sequential
		params, macs int64
		fields       []int // after conv, pool, conv, pool
	}{
		"3.1": {LeNet(), 81302, 371856, []int{3, 4, 8, 10}},
		"3.2": {LessonNet(), 11585546, 18552192, []int{3, 4, 8, 10}},
	} {
		s, err := c.net.Summary(CIFARInput)
		if err != nil {
			t.Fatal(err)
		}
		if s.Params != c.params || s.MACs != c.macs {
			t.Errorf("%s: %d params, %d MACs, want %d, %d", name, s.Params, s.MACs, c.params, c.macs)
		}
		var fields []int
		for _, r := range s.Rows {
			if strings.HasPrefix(r.Layer, "Conv") || strings.HasPrefix(r.Layer, "MaxPool") {
				fields = append(fields, r.ReceptiveField)
			}
		}
		for i, want := range c.fields {
			if fields[i] != want {
				t.Errorf("%s: receptive fields %v, want %v", name, fields, c.fields)
				break
			}
		}
	}
	s, err := LessonNet().Summary(CIFARInput)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"11,585,546 params", "176.8 MiB", "Conv 128@3x3", "13x13x128"} {
		if !strings.Contains(s.String(), want) || !strings.Contains(s.HTML(), want) {
			t.Errorf("summary lacks %q:\n%s", want, s)
		}
	}
}
