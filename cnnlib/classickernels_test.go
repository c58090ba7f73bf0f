package cnnlib

import "testing"

// TestClassicKernels: each has its name, and the sum that its kind has: blurs
// keep the brightness, edges take it away.
func TestClassicKernels(t *testing.T) {
	sums := map[string]float32{"identity": 1, "cross": 5, "box": 1, "gaussian": 1, "gaussian5": 1, "sharpen": 1, "emboss": 1}
	for _, k := range ClassicKernels() {
		rows, err := ClassicKernel(k.Name)
		if err != nil || len(rows)%2 != 1 || len(rows[0]) != len(rows) || k.Does == "" {
			t.Errorf("%s: %v, %v", k.Name, rows, err)
		}
		sum := float32(0)
		for _, row := range rows {
			for _, v := range row {
				sum += v
			}
		}
		if want := sums[k.Name]; sum < want-1e-6 || sum > want+1e-6 {
			t.Errorf("%s: its weights sum to %g, want %g", k.Name, sum, want)
		}
	}
	_, err := ClassicKernel("unsharp")
	wantError(t, err, `there is no kernel "unsharp"; there are ["identity"`)
}
