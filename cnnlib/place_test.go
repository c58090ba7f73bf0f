package cnnlib

import (
	"math"
	"strings"
	"testing"
)

func TestWrongNetworksAreNamedBeforeBuilding(t *testing.T) {
	for want, net := range map[string]Sequential{
		"no layers":                {},
		"layer 0 (Conv 4@40x40":    {Conv{Out: 4, Kernel: 40}},
		"put a Flatten":            {Dense{Out: 3}},
		"at least 1 output":        {Conv{Kernel: 3}},
		"stride must":              {Conv{Out: 1, Kernel: 3, Stride: -1}},
		"not be negative":          {Conv{Out: 1, Kernel: 3, Padding: -1}},
		"rate must":                {Dropout{Rate: math.NaN()}},
		"needs images":             {Flatten{}, MaxPool{Size: 2}},
		"layer 1 (nil): it is nil": {ReLU{}, nil},
		"96 input channels cannot be split into 5 groups": {Conv{Out: 96, Kernel: 1}, Conv{Out: 5, Kernel: 3, Groups: 5}},
	} {
		wantError(t, checked(net, CIFARInput), want)
	}
	wantError(t, checked(Sequential{Conv{Out: 1, Kernel: 3}}, nil), "needs images")
}

// checked is the error of Check.
func checked(l Layer, in []int) error {
	_, err := l.Check(in)
	return err
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}
