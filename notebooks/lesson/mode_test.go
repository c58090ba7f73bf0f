package lesson

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"convlab/cnnlib"
)

func TestInTraining(t *testing.T) {
	x := Filled(20, 20, 1)
	draws := InTraining(cnnlib.Dropout{Rate: 0.25}, x, 50)
	mean := 0.0
	for _, d := range draws {
		for _, v := range d[0] {
			if v != 0 && math.Abs(float64(v)-4.0/3) > 1e-6 {
				t.Fatalf("dropout of 1/4 makes %g of 1", v)
			}
		}
		m, _ := d.Mean()
		mean += m / 50
	}
	if math.Abs(mean-1) > 0.02 || fmt.Sprint(draws[0]) == fmt.Sprint(draws[1]) {
		t.Errorf("the mean of 50 draws is %g; the first two are alike: %t", mean, fmt.Sprint(draws[0]) == fmt.Sprint(draws[1]))
	}
	if again := InTraining(cnnlib.Dropout{Rate: 0.25}, x, 1)[0]; fmt.Sprint(again) != fmt.Sprint(draws[0]) {
		t.Error("another run draws otherwise")
	}
	if still := Through(cnnlib.Dropout{Rate: 0.25}, x); fmt.Sprint(still) != fmt.Sprint(x) {
		t.Error("dropout changes something outside training")
	}
	mean, variance := InTraining(cnnlib.BatchNorm{}, Digits(6), 1)[0].Mean()
	if math.Abs(mean) > 1e-5 || math.Abs(variance-1) > 1e-3 {
		t.Errorf("batch normalisation gives mean %g and variance %g", mean, variance)
	}
	if said := ended(t, func() { InTraining(cnnlib.MaxPool{Size: 2}, x, 1) }); !strings.Contains(said, "makes 100 numbers of 400") {
		t.Errorf("pooling: %q", said)
	}
}
