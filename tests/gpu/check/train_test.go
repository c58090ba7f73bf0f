package main

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

func TestFarLossesAreRefused(t *testing.T) {
	b, net := bench{dir: t.TempDir()}, network{name: "n", first: 1e-5, most: 0.02}
	raw, err := json.Marshal(record{"xla:cpu", []float64{2, 1.5, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.path("n"), raw, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		losses []float64
		near   bool
	}{
		{[]float64{2, 1.51, 1.01}, true},
		{[]float64{2.001, 1.5, 1}, false}, // the first loss comes from the same weights
		{[]float64{2, 1.5, 1.1}, false},
		{[]float64{2, math.NaN(), 1}, false},
		{[]float64{math.NaN(), 1.5, 1}, false},
		{[]float64{1.51, 1}, true}, // resumed: only the last ones
		{[]float64{1.5, 2}, false},
		{nil, false},
		{[]float64{2, 1.5, 1, 1}, false},
	} {
		if err := b.far(net, "here", c.losses); (err == nil) != c.near {
			t.Errorf("%v: %v", c.losses, err)
		}
	}
}
