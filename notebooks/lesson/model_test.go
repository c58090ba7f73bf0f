package lesson

import (
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

func TestModels(t *testing.T) {
	m := Open(nets.LeNet())
	if got := len(Run(m)); got != 10 {
		t.Errorf("%d logits", got)
	}
	small := Open(cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}}, 5, 5, 1)
	if w := Weight(small, "0", "weight"); len(w) != 18 {
		t.Errorf("%d weights", len(w))
	}
	if a := Apart(Run(small), Run(small)); a != 0 {
		t.Errorf("two runs are %g apart", a)
	}
	if s := Sees([]int{32, 32, 1}, Stacked(1, 3)...); s != 7 {
		t.Errorf("three layers see %d", s)
	}
	if c := Costs([]int{32, 32, 3}, cnnlib.Conv{Out: 6, Kernel: 3}); c.Params != 168 {
		t.Errorf("%d params", c.Params)
	}
	if n, of := Touched(2, 2, 2); n != 49 || of != 169 {
		t.Errorf("%d of %d", n, of)
	}
	if got := Connected(12, 6, 2, true); got < 0.33 || got > 0.34 {
		t.Errorf("%g connected", got)
	}
	if rows := Compare([]int{8, 8, 2}, A("a", cnnlib.Conv{Out: 2, Kernel: 3}), A("b", cnnlib.Conv{Out: 2, Kernel: 1})); len(rows.Rows) != 2 {
		t.Errorf("%+v", rows)
	}
}

func TestCostTable(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "zh")
	table := costTable(Costs(nets.CIFARInput(), nets.LessonNet()...))
	for _, want := range []string{"<td>11,585,546</td>", "<th>11,585,546</th>", "<th>18,552,192</th>", "感受野", "<td>10</td>"} {
		if strings.Contains(table, want) == (want == "<td>11,585,546</td>") {
			t.Errorf("%q in\n%s", want, table)
		}
	}
}
