package cnnlib

import (
	"math"
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

func noise(n int) []uint8 {
	pixels := make([]uint8, n)
	for i := range pixels {
		pixels[i] = uint8(scramble(uint64(i), 7) >> 24)
	}
	return pixels
}

func TestBlindPixelsOfNetwork31(t *testing.T) { labtest.EachBackend(t, blindPixels) }

func blindPixels(t *testing.T, b compute.Backend) {
	m, err := New(b, LeNet(), CIFARInput, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	blind, share, err := m.Blind(noise(8*3072), 8)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range blind { // lesson 3.1: 124 of 1024, 12.1 %
		if want := i/32 >= 30 || i%32 >= 30; got != want {
			t.Fatalf("row %d, column %d: blind %v", i/32, i%32, got)
		}
	}
	if share != 124.0/1024 {
		t.Errorf("share %g", share)
	}
}

func TestEffectiveFieldOfUniformKernels(t *testing.T) { labtest.EachBackend(t, effectiveField) }

func effectiveField(t *testing.T, b compute.Backend) {
	c := Conv{Out: 1, Kernel: 3, NoBias: true}
	m, err := New(b, Sequential{c, c, c}, []int{9, 9, 1}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for layer := range 3 {
		if err := m.SetWeight(At(layer), "weight", slices.Repeat([]float32{1}, 9)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := m.Influence(noise(81), 1, "", 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	row := []float64{0, 1, 3, 6, 7, 6, 3, 1, 0} // lesson 2.1
	for i, v := range got {
		if want := row[i/9] * row[i%9] / (27 * 27); math.Abs(v-want) > 1e-7 {
			t.Fatalf("row %d, column %d: %g, want %g", i/9, i%9, v, want)
		}
	}
	for want, call := range map[string]func() error{
		"no layer \"3\"": func() error { _, err := m.InputGradient(noise(81), 1, "3"); return err },
		"no unit [3]":    func() error { _, err := m.InputGradient(noise(81), 1, "2", 3); return err },
		"81 bytes":       func() error { _, err := m.InputGradient(noise(80), 1, "2"); return err },
		"no layer \"7\"": func() error { return m.SetWeight("7", "weight", nil) },
		"got 2 values":   func() error { return m.SetWeight("0", "weight", make([]float32, 2)) },
	} {
		wantError(t, call(), want)
	}
}
