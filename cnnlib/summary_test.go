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
