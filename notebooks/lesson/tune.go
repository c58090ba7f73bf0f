package lesson

import (
	"context"
	"errors"
	"fmt"
	"html"
	"os"
	"os/signal"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz"
	"convlab/convviz/draw"
	"convlab/internal/htmltable"
	"convlab/internal/notebook"
	"convlab/recipes"
)

// Tune runs the trials of an experiment that are not finished yet, one after
// the other, with a bar, and shows its table and picture (lesson 3.6). The
// stop button (■) saves and shows what is finished; run again, the cell goes on
// from there.
func Tune(e recipes.Experiment) *recipes.Table {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := must(cnnlib.OpenBackend()).Backend
	var bar notebook.Slot
	trials := e.Trials()
	for i, t := range trials {
		text := fmt.Sprintf(say("%d of %d: %s, %s, seed %d", "第 %d/%d 次：%s，%s，种子 %d"), i+1, len(trials), convviz.Label(t.Way), convviz.Label(t.Name), t.Seed)
		OK(bar.Show(notebook.Bundle{HTML: fmt.Sprintf(`<progress value="%d" max="%d" aria-label="%[3]s"></progress> %[3]s`, i, len(trials), html.EscapeString(text)), Text: text}))
		if _, err := e.Run(ctx, b, data(), t, nil); errors.Is(err, context.Canceled) {
			fmt.Println(Sentence(err))
			break
		} else {
			OK(err)
		}
	}
	table := must(e.Table())
	text := fmt.Sprintf(say("%d of %d trainings are finished", "已完成 %d/%d 次训练"), table.Finished, table.Trials)
	OK(bar.Show(notebook.Bundle{HTML: text, Text: text}))
	OK(convviz.ShowHTML(trialTable(table)))
	if len(table.Rows) > 0 {
		Show(convviz.SixWays(table))
	}
	return table
}

func trialTable(t *recipes.Table) string {
	var b strings.Builder
	b.WriteString("<table>\n")
	htmltable.Row(&b, "th", say("way", "手段"), say("setting", "设置"), say("parameters", "参数量"), say("accuracy, mean ± deviation", "准确率，均值 ± 标准差"), say("seeds", "种子数"), say("seconds", "秒"))
	for _, r := range t.Rows {
		mean, spread := r.MeanSpread()
		htmltable.Row(&b, "td", convviz.Label(r.Way), convviz.Label(r.Name), draw.Number(float64(r.Params), 0), fmt.Sprintf("%.2f ± %.2f %%", 100*mean, 100*spread), fmt.Sprint(len(r.Accuracies)), fmt.Sprintf("%.0f", r.Seconds))
	}
	b.WriteString("</table>\n")
	return b.String()
}
