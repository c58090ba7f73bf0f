package lesson

import (
	"strings"
	"testing"

	"convlab/cnnlib/nets"
	"convlab/internal/labtest"
	"convlab/recipes"
)

func TestTune(t *testing.T) {
	labtest.Data(t)
	t.Setenv("CONVLAB_LANG", "zh")
	base := recipes.Plain()
	base.Net = nets.LeNet()
	e := recipes.Experiment{Settings: recipes.SixWays(base)[6:8], Seeds: 1, Epochs: 1, Images: 512, Dir: t.TempDir()}
	table := trialTable(Tune(e))
	for _, want := range []string{"<td>学习率</td><td>0.003</td>", "<td>优化器</td><td>SGD，学习率 0.1</td>", " ± 0.00 %"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table has no %q:\n%s", want, table)
		}
	}
}
