package weights

import "testing"

// TestONNXNorms: norms without, with and with the wrong weights.
func TestONNXNorms(t *testing.T) {
	const ones, zeros = "o = Constant value_floats:1.0,1.0,1.0,1.0; ", "z = Constant value_floats:0.0,0.0,0.0,0.0; "
	areRead(t, map[string]string{
		"BatchNorm":                                   ones + zeros + "y = BatchNormalization x o z z o",
		"InstanceNorm":                                ones + zeros + "y = InstanceNormalization x o z epsilon:0.001",
		"it has no input 4":                           ones + zeros + "y = BatchNormalization x o z z",
		"it is in training mode":                      ones + zeros + "y = BatchNormalization x o z z o training_mode:1",
		"epsilon is -1":                               ones + zeros + "y = InstanceNormalization x o z epsilon:-1.0",
		"has shape [3], should have [4]":              "o = Constant value_floats:1.0,1.0,1.0; y = InstanceNormalization x o",
		"4 channels cannot be split into 3 groups":    ones + zeros + "y = GroupNormalization x o z num_groups:3",
		"LocalResponseNorm":                           "y = LRN x size:3",
		"size is 4: an odd number of channels":        "y = LRN x size:4",
		"it works on the axes from 2 on of [batch, c": ones + "y = LayerNormalization x o axis:2",
	})
	net, _ := readDrawn(ones + zeros + "y = InstanceNormalization x o z")
	if net == nil || len(net.State) != 0 {
		t.Errorf("a norm whose weights do nothing has %v", net)
	}
}
