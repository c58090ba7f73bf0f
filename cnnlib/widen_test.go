package cnnlib

import "testing"

// TestWideners: each gives the outputs that it is given, and stays what it was.
func TestWideners(t *testing.T) {
	found := 0
	for _, c := range everyLayer {
		l, ok := c.l.(Widener)
		if !ok {
			continue
		}
		found++
		wide := l.WithOutputs(2 * l.Outputs())
		info, err := wide.Check(c.in)
		if err != nil || info.Output[len(info.Output)-1] != 2*l.Outputs() || wide.(Widener).Outputs() != 2*l.Outputs() {
			t.Errorf("%s with twice the outputs: %s on %v gives %v, %v", l.Name(), wide.Name(), c.in, info.Output, err)
		}
	}
	if found != 7 {
		t.Errorf("%d layers whose outputs are a choice, want 7", found)
	}
}
