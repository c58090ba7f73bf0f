package cnnlib

import (
	"slices"
	"testing"
)

// TestResizedBranchesJoin: a U-Net need not know whether its pools drop a row.
func TestResizedBranchesJoin(t *testing.T) {
	down := Sequential{MaxPool{Size: 2}, Conv{Out: 2, Kernel: 3, Same: true}}
	for size, kind := range map[int]Layer{15: Upsample{Size: 15}, 7: Upsample{Size: 7, Linear: true}, 16: Upsample{Factor: 2}} {
		net := Sequential{Branches{Layers: []Layer{nil, append(down[:2:2], kind)}}, Conv{Out: 1, Kernel: 3, Same: true}}
		info, err := net.Check([]int{size, size, 2})
		if err != nil || !slices.Equal(info.Output, []int{size, size, 1}) {
			t.Errorf("%d pixels: %v, %v", size, info.Output, err)
		}
	}
	_, err := (Sequential{Branches{Layers: []Layer{AdaptiveAvgPool{Size: 7}, Conv{Out: 1, Kernel: 1}}}}).Check([]int{15, 15, 1})
	wantError(t, err, "branch 0 gives [7 7 1]")
	_, err = (Sequential{Branches{Layers: []Layer{AdaptiveAvgPool{Size: 7}, Conv{Out: 1, Kernel: 9}}}}).Check([]int{15, 15, 1})
	wantError(t, err, "branch 0 has a stride of 2.142857142857143, branch 1 one of 1")
}
