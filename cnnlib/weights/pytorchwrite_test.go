package weights

import (
	"archive/zip"
	"bytes"
	"testing"
)

// TestStoragesAreAligned: PyTorch maps a storage from the file, where it has to
// begin at a multiple of 64 bytes.
func TestStoragesAreAligned(t *testing.T) {
	var file bytes.Buffer
	if err := writePyTorch(&file, []Tensor{NewTensor("a", []float32{1, 2, 3}, 3), NewTensor("longer.name", []float32{4}, 1), NewTensor("b", nil, 0)}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 6 {
		t.Errorf("%d entries, want a pickle, the byte order, 3 storages and a version", len(z.File))
	}
	for _, f := range z.File {
		if at, err := f.DataOffset(); err != nil || at%alignment != 0 || f.Method != zip.Store {
			t.Errorf("%s begins at byte %d, error %v", f.Name, at, err)
		}
	}
}
