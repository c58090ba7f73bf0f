package lesson

import (
	"fmt"
	"testing"

	"convlab/cnnlib"
)

func ExampleApply() {
	photo := Rows("1 2 0 1; 0 1 3 1; 2 1 0 0; 1 0 2 3")
	edge := Rows("1 0 -1; 2 0 -2; 1 0 -1")
	fmt.Println(Apply(cnnlib.Conv{}, photo, edge))
	// Output:
	// -3  2
	//  0 -1
}

func ExampleApply_transposed() {
	fmt.Println(Apply(cnnlib.TransposedConv{}, Rows("1 2; 3 4"), Rows("1 2 3; 4 5 6; 7 8 9")))
	// Output:
	//  1  4  7  6
	//  7 23 33 24
	// 19 53 63 42
	// 21 52 59 36
}

func ExampleApplyAll() {
	x := Maps{Rows("1 2; 3 4"), Rows("5 6; 7 8")}
	fmt.Println(ApplyAll(cnnlib.Conv{Groups: 2}, x, Maps{Rows("10")}, Maps{Rows("-1")}))
	// Output:
	// 10 20  |  -5 -6
	// 30 40  |  -7 -8
}

// TestApply compares with the definition on kernels that are not square.
func TestApply(t *testing.T) {
	x := Digits(7)
	for _, kernel := range []Map{uneven, Rows("1 2"), Rows("3; -1; 2")} {
		for stride := 1; stride <= 3; stride++ {
			got := Apply(cnnlib.Conv{Stride: stride}, x, kernel)
			want := slid(x, kernel, stride, func(a, b int) float32 { return kernel[a][b] })
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("stride %d:\n%v\nwant\n%v", stride, got, want)
			}
		}
	}
	if same := Apply(cnnlib.Conv{Same: true}, x, Rows("1 2")); len(same) != 7 || len(same[0]) != 7 {
		t.Errorf("Same gives %d rows", len(same))
	}
}

func TestVolume(t *testing.T) {
	y := ApplyVolume(cnnlib.Conv{}, Maps{Digits(5), Counting(5), Digits(5), Counting(5), Digits(5)}, Maps{uneven, uneven, uneven})
	if len(y) != 3 || len(y[0]) != 3 || len(y[0][0]) != 3 {
		t.Errorf("%v", y)
	}
	sum := ApplyAll(cnnlib.Conv{}, Maps{Digits(5), Counting(5), Digits(5)}, Maps{uneven, uneven, uneven})[0]
	if fmt.Sprint(sum) != fmt.Sprint(y[0]) {
		t.Errorf("slice 0 is %v, as channels it is %v", y[0], sum)
	}
}
