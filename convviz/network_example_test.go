package convviz_test

import (
	"fmt"
	"os"

	"convlab/cnnlib/nets"
	"convlab/convviz"

	"github.com/janpfeifer/must"
)

// A network that branches is drawn with what is repeated on one card. Inside
// opens it by the path on the card.
func ExampleInside() {
	os.Setenv("CONVLAB_LANG", "en")
	p := must.M1(convviz.Inside(nets.ResNet20(10), nets.CIFARInput(), "3.1.0"))
	fmt.Println(p.Alt)
	// Output:
	// 3.1.0 Sum: input, 32x32x16 → [3.1.0.0.0 Conv 16@3x3, + BatchNorm, ReLU, 32x32x16, 2,336 params, sees 9x9 → 3.1.0.0.3 Conv 16@3x3, + BatchNorm, 32x32x16, 2,336 params, sees 11x11 | –] + 3.1.0 Sum, 32x32x16, sees 11x11. 4,672 params, 4,718,592 MACs
}
