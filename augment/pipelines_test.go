package augment

import (
	"testing"

	"convlab/cifar"
)

func TestCIFAR10(t *testing.T) {
	for c := range 3 {
		if float32(CIFAR10.Mean[c]) != cifar.Mean[c] || float32(CIFAR10.Std[c]) != cifar.Std[c] {
			t.Errorf("CIFAR10 is %v, package cifar has %v and %v", CIFAR10, cifar.Mean, cifar.Std)
		}
	}
}
