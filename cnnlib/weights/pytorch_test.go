package weights

import (
	"bytes"
	"encoding/base64"
	"path/filepath"
	"slices"
	"testing"
)

// TestGoldenTensors: every type and every way to lie in a storage, as PyTorch
// saved them in a dict within a dict.
func TestGoldenTensors(t *testing.T) {
	want := readGolden(t).Odd
	state := read(t, "testdata/odd.pth")
	if len(state) != len(want) {
		t.Errorf("%d tensors, want %d", len(state), len(want))
	}
	names := map[string]DType{"torch.float64": F64, "torch.float32": F32, "torch.float16": F16, "torch.bfloat16": BF16, "torch.int64": I64,
		"torch.int32": I32, "torch.int16": I16, "torch.int8": I8, "torch.uint8": U8, "torch.bool": Bool}
	for _, got := range state {
		w, ok := want[got.Name]
		data, _ := base64.StdEncoding.DecodeString(w.Data)
		if !ok || got.DType != names[w.DType] || !slices.Equal(got.Shape, w.Shape) || !bytes.Equal(got.Data, data) {
			t.Errorf("%s: %s %v %x, want %s %v %x", got.Name, got.DType, got.Shape, got.Data, w.DType, w.Shape, data)
		}
	}
	for _, file := range []string{"all.pth", "all.safetensors"} { // and back
		file = filepath.Join(t.TempDir(), file)
		if err := WriteFile(file, state); err != nil {
			t.Fatal(err)
		}
		sameState(t, file, read(t, file), state)
	}
}
