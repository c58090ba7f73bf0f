package recipes

import (
	"fmt"
	"math"

	"convlab/cifar"
	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"gonum.org/v1/gonum/mat"
)

// fastNet is the network of airbench94 (K. Jordan, "94% on CIFAR-10 in 3.29
// seconds on a single GPU", 2024) with its three widths as given: a fixed
// whitening layer, then blocks of two convolutions with BatchNorm and GELU.
func fastNet(widths ...int) cnnlib.Sequential {
	net := cnnlib.Sequential{cnnlib.Conv{Out: 24, Kernel: whitenSide, NoBias: true}, cnnlib.GELU{}}
	norm := cnnlib.BatchNorm{Epsilon: 1e-12, Momentum: 0.4}
	for _, width := range widths {
		conv := cnnlib.Conv{Out: width, Kernel: 3, Padding: 1, NoBias: true}
		net = append(net, conv, cnnlib.MaxPool{Size: 2}, norm, cnnlib.GELU{}, conv, norm, cnnlib.GELU{})
	}
	return append(net, cnnlib.MaxPool{Size: 3}, cnnlib.Flatten{}, cnnlib.Dense{Out: cifar.NumClasses, NoBias: true}, cnnlib.Scale{By: 1.0 / 9})
}

// The whitening layer's windows, how many images it looks at, and what is
// added to the variances.
const (
	whitenSide   = 2
	whitenImages = 5000
	whitenAdded  = 5e-4
)

// startFast gives the network its first weights. The first layer's filters are
// the eigenvectors of the training images' windows, each scaled to variance 1
// and once more with its sign changed; they are not trained. The other
// convolutions pass their input on as their first outputs. BatchNorm's factors
// stay 1.
func startFast(m *cnnlib.Model, images *cifar.Images) error {
	filters, err := whitening(images)
	if err != nil {
		return err
	}
	for i, layer := range m.Root().Parts {
		weight := func() *model.Variable { return m.Store().GetVariable(layer.Scope() + "/weight") }
		switch layer.Layer.(type) {
		case cnnlib.Conv:
			v := weight()
			if i == 0 {
				v.SetTrainable(false)
				err = v.SetValue(tensors.FromFlatDataAndDimensions(filters, v.Shape().Dimensions...))
			} else {
				err = identity(v.MustValue())
			}
		case cnnlib.BatchNorm:
			weight().SetTrainable(false)
		}
		if err != nil {
			return fmt.Errorf("recipes: first weights of layer %d: %w", i, err)
		}
	}
	return nil
}

// identity makes the first filters of kernel [height, width, in, out] pass
// the middle of input channel i on as output i, as torch's dirac_.
func identity(kernel *tensors.Tensor) error {
	dims := kernel.Shape().Dimensions
	return tensors.MutableFlatData(kernel, func(w []float32) {
		in, out := dims[2], dims[3]
		for tap := range dims[0] * dims[1] {
			for i := range in {
				for o := range min(in, out) {
					v := float32(0)
					if o == i && tap == dims[0]/2*dims[1]+dims[1]/2 {
						v = 1
					}
					w[(tap*in+i)*out+o] = v
				}
			}
		}
	})
}

// whitening is the first layer's weight, [side, side, channels, filters].
func whitening(images *cifar.Images) ([]float32, error) {
	const size = whitenSide * whitenSide * cifar.Channels
	covariance := mat.NewSymDense(size, nil)
	window, count := make([]float64, size), 0
	for n := range min(whitenImages, images.Len()) {
		pixels, _ := images.Example(n)
		for y := range cifar.Size - whitenSide + 1 {
			for x := range cifar.Size - whitenSide + 1 {
				for k := range window {
					c, tap := k%cifar.Channels, k/cifar.Channels
					at := ((y+tap/whitenSide)*cifar.Size+x+tap%whitenSide)*cifar.Channels + c
					window[k] = (float64(pixels[at])/255 - float64(cifar.Mean[c])) / float64(cifar.Std[c])
				}
				covariance.SymRankOne(covariance, 1, mat.NewVecDense(size, window))
				count++
			}
		}
	}
	covariance.ScaleSym(1/float64(count), covariance)
	var eigen mat.EigenSym
	if count == 0 || !eigen.Factorize(covariance, true) {
		return nil, fmt.Errorf("recipes: the windows of %d images have no eigenvectors", images.Len())
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	filters := make([]float32, size*2*size)
	for j := range size { // the largest first
		column := size - 1 - j
		scale := 1 / math.Sqrt(values[column]+whitenAdded)
		for k := range size {
			v := float32(vectors.At(k, column) * scale)
			filters[k*2*size+j], filters[k*2*size+size+j] = v, -v
		}
	}
	return filters, nil
}
