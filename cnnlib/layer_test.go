package cnnlib

import "testing"

// TestParamsAreTrained: what is not trained is no parameter.
func TestParamsAreTrained(t *testing.T) {
	info, err := Sequential{Conv{Out: 4, Kernel: 3}, BatchNorm{}, Flatten{}, Dense{Out: 2, NoBias: true}}.Check([]int{5, 5, 3})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := info.Params(), int64(4*(27+1)+2*4+36*2); got != want {
		t.Errorf("%d parameters, want %d", got, want)
	}
	if len(info.Weights) != 2+4+1 || !info.Weights[4].State || info.Weights[4].Name != "1/running_mean" {
		t.Errorf("weights %+v", info.Weights)
	}
}
