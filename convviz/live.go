package convviz

import (
	"bytes"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"image/jpeg"
	"image/png"
	"strings"

	"convlab/cnnlib"
)

// Case is a layer on numbers, or several in series: what a live picture shows
// and its reader then changes. Layers are those that slide (Conv,
// TransposedConv, DepthwiseConv, MaxPool, AvgPool), ReLU, those that are made of
// them (ShuffledConv, SeparableConv, SpatialConv, FlattenedConv, Sequential),
// or a SoftmaxLayer alone. Biases are left out: every number is a sum of
// products.
type Case struct {
	Layer cnnlib.Layer
	Shape []int // of the input without the batch: [spatial..., channels]
	// Input is flat, in row-major order of Shape; nil lets the page fill it.
	Input []float64
	// Kernels are flat, in row-major order of the weights' shapes, one for each
	// layer that has one; nil, or nil for a layer, lets the page fill them.
	Kernels [][]float64
	Target  int // the true class, of a SoftmaxLayer
}

//go:embed live
var liveFiles embed.FS

// liveScripts are the parts of the script, in the order of their use.
var liveScripts = []string{"words.js", "layers.js", "grids.js", "readout.js", "network.js", "softmax.js", "page.js"}

// Live is a picture that answers: numbers are typed, settings are moved by
// sliders, and sizes, products, sums, the matrix and gradients follow in the
// page, without a kernel and without a network. The first case is shown, the
// others are examples to choose. Where scripts do not run, a still picture of
// the first case is seen.
func Live(cases ...Case) (*Page, error) {
	if len(cases) == 0 {
		return nil, fmt.Errorf("convviz: no case to show live")
	}
	written := make([]liveCase, len(cases))
	for i, c := range cases {
		var err error
		if written[i], err = c.written(); err != nil {
			return nil, fmt.Errorf("convviz: case %d: %w", i, err)
		}
	}
	still, err := cases[0].still(written[0])
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	data, err := json.Marshal(written)
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	script, err := liveScript()
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	css, err := liveFiles.ReadFile("live/live.css")
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	return scriptedBy(still, script, string(css), "live", data)
}

// liveScript is the script of live pictures: its parts, one after the other.
func liveScript() (string, error) {
	var b strings.Builder
	for _, name := range liveScripts {
		part, err := liveFiles.ReadFile("live/" + name)
		if err != nil {
			return "", err
		}
		b.Write(part)
	}
	return b.String(), nil
}

// jpegOf is a picture as HTML that takes little room.
func jpegOf(p *Picture) (string, error) {
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		return "", fmt.Errorf("convviz: PNG: %w", err)
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, img, &jpeg.Options{Quality: 60}); err != nil {
		return "", fmt.Errorf("convviz: JPEG: %w", err)
	}
	return fmt.Sprintf(`<img src="data:image/jpeg;base64,%s" width="%d" height="%d" alt="%s" style="max-width:100%%;height:auto">`,
		base64.StdEncoding.EncodeToString(data.Bytes()), p.Width, p.Height, html.EscapeString(p.Alt)), nil
}
