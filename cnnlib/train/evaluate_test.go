package train

import (
	"context"
	"math"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestMapsAreMeasuredPlaceByPlace compares with a plain loop.
func TestMapsAreMeasuredPlaceByPlace(t *testing.T) {
	m, data := modelOf(t, labtest.Go(t), mapNet(3)), spots(7)
	r, err := Evaluation{BatchSize: 3, Metrics: []Metric{MeanIoU{}, TopK{K: 2}}}.Run(context.Background(), m, data)
	if err != nil {
		t.Fatal(err)
	}
	var confusion [3][3]float64
	loss, second := 0.0, 0.0
	for i := range 7 {
		pixels, target := data.Pair(i, 0)
		logits, err := m.Predict(pixels, 1)
		if err != nil {
			t.Fatal(err)
		}
		for at, label := range target {
			row := logits[0][3*at : 3*at+3]
			p := cnnlib.Softmax(row)
			loss -= math.Log(float64(p[label])) / (7 * 64)
			best, above := 0, 0
			for c, v := range row {
				if v > row[best] {
					best = c
				}
				if v > row[label] {
					above++
				}
			}
			confusion[label][best]++
			if above < 2 {
				second += 1.0 / (7 * 64)
			}
		}
	}
	right, iou := 0.0, 0.0
	for c := range 3 {
		union := -confusion[c][c]
		for k := range 3 {
			union += confusion[c][k] + confusion[k][c]
			if r.Confusion[c][k] != int(confusion[c][k]) {
				t.Errorf("class %d taken for %d: %d times, want %g", c, k, r.Confusion[c][k], confusion[c][k])
			}
		}
		right += confusion[c][c] / (7 * 64)
		iou += confusion[c][c] / union / 3
	}
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%s %g, want %g", name, got, want)
		}
	}
	near("loss", r.Loss, loss)
	near("accuracy", r.Accuracy, right)
	near("mean IoU", r.MeanIoU, iou)
	near(r.Metrics[0].Name, r.Metrics[0].Value, iou)
	near(r.Metrics[1].Name, r.Metrics[1].Value, second)
	if r.Low != 0 || r.High != 0 {
		t.Errorf("interval from %g to %g of labels that are not independent", r.Low, r.High)
	}
	with, err := EvaluateWith(context.Background(), m.Predict, data, 4)
	if err != nil {
		t.Fatal(err)
	}
	near("EvaluateWith: loss", with.Loss, loss)
	near("EvaluateWith: mean IoU", with.MeanIoU, iou)
}
