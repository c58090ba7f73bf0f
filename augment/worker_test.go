package augment

import (
	"context"
	"testing"
)

// TestLoaderAllocates: a longer epoch allocates no more than a short one.
func TestLoaderAllocates(t *testing.T) {
	for name, p := range map[string]Compose{"32 pixels": Train32(), "bytes": Train32()[:2]} {
		l := Loader{Image: pictures(t, 8), Transform: p, Size: 4, Workers: 2}
		epoch := func(n int) float64 {
			order := make([]int, n)
			for i := range order {
				order[i] = i % 8
			}
			return testing.AllocsPerRun(20, func() {
				for _, err := range l.Epoch(context.Background(), order, 0) {
					if err != nil {
						t.Fatal(err)
					}
				}
			})
		}
		epoch(8)
		short, long := epoch(8), epoch(808)
		if long > short+2 { // the runtime allocates a little by itself
			t.Errorf("%s: %g allocations for 2 batches, %g for 202", name, short, long)
		}
	}
}
