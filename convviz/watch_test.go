package convviz

import (
	"strings"
	"testing"
	"time"

	"convlab/cnnlib/train"
)

func TestWatchOutsideIsSilent(t *testing.T) {
	w := NewWatch()
	s := train.Step{Epoch: 2, Epochs: 5, Done: 88, Steps: 176, Rate: 1234.4, Loss: 1.5, Left: 3723 * time.Second}
	w.OnStep(s)
	w.OnEpoch(history(2))
	if w.Err() != nil {
		t.Error(w.Err())
	}
	t.Setenv("CONVLAB_LANG", "en")
	if got := barText(s); got != "epoch 2 of 5 · step 88 of 176 · loss 1.5000 · 1,234 images/s · 1:02:03 left" {
		t.Error(got)
	}
	if got := barHTML(s); !strings.Contains(got, `value="0.3000"`) {
		t.Error(got)
	}
}
