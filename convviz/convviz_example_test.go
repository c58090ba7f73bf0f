package convviz_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convlab/cnnlib/nets"
	"convlab/convviz"

	"github.com/janpfeifer/must"
)

// A notebook cell, with must as cells have it. Outside a notebook Show does
// nothing, and Write saves a file.
func ExampleShow() {
	os.Setenv("CONVLAB_LANG", "en")
	p := must.M1(convviz.Network(nets.LeNet(), nets.CIFARInput()))
	must.M(convviz.Show(p))
	dir := must.M1(os.MkdirTemp("", "convviz"))
	defer os.RemoveAll(dir)
	must.M(convviz.Write(filepath.Join(dir, "network.svg"), p))
	fmt.Println(p.Alt[:47])
	// Output:
	// Network: input, 32x32x3 → Conv 6@3x3, 30x30x6
}
