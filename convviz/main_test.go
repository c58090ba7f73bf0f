package convviz

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws fewer random pictures under -short.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		drawings = 40
	}
	os.Exit(m.Run())
}
