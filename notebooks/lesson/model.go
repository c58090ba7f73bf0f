package lesson

import (
	"fmt"
	"strings"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/convviz"
	"convlab/convviz/draw"
	"convlab/internal/geometry"
	"convlab/internal/htmltable"
)

// Open makes a model of net with random weights, the same in every run. in is
// the shape of one example: height, width, channels; without it, it is
// CIFAR-10's, normalised as for training.
func Open(net cnnlib.Sequential, in ...int) *cnnlib.Model {
	opt := cnnlib.Options{Seed: 1}
	if len(in) == 0 {
		in, opt.Mean, opt.Std = nets.CIFARInput(), cifar.Mean[:], cifar.Std[:]
	}
	return must(cnnlib.New(must(cnnlib.OpenBackend()).Backend, net, in, opt))
}

// Seeded is Open for images of CIFAR-10 with other random weights: those of
// this seed.
func Seeded(net cnnlib.Sequential, seed uint64) *cnnlib.Model {
	return must(cnnlib.New(must(cnnlib.OpenBackend()).Backend, net, nets.CIFARInput(),
		cnnlib.Options{Seed: seed, Mean: cifar.Mean[:], Std: cifar.Std[:]}))
}

// Costs are what layers in series cost on one example of shape in: parameters,
// multiply-accumulates (MACs), activations, and what they see.
func Costs(in []int, layers ...cnnlib.Layer) *cnnlib.Summary {
	return must(cnnlib.Sequential(layers).Summary(in))
}

// Sees is how many pixels of the input one output of layers in series sees along
// the first axis.
func Sees(in []int, layers ...cnnlib.Layer) int {
	return must(cnnlib.Sequential(layers).ReceptiveField(in, ""))[0].Size
}

// Weight is a weight of the model, flat, by the path of its layer.
func Weight(m *cnnlib.Model, layer cnnlib.Path, name string) []float32 {
	values, _, err := m.Weight(layer, name)
	return must(values, err)
}

// Run is what the model gives for one example whose pixels are counted from 0
// to 255 in a fixed pattern. Models of one input shape get the same pixels.
func Run(m *cnnlib.Model) []float32 {
	pixels := make([]uint8, geometry.Volume(m.Input()))
	for i := range pixels {
		pixels[i] = uint8((7*i + i*i/13) % 256)
	}
	return must(m.Predict(pixels, 1))[0]
}

// Apart is the largest difference between two lists of numbers.
func Apart(a, b []float32) (most float64) {
	if len(a) != len(b) {
		must(0, wrong("%d numbers beside %d", "一边有 %d 个数，另一边有 %d 个", len(a), len(b)))
	}
	for i := range a {
		most = max(most, float64(a[i]-b[i]), float64(b[i]-a[i]))
	}
	return most
}

// Settings are all combinations of numbers from 0 to below each of ends: the
// loops over sizes, strides and paddings in one.
func Settings(ends ...int) [][]int {
	all := [][]int{{}}
	for _, end := range ends {
		var longer [][]int
		for _, c := range all {
			for v := range end {
				longer = append(longer, append(append([]int{}, c...), v))
			}
		}
		all = longer
	}
	return all
}

// ShowCosts shows what each layer of a network costs, as a table in the
// student's language: output, parameters, MACs, bytes of its output for one
// image, bytes of its parameters in training, and what it sees.
func ShowCosts(in []int, layers ...cnnlib.Layer) {
	OK(convviz.ShowHTML(costTable(Costs(in, layers...))))
}

func costTable(sum *cnnlib.Summary) string {
	var b strings.Builder
	perParameter := float64(sum.TrainBytes) / float64(max(sum.Params, 1)) // weight, gradient and Adam's two averages
	b.WriteString("<table>\n")
	htmltable.Row(&b, "th", say("layer", "层"), say("output", "输出"), say("parameters", "参数量"), say("MACs", "乘加次数"), say("output bytes", "输出字节数"), say("training bytes", "训练字节数"), say("sees", "感受野"))
	for _, r := range sum.Rows {
		sees := fmt.Sprint(r.ReceptiveField)
		if r.ReceptiveField == 0 {
			sees = say("all", "全部")
		}
		htmltable.Row(&b, "td", r.Layer, fmt.Sprint(r.Output), draw.Number(float64(r.Params), 0), draw.Number(float64(r.MACs), 0), draw.Number(float64(r.ActivationBytes), 0), draw.Number(float64(r.Params)*perParameter, 0), sees)
	}
	htmltable.Row(&b, "th", say("all", "合计"), "", draw.Number(float64(sum.Params), 0), draw.Number(float64(sum.MACs), 0), draw.Number(float64(sum.ActivationBytes), 0), draw.Number(float64(sum.TrainBytes), 0), "")
	b.WriteString("</table>\n")
	return b.String()
}
