package weights

import (
	"archive/zip"
	"strings"
	"testing"
)

// TestOtherZips: an archive that torch.save did not write is named.
func TestOtherZips(t *testing.T) {
	for name, want := range map[string]string{
		"arr_0.npy": "an archive of NumPy arrays", "model.weights.h5": "a Keras model", "[Content_Types].xml": "an office document",
		"net/models/model.json": "a program of torch.export", "resnet18.pth": "unpack it first", "notes.txt": "no file of torch.save",
	} {
		if _, err := parse(zipped(zip.Store, file{name, "x"})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", name, err, want)
		}
	}
	script := zipped(zip.Store, file{"a/data.pkl", "}."}, file{"a/constants.pkl", "}."})
	if _, err := parse(script); err == nil || !strings.Contains(err.Error(), "TorchScript") {
		t.Errorf("TorchScript: error %v", err)
	}
}
