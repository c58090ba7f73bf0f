package weights

import (
	"strings"
	"testing"
)

// TestSafetensorsOfEveryLength: the length of the header is the beginning of a
// pickle for some lengths, of a zip or gzip for others.
func TestSafetensorsOfEveryLength(t *testing.T) {
	lengths := []int{0x08b8, 0x8b1f, 0x04034b50 & 0xffff}
	for n := 80; n < 2048; n++ {
		lengths = append(lengths, n)
	}
	for _, n := range lengths {
		header := `{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
		header += strings.Repeat(" ", n-len(header))
		state, err := parse(st(header, "1234"))
		if err != nil || len(state) != 1 || state[0].Name != "w" {
			t.Fatalf("a header of %d bytes: %d tensors, error %v", n, len(state), err)
		}
	}
}
