package lesson

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/internal/labtest"
)

// TestStopIsTold: what a stopped training says is in the student's language.
func TestStopIsTold(t *testing.T) {
	labtest.Data(t)
	t.Setenv("CONVLAB_LANG", "zh")
	ctx, cancel := context.WithCancel(context.Background())
	_, err := train.Fit(ctx, Open(nets.LeNet()), data().Test, train.Config{Dir: t.TempDir(), OnStep: func(s train.Step) {
		if s.Done == 2 {
			cancel()
		}
	}})
	if said := Sentence(err); !errors.Is(err, context.Canceled) || !strings.HasPrefix(said, "已停在第 1 轮，完成 2/40 步，保存在 ") || !strings.HasSuffix(said, "；用同样的设置再训练，就从那里继续") {
		t.Errorf("%q of %v", said, err)
	}
}
