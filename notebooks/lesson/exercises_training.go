package lesson

import (
	"math"

	"convlab/cnnlib/train"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"convlab/cnnlib"
)

// trainingExercises are those of part 3.5.
var trainingExercises = map[string]exercise{
	"3.5 CrossEntropy": {
		names: []string{"logits", "label"},
		cases: [][]any{{[]float64{2, 1, 0}, 0}, {[]float64{2, 1, 0}, 2}, {[]float64{0, 0, 0, 0}, 1}, {[]float64{-1, 3, 0.5}, 1}},
		want: func(logits []float64, label int) float64 {
			z := make([]float32, len(logits))
			for i, v := range logits {
				z[i] = float32(v)
			}
			loss := must(graph.CallOnce(must(cnnlib.OpenBackend()).Backend, func(z, y *graph.Node) *graph.Node { return train.CrossEntropy{}.Build(z, y) },
				tensors.FromFlatDataAndDimensions(z, 1, len(z)), []int32{int32(label)}))
			return float64(tensors.ToScalar[float32](loss))
		},
		mistakes: []mistake{
			{func(logits []float64, label int) float64 { return softmax(logits)[label] }, "That is the probability: the loss is minus its logarithm.", "这是概率：损失是它的对数取负。"},
			{func(logits []float64, label int) float64 { return math.Log(softmax(logits)[label]) }, "The sign: the logarithm of a probability is negative, the loss is not.", "符号反了：概率的对数是负数，损失不是。"},
			{func(logits []float64, label int) float64 { return -math.Log2(softmax(logits)[label]) }, "The logarithm is the natural one, math.Log.", "应当用自然对数 math.Log。"},
			{func(logits []float64, label int) float64 { return -logits[label] }, "Logits are no probabilities: softmax first.", "logits 不是概率：先做 softmax。"},
			{func(logits []float64, label int) float64 {
				sum := 0.0
				for _, p := range softmax(logits) {
					sum -= math.Log(p)
				}
				return sum / float64(len(logits))
			}, "Only the true class counts, not the mean over all classes.", "只算真实类别，不是所有类别的平均。"},
			{func(logits []float64, label int) float64 { return -math.Log(softmax(softmax(logits))[label]) }, "Softmax was applied twice.", "做了两次 softmax。"},
		},
	},
	"3.5 AdamStep": {
		names: []string{"w", "g", "m", "v", "t"},
		cases: [][]any{{1.0, 0.5, 0.0, 0.0, 1}, {1.0, -20.0, 0.0, 0.0, 1}, {0.3, 0.5, 0.2, 0.01, 7}, {-1.0, 1e-3, -0.1, 0.5, 40}},
		want:  adamStep,
		mistakes: []mistake{
			{func(w, g, m, v float64, t int) (float64, float64, float64) {
				m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
				return w - 1e-3*m/(math.Sqrt(v)+1e-8), m, v
			}, "The bias correction is missing: divide m by 1 − 0.9ᵗ and v by 1 − 0.999ᵗ.", "漏了偏差修正：m 要除以 1 − 0.9ᵗ，v 要除以 1 − 0.999ᵗ。"},
			{func(w, g, m, v float64, t int) (float64, float64, float64) {
				m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
				return w - 1e-3*m/(1-math.Pow(0.9, float64(t)))/(v/(1-math.Pow(0.999, float64(t)))+1e-8), m, v
			}, "Take the square root of v.", "v 要开平方。"},
			{func(w, g, m, v float64, t int) (float64, float64, float64) {
				m, v = 0.9*m+0.1*g, 0.999*v+0.001*g
				return w - 1e-3*m/(1-math.Pow(0.9, float64(t)))/(math.Sqrt(v/(1-math.Pow(0.999, float64(t))))+1e-8), m, v
			}, "v averages the squares of the gradients.", "v 是梯度平方的平均。"},
			{func(w, g, m, v float64, t int) (float64, float64, float64) {
				next, m, v := adamStep(w, g, m, v, t)
				return w - (next - w), m, v
			}, "The wrong way: the step goes against the gradient.", "方向反了：应当逆着梯度走。"},
			{func(w, g, m, v float64, t int) (float64, float64, float64) {
				m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
				return w - 1e-3*g/(math.Sqrt(v/(1-math.Pow(0.999, float64(t))))+1e-8), m, v
			}, "The step follows the mean m, not the gradient of this step alone.", "要按平均值 m 走，而不是只看这一步的梯度。"},
		},
	},
	"3.5 FitLine": {
		names: []string{"x", "y", "rate", "epochs"},
		cases: [][]any{
			{[]float64{0, 1, 2, 3}, []float64{1, 3, 5, 7}, 0.1, 1}, {[]float64{0, 1, 2, 3}, []float64{1, 3, 5, 7}, 0.1, 3},
			{[]float64{-1, 2}, []float64{4, 0}, 0.05, 50},
		},
		want: func(x, y []float64, rate float64, epochs int) (w, b float64) {
			return fitLine(x, y, rate, epochs, 1, 1)
		},
		mistakes: []mistake{
			{func(x, y []float64, rate float64, epochs int) (float64, float64) {
				return fitLine(x, y, rate, epochs, float64(len(x)), float64(len(x)))
			}, "The mean of the squares, not their sum: divide the gradient by the number of points.", "损失是平方的平均，不是总和：梯度要除以点的个数。"},
			{func(x, y []float64, rate float64, epochs int) (float64, float64) {
				return fitLine(x, y, rate, epochs, 0.5, 0.5)
			}, "The 2 that comes down from the square is missing.", "漏了平方求导得到的 2。"},
			{func(x, y []float64, rate float64, epochs int) (float64, float64) {
				return fitLine(x, y, rate, epochs, -1, -1)
			}, "The wrong way: subtract the gradient.", "方向反了：应当减去梯度。"},
			{func(x, y []float64, rate float64, epochs int) (float64, float64) {
				return fitLine(x, y, rate, epochs, 1, 0)
			}, "b is trained too.", "b 也要训练。"},
			{func(x, y []float64, rate float64, epochs int) (float64, float64) {
				return fitLine(x, y, rate, 1, 1, 1)
			}, "Only one step was made: there is one for each epoch.", "只走了一步：每一轮都要走一步。"},
		},
	},
}

// softmax is that of cnnlib on float64 numbers.
func softmax(logits []float64) []float64 {
	p, sum := make([]float64, len(logits)), 0.0
	for i, z := range logits {
		p[i] = math.Exp(z)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// adamStep is train.Adam's for one weight with learning rate 0.001.
func adamStep(w, g, m, v float64, t int) (next, mean, square float64) {
	m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
	rates := train.Adam{}.Rates(1e-3, t)
	return w - float64(rates[0])*m/(math.Sqrt(v)*float64(rates[1])+1e-8), m, v
}

// fitLine makes the mean of (w·x + b − y)² small by steps against its gradient
// times byW and byB.
func fitLine(x, y []float64, rate float64, epochs int, byW, byB float64) (w, b float64) {
	for range epochs {
		dw, db := 0.0, 0.0
		for i := range x {
			e := 2 * (w*x[i] + b - y[i]) / float64(len(x))
			dw, db = dw+e*x[i], db+e
		}
		w, b = w-byW*rate*dw, b-byB*rate*db
	}
	return w, b
}
