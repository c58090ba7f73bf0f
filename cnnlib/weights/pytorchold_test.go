package weights

import "testing"

// TestFileOfPython2: an ordered dict as Python 2 pickles it, of tensors as PyTorch before 0.4 did.
func TestFileOfPython2(t *testing.T) {
	tensor := "ctorch._utils\n_rebuild_tensor\n((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x03NtQK\x01K\x02\x85K\x01\x85tR"
	state, err := parse(append(old("\x80\x02ccollections\nOrderedDict\n](](U\x08a.weight"+tensor+"e](U\x06a.bias"+tensor+"ee\x85R.", "]U\x010a."),
		append([]byte{3, 0, 0, 0, 0, 0, 0, 0}, NewTensor("", []float32{1, 2, 3}, 3).Data...)...))
	if err != nil {
		t.Fatal(err)
	}
	sameState(t, "Python 2", state, []Tensor{NewTensor("a.weight", []float32{2, 3}, 2), NewTensor("a.bias", []float32{2, 3}, 2)})
}
