package weights

import "testing"

// TestONNXOperators: each with its settings, and those that cnnlib does not
// have.
func TestONNXOperators(t *testing.T) {
	areRead(t, map[string]string{
		"LeakyReLU":                "y = LeakyRelu x alpha:0.2",
		"ReLU":                     "y = LeakyRelu x alpha:0.0",
		"ELU":                      "y = Elu x",
		"GELU":                     "y = Gelu x",
		"approximate is \"tanh\"":  "y = Gelu x approximate:tanh",
		"SiLU":                     "y = Swish x",
		"alpha is 2, cnnlib has 1": "y = Swish x alpha:2.0",
		"PReLU":                    "s = Constant value_float:0.1; y = PRelu x s",
		"HardSigmoid":              "y = HardSigmoid x alpha:0.16666667",
		"Scale HardSigmoid":        "y = HardSigmoid x", // ONNX's default slope is 0.2
		"SoftmaxLayer":             "y = Softmax x axis:1",
		"it works along axis 3 of [batch, channels": "y = Softmax x",
		"Dropout":                               "r = Constant value_float:0.3; y = Dropout x r",
		"it makes numbers of type 7":            "y = Cast x to:7",
		"cnnlib has no layer for this operator": "y = LSTM x",
		"Sigmoid":                               "a = Identity x; y = Sigmoid a",
	})
}
