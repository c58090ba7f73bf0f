package convbench

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

func init() { turn = 0 } // one step a turn

func TestEveryWayIsTimed(t *testing.T) {
	b := labtest.Go(t)
	for variant, want := range map[string]int{"standard": 1 + 3 + 1 + 2 + 5, "separable": 2, "transposed": 1 + 3 + 1 + 3 + 4} {
		var notices []string
		rows, rounds, err := Compare(t.Context(), b, variant, []int{1, 4, 4, 8}, cnnlib.Plan{}, 2, func(text string) { notices = append(notices, text) })
		if err != nil || rounds != 2 || len(rows) != want {
			t.Fatalf("%s: %d rows, want %d, after %d rounds, %v", variant, len(rows), want, rounds, err)
		}
		if len(notices) != len(rows)+2 {
			t.Errorf("%s: notices %q", variant, notices)
		}
		for _, r := range rows {
			if r.Wall <= 0 || r.Ratio <= 0 || r.Compile <= 0 || r.Plan == (cnnlib.Plan{}) && r.Ratio != 1 {
				t.Errorf("%s: %+v", variant, r)
			}
		}
	}
	rows, _, err := Compare(t.Context(), b, "shuffled", []int{1, 4, 8}, cnnlib.Plan{Kernel: "im2col"}, 1, nil)
	if err != nil || len(rows) != 4 || rows[3].Plan.Kernel != "im2col" {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestEveryVariantRuns(t *testing.T) {
	b := labtest.Go(t)
	for _, variant := range Variants {
		for _, dims := range [][]int{{1, 5, 4}, {1, 5, 5, 4}, {1, 3, 3, 3, 4}} {
			l, err := Layer(variant, 4, cnnlib.Plan{})
			if err != nil {
				t.Fatal(err)
			}
			p, err := New(b, l, dims, true)
			if err != nil {
				t.Fatalf("%s on %v: %v", variant, dims, err)
			}
			if wall, _, err := p.Run(3); err != nil || wall <= 0 {
				t.Errorf("%s on %v: %v a step, %v", variant, dims, wall, err)
			}
			p.Close()
		}
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	b := labtest.Go(t)
	for want, c := range map[string]struct {
		variant string
		dims    []int
		plan    cnnlib.Plan
	}{
		`no convolution "magic"; there are standard`: {"magic", []int{1, 4, 4, 4}, cnnlib.Plan{}},
		"want an input": {"standard", []int{1, 4}, cnnlib.Plan{}},
		"6 input channels cannot be split into 4 groups":     {"grouped", []int{1, 4, 4, 6}, cnnlib.Plan{}},
		`kernel gradient: there is no formulation "nothing"`: {"standard", []int{1, 4, 4, 4}, cnnlib.Plan{Kernel: "nothing"}},
		"input shape": {"standard", []int{1, -4, 4, 4}, cnnlib.Plan{}},
		"batch":       {"standard", []int{0, 4, 4, 4}, cnnlib.Plan{}},
	} {
		if _, _, err := Compare(t.Context(), b, c.variant, c.dims, c.plan, 1, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one with %q", c, err, want)
		}
	}
}

func TestCancelledGivesTheRoundsThatAreDone(t *testing.T) {
	b := labtest.Go(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, rounds, err := Compare(ctx, b, "standard", []int{1, 4, 4, 2}, cnnlib.Plan{}, 50, func(text string) {
		if strings.HasPrefix(text, "round 3 ") {
			cancel()
		}
	})
	if err != nil || rounds < 1 || rounds > 3 {
		t.Errorf("%d rounds, %v", rounds, err)
	}
	if _, _, err := Compare(ctx, b, "standard", []int{1, 4, 4, 2}, cnnlib.Plan{}, 5, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before the start: %v", err)
	}
}
