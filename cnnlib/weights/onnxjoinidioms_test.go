package weights

import "testing"

// TestONNXNestedJoins: joins of joins are one, and the branch that changes
// nothing comes first where the order does not matter.
func TestONNXNestedJoins(t *testing.T) {
	areRead(t, map[string]string{
		"Concat(ReLU, Tanh, ELU)":       "a = Relu x; b = Tanh x; c = Elu x; d = Concat a b axis:1; y = Concat d c axis:1",
		"Sum(ReLU, Tanh, ELU)":          "a = Relu x; b = Tanh x; c = Elu x; d = Add a b; y = Add d c",
		"Sum(ELU, Sum(ReLU, Tanh))":     "a = Relu x; b = Tanh x; c = Elu x; d = Add a b; y = Add c d", // sums round in their order
		"Product(ReLU, Sum(Tanh, ELU))": "a = Relu x; b = Tanh x; c = Elu x; d = Add b c; y = Mul a d",
		"Sum(·, ReLU)":                  "a = Relu x; y = Add a x",
		"Concat(ReLU, ·)":               "a = Relu x; y = Concat a x axis:1",
	})
}
