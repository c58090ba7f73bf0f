package lesson

import (
	"fmt"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

func TestTimes(t *testing.T) {
	m := Open(cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.ReLU{}}, 5, 5, 1)
	ms := LayerTimes(m, 2)
	if len(ms) != 2 || ms[0] <= 0 || ms[1] <= 0 {
		t.Errorf("%v", ms)
	}
	if got := fmt.Sprint(Through(cnnlib.ReLU{}, Rows("-1 2; 3 -4"))); got != "0 2\n3 0" {
		t.Errorf("%q", got)
	}
	t.Setenv("CONVLAB_LANG", "en")
	if said := ended(t, func() { Through(cnnlib.Conv{Out: 1, Kernel: 1}, uneven) }); !strings.Contains(said, "has weights") {
		t.Errorf("%q", said)
	}
	labtest.Data(t)
	if got := len(TestPixels(3)); got != 3*3072 {
		t.Errorf("%d bytes", got)
	}
}
