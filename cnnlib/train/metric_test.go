package train

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
)

// agreement is a metric as another package may have one: the correlation of
// the first logit with label 0, which is not the mean of those of the batches.
type agreement struct{ wrong bool }

func (agreement) Name() string { return "agreement" }

func (agreement) Check(output []int, target Target) error {
	if target.Kind != Labels {
		return errors.New("agreement is for labels")
	}
	return nil
}

func (a agreement) Sums(logits, targets *graph.Node) *graph.Node {
	if a.wrong {
		return logits
	}
	x := graph.Reshape(graph.Slice(logits, graph.AxisRange(), graph.AxisElem(0)), -1)
	y := graph.OneMinus(graph.ConvertDType(targets, logits.DType()))
	return sums(count(x.Graph(), x.Shape().Size()), graph.ReduceAllSum(x), graph.ReduceAllSum(y),
		graph.ReduceAllSum(graph.Square(x)), graph.ReduceAllSum(graph.Square(y)), graph.ReduceAllSum(graph.Mul(x, y)))
}

func (agreement) Value(s []float64) float64 {
	n := s[0]
	return (n*s[5] - s[1]*s[2]) / math.Sqrt((n*s[3]-s[1]*s[1])*(n*s[4]-s[2]*s[2]))
}

// TestMetricsOfAnotherPackage: they are in the history, its lines, checkpoints
// and evaluations, and do not depend on the size of batches.
func TestMetricsOfAnotherPackage(t *testing.T) {
	b := labtest.Go(t)
	var log strings.Builder
	cfg := Config{Epochs: 20, BatchSize: 16, LearningRate: 1e-2, Metrics: []Metric{agreement{}, TopK{K: 2}, Accuracy{}}, Valid: bars(150), Dir: t.TempDir(), Log: &log}
	m := newModel(t, b)
	h, err := Fit(context.Background(), m, images, cfg)
	if err != nil {
		t.Fatal(err)
	}
	last := h[19]
	if last.Metrics[0].Name != "agreement" || last.Metrics[0].Value < 0.5 || last.ValidMetrics[0].Value < 0.5 || last.Metrics[1] != (Figure{"top 2", 1}) || last.Metrics[2].Value != last.Accuracy {
		t.Errorf("%+v", last)
	}
	if !strings.Contains(log.String(), "  agreement 0.") || !strings.Contains(log.String(), "  valid top 2 1.0000") {
		t.Error(log.String())
	}
	for _, size := range []int{1, 7, 150} {
		r, err := Evaluation{BatchSize: size, Metrics: cfg.Metrics}.Run(context.Background(), m, bars(150))
		if err != nil || math.Abs(r.Metrics[0].Value-last.ValidMetrics[0].Value) > 1e-5 {
			t.Errorf("batches of %d: %v, %v; the history says %v", size, r.Metrics, err, last.ValidMetrics)
		}
	}
	loaded, err := Load(newModel(t, b), cfg.Dir, nil)
	if err != nil || loaded[19].Metrics[0] != last.Metrics[0] || loaded[19].ValidMetrics[1] != last.ValidMetrics[1] {
		t.Errorf("%v, %v", loaded, err)
	}
}

func TestMetricsRefuse(t *testing.T) {
	b := labtest.Go(t)
	for want, metrics := range map[string][]Metric{
		"two metrics named \"agreement\"": {agreement{}, agreement{}},
		"a metric is nil":                 {nil},
		"top 5 is for networks":           {TopK{}},
		"has no loss":                     {MeanLoss{Title: "x"}},
		"the targets are labels":          {MeanLoss{"x", MeanSquaredError{}}},
		"should give float32 [k]":         {agreement{wrong: true}},
	} {
		if _, err := Fit(context.Background(), newModel(t, b), images, Config{Metrics: metrics}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	for _, m := range []Metric{MeanIoU{}, agreement{}, TopK{K: 1}} {
		if _, err := (Evaluation{Loss: MeanSquaredError{}, Metrics: []Metric{m}}).Run(context.Background(), modelOf(t, b, mapNet(1)), negatives(4)); err == nil ||
			!strings.Contains(err.Error(), "for labels") {
			t.Errorf("%s of images: %v", m.Name(), err)
		}
	}
	if _, err := Evaluate(context.Background(), modelOf(t, b, mapNet(1)), negatives(4), 2); err == nil || !strings.Contains(err.Error(), "cross entropy takes labels") {
		t.Errorf("images evaluated without a loss: %v", err)
	}
}

// TestFiguresAsJSON: also those that are no numbers of JSON's.
func TestFiguresAsJSON(t *testing.T) {
	for _, v := range []float64{0, 0.1, -3e-300, 1e21, math.Inf(1), math.Inf(-1), math.NaN()} {
		text, err := json.Marshal([]Figure{{"x", v}})
		if err != nil {
			t.Fatal(err)
		}
		if tallies, err := json.Marshal([]tally{{"x", []number{number(v)}}}); err != nil || !strings.Contains(string(tallies), strings.TrimSuffix(string(text[len(`[{"Name":"x","Value":`):]), "}]")) {
			t.Errorf("%g in a tally: %s, %v", v, tallies, err)
		}
		var got []Figure
		if err := json.Unmarshal(text, &got); err != nil || got[0].Name != "x" || got[0].Value != v && !(math.IsNaN(v) && math.IsNaN(got[0].Value)) {
			t.Errorf("%g as %s gives %v, %v", v, text, got, err)
		}
	}
	var f Figure
	if err := json.Unmarshal([]byte(`{"Name":"x","Value":[]}`), &f); err == nil {
		t.Error("a list was read as a number")
	}
}
