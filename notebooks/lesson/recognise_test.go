package lesson

import (
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/fastmode"
	"convlab/internal/labtest"
)

func TestRecognise(t *testing.T) {
	labtest.Data(t)
	t.Setenv("CONVLAB_LANG", "zh")
	m := Open(nets.LeNet())
	Recognise(m, "")
	if got := Class(6); got != "青蛙" {
		t.Errorf("class 6 is %q", got)
	}
	if said := ended(t, func() { Recognise(m, "none.jpg") }); !strings.Contains(said, "none.jpg") || strings.Count(said, "\n") != 1 {
		t.Errorf("%q", said)
	}
	t.Setenv("CONVLAB_RUNS", t.TempDir())
	fastmode.Set(true)
	defer fastmode.Set(false)
	small := cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 5, Stride: 4}, cnnlib.ReLU{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 10}}
	first := Run(Trained("test", small, 1))
	if again := Apart(first, Run(Trained("test", small, 1))); again != 0 {
		t.Errorf("the network that was opened again gives numbers %g apart", again)
	}
	if share := Right(Open(small)); share < 0.02 || share > 0.3 {
		t.Errorf("an untrained network is right on %g", share)
	}
}
