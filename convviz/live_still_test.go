package convviz

import (
	"slices"
	"strings"
	"testing"
)

// TestLiveStill: the still picture's numbers are the lesson's.
func TestLiveStill(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	for name, want := range map[string]string{
		"plain":      "output [4 3 4; 2 4 3; 2 3 4",
		"transposed": "output [1 4 7 6; 7 23 33 24; 19 53 63 42; 21 52 59 36",
		"pool":       "output [6 8; 14 16",
		"average":    "output [1.3333333333333333 2.3333333333333335 1.7777777777777777; 3 5 3.6666666666666665",
	} {
		p, err := Live(liveCases()[name][0])
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.ReplaceAll(p.Alt, "output ", "output ["), want) {
			t.Errorf("%s: %s lacks %q", name, p.Alt, want)
		}
	}
	written, err := liveCases()["shuffled"][0].written()
	if err != nil {
		t.Fatal(err)
	}
	net := written.Net
	y, err := run(net.places[0], net.kernels[net.places[0]], net.input)
	if err != nil {
		t.Fatal(err)
	}
	shuffled, err := run(net.places[1], nil, y)
	if err != nil || !slices.Equal(y, []float64{1, 2, 4, 3}) && !slices.Equal(y, []float64{1, 2, 3, 4}) || !slices.Equal(shuffled, []float64{y[0], y[2], y[1], y[3]}) {
		t.Errorf("%v: a grouped convolution gives %v, shuffled %v", err, y, shuffled)
	}
}
