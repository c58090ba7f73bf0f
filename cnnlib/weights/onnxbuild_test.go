package weights

import (
	"slices"
	"strings"
	"testing"
)

// TestONNXNames: the names of weights in a file of PyTorch are those of the
// network that is read, as far as the exporter keeps them.
func TestONNXNames(t *testing.T) {
	for file, want := range map[string]string{
		"torch_residual_new": "conv1.weight conv1.bias layer1.0.conv1.weight layer1.0.conv1.bias layer1.0.conv2.weight layer1.0.conv2.bias " +
			"layer1.1.conv1.weight layer1.1.conv1.bias layer1.1.conv2.weight layer1.1.conv2.bias layer1.1.downsample.0.weight layer1.1.downsample.0.bias " +
			"layer2.0.conv1.weight layer2.0.conv1.bias layer2.0.conv2.weight layer2.0.conv2.bias layer2.0.conv3.weight layer2.0.conv3.bias " +
			"layer2.0.downsample.0.weight layer2.0.downsample.0.bias fc.weight fc.bias",
		"torch_dense_old": "first.weight first.bias layers.0.0.weight layers.0.0.bias layers.0.0.running_mean layers.0.0.running_var layers.0.2.weight layers.0.2.bias " +
			"layers.1.0.weight layers.1.0.bias layers.1.0.running_mean layers.1.0.running_var layers.1.2.weight layers.1.2.bias " +
			"layers.2.0.weight layers.2.0.bias layers.2.0.running_mean layers.2.0.running_var layers.2.2.weight layers.2.2.bias " +
			"norm.weight norm.bias norm.running_mean norm.running_var head.1.weight head.1.bias head.3.2.weight head.3.2.bias",
		"torch_unet_old":          "down1.weight down1.bias down2.weight down2.bias middle.weight middle.bias up2.weight up2.bias join2.weight join2.bias up1.weight up1.bias join1.weight join1.bias",
		"legacy_two_equal_biases": "0.weight 0.bias 2.weight 2.bias 4.weight 4.bias",
		"dense":                   "1.weight 1.bias 4.weight 4.bias 6.weight 7.weight", // w0, w1, ...
	} {
		net, err := ReadONNX("testdata/made/" + file + ".onnx")
		if err != nil {
			t.Error(err)
			continue
		}
		var names []string
		for _, s := range net.State {
			names = append(names, s.Name)
		}
		if !slices.Equal(names, strings.Fields(want)) {
			t.Errorf("%s has the weights %v\nwant %s", file, names, want)
		}
	}
}
