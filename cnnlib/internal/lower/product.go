package lower

import "github.com/gomlx/gomlx/core/graph"

// Product is the matrix product of x, [batch, in], and w, [in, out]. Where our
// own kernels are in use and have one for these sizes (internal/kernels,
// product.h), it is a convolution of one pixel for each row, which they compute
// with its gradients; else it is the backend's product.
func Product(x, w *graph.Node) *graph.Node {
	batch, in, out := x.Shape().Dimensions[0], w.Shape().Dimensions[0], w.Shape().Dimensions[1]
	if !direct(x) || batch != 1 && batch < 32 || batch > 1024 || min(in, out) < 256 {
		return graph.Dot(x, w).Product()
	}
	y := Convolve(graph.Reshape(x, batch, 1, in), graph.Reshape(w, 1, in, out), Conv{Strides: []int{1}, Dilations: []int{1}, Pads: [][2]int{{0, 0}}, Groups: 1}, Plan{})
	return graph.Reshape(y, batch, out)
}
