package main

import (
	"context"
	"testing"

	"convlab/cifar"
	"convlab/internal/labtest"
)

func TestTheThreeNetworksLearn(t *testing.T) {
	data, err := cifar.Open(context.Background(), labtest.Data(t))
	if err != nil {
		t.Fatal(err)
	}
	b := labtest.XLA(t)
	for _, n := range networks() {
		losses, err := train(b, n, data.Train, 40)
		if err != nil {
			t.Fatalf("%s: %v", n.name, err)
		}
		first, last := mean(losses[:10]), mean(losses[30:])
		t.Logf("%s: mean loss of steps 1–10 %.4f, of 31–40 %.4f", n.name, first, last)
		if !(last < 0.95*first) {
			t.Errorf("%s: the loss went from %.4f to %.4f", n.name, first, last)
		}
	}
}
