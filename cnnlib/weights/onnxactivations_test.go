package weights

import "testing"

// TestONNXWrittenOutActivations: what older exporters write in several nodes
// is one layer.
func TestONNXWrittenOutActivations(t *testing.T) {
	const three, six = "three = Constant value_float:3.0; ", "six = Constant value_float:6.0; "
	const root, half, one = "root = Constant value_float:1.4142135; ", "half = Constant value_float:0.5; ", "one = Constant value_float:1.0; "
	areRead(t, map[string]string{
		"HardSwish":         three + six + "a = Add x three; b = Clip a min:0.0 max:6.0; c = Mul x b; y = Div c six",
		"HardSigmoid":       three + six + "a = Add x three; b = Clip a min:0.0 max:6.0; y = Div b six",
		"GELU":              root + half + one + "a = Div x root; b = Erf a; c = Add b one; d = Mul x c; y = Mul d half",
		"part of a GELU":    "y = Erf x",
		"from 0 to 5":       three + "a = Add x three; b = Clip a min:0.0 max:5.0; y = Mul x b",
		"Product(·, ReLU6)": "a = Clip x min:0.0 max:6.0; y = Mul x a",
	})
}
