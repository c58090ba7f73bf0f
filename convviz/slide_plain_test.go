package convviz

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestPlainGivesTheSame(t *testing.T) {
	d, err := stamps.Plain()
	if err != nil {
		t.Fatal(err)
	}
	if d.Padding != 2 || !reflect.DeepEqual(d.Kernel, [][]float64{{9, 8, 7}, {6, 5, 4}, {3, 2, 1}}) {
		t.Errorf("plain form %+v", d)
	}
	if _, err := d.Film(); err != nil { // compares with the output of the transposed one
		t.Error(err)
	}
	rng := rand.New(rand.NewPCG(81, 82))
	for range 300 {
		k := 1 + rng.IntN(3)
		s := Slide{Input: table(rng, 2+rng.IntN(3), 2+rng.IntN(3)), Kernel: table(rng, k, k), Stride: 1 + rng.IntN(3), Dilation: 1 + rng.IntN(2),
			Padding: rng.IntN(3), Transposed: true}
		want := plain(s)
		d, err := s.Plain()
		if want == nil || s.Padding > s.Dilation*(k-1) {
			if err == nil {
				t.Fatalf("%+v has a plain form", s)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		d.Stride = 1
		if got := plain(d); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v: the plain form gives %v, want %v", s, got, want)
		}
	}
	if _, err := band.Plain(); err == nil {
		t.Error("a plain convolution has a plain form")
	}
	if _, err := (Slide{Transposed: true}).Plain(); err == nil {
		t.Error("a plain form of nothing")
	}
}
