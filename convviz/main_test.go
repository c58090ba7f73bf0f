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
		drawings = 20
	}
	os.Exit(m.Run())
}
