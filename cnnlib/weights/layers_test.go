package weights

import (
	"fmt"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestStateDictOfOtherLayers: names, order and shapes of PyTorch's modules.
func TestStateDictOfOtherLayers(t *testing.T) {
	net := cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Groups: 2}, cnnlib.BatchNorm{}, cnnlib.TransposedConv{Out: 5, Kernel: 2}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 3}}
	m, err := cnnlib.New(labtest.Go(t), net, []int{8, 8, 4}, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range state(t, m) {
		got = append(got, fmt.Sprint(s.Name, s.Shape))
	}
	want := "0.weight[6 2 3 3] 0.bias[6] 1.weight[6] 1.bias[6] 1.running_mean[6] 1.running_var[6] 2.weight[6 5 2 2] 2.bias[5] 4.weight[3 5] 4.bias[3]"
	if strings.Join(got, " ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, " "), want)
	}
}
