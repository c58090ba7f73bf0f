package geometry

import (
	"fmt"
	"strings"
	"testing"
)

func ExampleAttributes_Windows() {
	// Of an odd padding the extra pixel goes to the side that auto_pad names.
	for _, auto := range []string{"SAME_UPPER", "SAME_LOWER"} {
		w, err := Attributes{AutoPad: auto, KernelShape: []int64{3}, Strides: []int64{2}}.Windows([]int{6}, false)
		fmt.Println(auto, w[0].PadBefore, w[0].PadAfter, err)
	}
	// Output:
	// SAME_UPPER 0 1 <nil>
	// SAME_LOWER 1 0 <nil>
}

func TestWrongAttributes(t *testing.T) {
	three := []int64{3, 3}
	for want, a := range map[string]Attributes{
		"kernel_shape has 0 numbers, 2 spatial axes need 2": {},
		"strides has 1 numbers":                             {KernelShape: three, Strides: []int64{1}},
		"pads has 2 numbers, 2 spatial axes need 4":         {KernelShape: three, Pads: []int64{1, 1}},
		"pads must be from 0":                               {KernelShape: three, Pads: []int64{0, 0, -1, 0}},
		"kernel_shape must be from 0 to":                    {KernelShape: []int64{3, 1 << 40}},
		"height: kernel size must be at least 1, got 0":     {KernelShape: []int64{0, 3}},
		"height: stride must be at least 1, got 0":          {KernelShape: three, Strides: []int64{0, 1}},
		`got "SAME"`:                             {KernelShape: three, AutoPad: "SAME"},
		"9 pixels is wanted, only 8 are stamped": {KernelShape: three, OutputShape: []int64{9, 8}},
	} {
		if _, err := a.Windows([]int{6, 6}, len(a.OutputShape) > 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}
