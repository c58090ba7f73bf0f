package weights

import (
	"path/filepath"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// TestONNXOfOthers: files made as other programs write them give what
// onnxruntime gives.
func TestONNXOfOthers(t *testing.T) {
	golden := readGoldenONNX(t).Made
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for name, want := range golden {
			net, err := ReadONNX(filepath.Join("testdata/made", name+".onnx"), channelsLast(want.Shape)...)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			m, err := net.Model(b)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			got, err := m.Predict(pixelsFor(m.Input(), len(want.Output)), len(want.Output))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if off := relative(got, want.Output); !(off <= 1e-5) {
				t.Errorf("%s (%+v): outputs differ from onnxruntime's by %.1e relative", name, net.Net, off)
			}
		}
	})
}
