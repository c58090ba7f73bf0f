package lesson

import (
	"fmt"
	"reflect"

	"convlab/cnnlib"
)

// specialExercises are those of parts 1.4 to 1.6.
var specialExercises = map[string]exercise{
	"1.4 TransposedSize": {
		names: []string{"n", "k", "s", "p"},
		cases: [][]any{{2, 3, 1, 0}, {2, 3, 1, 1}, {4, 4, 2, 1}, {7, 3, 2, 0}, {5, 2, 2, 0}, {3, 5, 3, 2}},
		want: func(n, k, s, p int) int {
			return side(cnnlib.TransposedConv{Out: 1, Kernel: k, Stride: s, Padding: p}, n)
		},
		mistakes: []mistake{
			{func(n, k, s, p int) int { return (n-1)*s + k }, "The padding is missing: it cuts off p pixels on each side.", "漏了填充：它在每侧裁掉 p 个像素。"},
			{func(n, k, s, p int) int { return n*s - 2*p + k }, "Off by one step: n stamps are n − 1 strides apart.", "多了一步：n 次盖章之间只有 n − 1 个步长。"},
			{func(n, k, s, p int) int { return (n-1)*s + 2*p + k }, "Here padding makes the result smaller.", "在这里，填充使结果变小。"},
			{func(n, k, s, p int) int { return (n+2*p-k)/s + 1 }, "That is the size of the plain convolution.", "这是普通卷积的大小。"},
		},
	},
	"1.4 Stamp": {
		names: []string{"x", "kernel", "stride"},
		cases: [][]any{{Map{{1, -2, 3}, {0, 4, 5}}, uneven, 1}, {Map{{1, -2, 3}, {0, 4, 5}}, uneven, 2}, {Digits(3), uneven, 3}},
		want: func(x, kernel Map, stride int) Map {
			return Apply(cnnlib.TransposedConv{Stride: stride}, x, kernel)
		},
		mistakes: []mistake{
			{func(x, kernel Map, stride int) Map {
				return stamped(x, kernel, stride, false, true)
			}, "Where stamps overlap they are added up, not written over.", "盖章重叠处要相加，而不是覆盖。"},
			{func(x, kernel Map, stride int) Map {
				return stamped(x, kernel, stride, true, false)
			}, "The kernel is turned by 180°: a stamp is the kernel as it is.", "卷积核旋转了 180°：盖章用的就是核本身。"},
			{func(x, kernel Map, stride int) Map {
				out := Apply(cnnlib.TransposedConv{Stride: stride}, x, kernel)
				dense := Apply(cnnlib.TransposedConv{}, x, kernel)
				for i := range out {
					for j := range out[i] {
						out[i][j] = 0
						if i < len(dense) && j < len(dense[0]) {
							out[i][j] = dense[i][j]
						}
					}
				}
				return out
			}, "The stamps lie one pixel apart: number i is stamped in row i·stride.", "盖章只隔了一个像素：第 i 个数应盖在第 i·stride 行。"},
		},
	},
	"1.4 OutputPadding": {
		names: []string{"n", "k", "s", "p"},
		cases: [][]any{{8, 3, 2, 0}, {7, 3, 2, 0}, {8, 3, 2, 1}, {16, 5, 3, 2}, {11, 4, 4, 2}},
		want: func(n, k, s, p int) int {
			down := side(cnnlib.Conv{Out: 1, Kernel: k, Stride: s, Padding: p}, n)
			for op := 0; ; op++ {
				if side(cnnlib.TransposedConv{Out: 1, Kernel: k, Stride: s, Padding: p, OutputPadding: op}, down) == n {
					return op
				}
			}
		},
		mistakes: []mistake{
			{func(n, k, s, p int) int { return (n - k) % s }, "The padding of the way down is missing: n + 2p pixels.", "漏了缩小时的填充：一共有 n + 2p 个像素。"},
			{func(n, k, s, p int) int { return n % s }, "The rest is that of n + 2p − k, not of n.", "余数是 n + 2p − k 的余数，不是 n 的。"},
			{func(n, k, s, p int) int { return s - 1 }, "That is the most it can be; it depends on n.", "这是它的最大可能值；它与 n 有关。"},
		},
	},
	"1.5 Span": {
		names: []string{"k", "rate"},
		cases: [][]any{{3, 1}, {3, 2}, {3, 4}, {5, 3}, {2, 7}, {1, 5}},
		want: func(k, rate int) int {
			for n := 1; ; n++ {
				if side(cnnlib.Conv{Out: 1, Kernel: k, Dilation: rate}, n) > 0 {
					return n
				}
			}
		},
		mistakes: []mistake{
			{func(k, rate int) int { return k * rate }, "There are only k − 1 gaps between k weights.", "k 个权重之间只有 k − 1 个间隔。"},
			{func(k, rate int) int { return k + (k-1)*rate }, "A gap is rate − 1 pixels wide.", "一个空隙有 rate − 1 个像素宽。"},
			{func(k, rate int) int { return (k - 1) * rate }, "Off by one: the first weight counts too.", "差了一：第一个权重也要算。"},
		},
	},
	"1.5 Rate": {
		names: []string{"k", "span"},
		cases: [][]any{{3, 5}, {3, 7}, {3, 6}, {2, 4}, {5, 9}, {5, 8}, {4, 10}},
		want: func(k, span int) int {
			for rate := 1; rate <= span; rate++ {
				if n := rate*(k-1) + 1; n == span && side(cnnlib.Conv{Out: 1, Kernel: k, Dilation: rate}, n) == 1 {
					return rate
				}
			}
			return 0
		},
		mistakes: []mistake{
			{func(k, span int) int { return (span - 1) / (k - 1) }, "Where the division leaves a rest no rate fits: give 0.", "除不尽时没有合适的膨胀率：应返回 0。"},
			{func(k, span int) int { return span / k }, "From the first weight to the last there are k − 1 steps over span − 1 pixels.", "从第一个权重到最后一个共 k − 1 步，跨 span − 1 个像素。"},
			{func(k, span int) int {
				if (span-k)%(k-1) != 0 {
					return 0
				}
				return (span - k) / (k - 1)
			}, "That is the width of the gap, rate − 1.", "这是空隙的宽度，即 rate − 1。"},
		},
	},
	"1.5 Widest": {
		cases: [][]any{{}},
		judge: func(result []reflect.Value) string {
			rates := []int{int(result[0].Int()), int(result[1].Int()), int(result[2].Int())}
			if min(rates[0], rates[1], rates[2]) < 1 || max(rates[0], rates[1], rates[2]) > 20 {
				return fmt.Sprintf(say("rates %v: take numbers from 1 to 20.", "膨胀率 %v：请取 1 到 20 之间的数。"), rates)
			}
			n, of := Touched(rates...)
			if n == 27*27 && of == 27*27 {
				return ""
			}
			return fmt.Sprintf(say("rates %v: %d of %d pixels are read, 729 of 729 are asked for.", "膨胀率 %v：读到 %d / %d 个像素，要求 729 / 729。"), rates, n, of)
		},
		mistakes: []mistake{
			{func() (int, int, int) { return 1, 2, 4 }, "Doubling has no holes, but it reads some pixels along several paths: it can go further.", "逐层翻倍没有空洞，但有些像素经多条路径重复读到：还可以更远。"},
			{func() (int, int, int) { return 1, 4, 8 }, "The field has the right size, but there are holes.", "感受野的大小对了，但里面有空洞。"},
			{func() (int, int, int) { return 13, 13, 13 }, "That is the size of the field; equal rates leave a grid.", "这样只想到了大小；膨胀率相等会留下网格。"},
		},
	},
	"1.6 Split": {
		cases: [][]any{{}},
		judge: func(result []reflect.Value) string {
			column, row := floats(result[0]), floats(result[1])
			if len(column) != 3 || len(row) != 3 {
				return fmt.Sprintf(say("%d numbers down and %d across: both should be 3.", "竖着 %d 个数，横着 %d 个数：都应为 3 个。"), len(column), len(row))
			}
			want := must(cnnlib.ClassicKernel("gaussian"))
			if off := (Maps{Outer(column, row).Minus(want)}).Largest(); off > 1e-6 {
				return fmt.Sprintf(say("the product is off by up to %s from the Gaussian kernel.", "乘积与高斯核最多相差 %s。"), figure(off))
			}
			return ""
		},
		mistakes: []mistake{
			{func() (column, row []float32) { return []float32{1, 2, 1}, []float32{1, 2, 1} }, "The product sums to 16, the kernel to 1: divide by 16 in all.", "乘积的总和是 16，而核的总和是 1：一共要除以 16。"},
			{func() (column, row []float32) {
				return []float32{1. / 16, 2. / 16, 1. / 16}, []float32{1. / 16, 2. / 16, 1. / 16}
			}, "Divided by 16 twice: a quarter in the column and a quarter in the row make a sixteenth.", "除了两次 16：列除以 4、行除以 4，合起来才是 16。"},
			{func() (column, row []float32) { return []float32{1, 2, 1}, []float32{-1, 0, 1} }, "That is Sobel's pair.", "这是 Sobel 核的一对。"},
		},
	},
	"1.6 Products": {
		names: []string{"n", "k"},
		cases: [][]any{{5, 3}, {5, 5}, {32, 3}, {32, 7}, {100, 1}},
		want: func(n, k int) int {
			return int(Costs([]int{n, n, 1}, cnnlib.SpatialConv{Out: 1, Kernel: k}).MACs)
		},
		mistakes: []mistake{
			{func(n, k int) int { m := n - k + 1; return 2 * k * m * m }, "The first pass makes more rows (or columns) than the second: it shortens one axis only.", "第一遍的输出比第二遍多：它只缩短一个方向。"},
			{func(n, k int) int { m := n - k + 1; return k * k * m * m }, "That is the full kernel: each pass has k products a position, not k².", "这是完整的核：每一遍每个位置只有 k 个乘积，不是 k²。"},
			{func(n, k int) int { return 2 * k * n * n }, "Without padding the kernel does not fit at every position.", "没有填充时，核并不能停在每个位置。"},
		},
	},
	"1.6 Share": {
		names: []string{"in", "out", "k"},
		cases: [][]any{{32, 128, 3}, {3, 16, 5}, {64, 64, 1}, {7, 1, 3}},
		want: func(in, out, k int) float64 {
			shape := []int{20, 20, in}
			return float64(Costs(shape, cnnlib.SeparableConv{Out: out, Kernel: k}).MACs) / float64(Costs(shape, cnnlib.Conv{Out: out, Kernel: k}).MACs)
		},
		mistakes: []mistake{
			{func(in, out, k int) float64 { return 1 / float64(out) }, "The 1×1 stage is missing.", "漏了 1×1 那一步。"},
			{func(in, out, k int) float64 { return 1 / float64(k*k) }, "The depthwise stage is missing.", "漏了逐通道那一步。"},
			{func(in, out, k int) float64 { return 1/float64(in) + 1/float64(k*k) }, "The number of output channels counts, not that of the input.", "要看输出通道数，而不是输入通道数。"},
			{func(in, out, k int) float64 { return 1/float64(out) + 1/float64(k) }, "A k×k kernel has k² weights.", "k×k 的核有 k² 个权重。"},
		},
	},
}

func floats(v reflect.Value) []float32 {
	return v.Convert(reflect.TypeFor[[]float32]()).Interface().([]float32)
}

// stamped is the transposed convolution by stamping, with its mistakes.
func stamped(x, kernel Map, stride int, turn, overwrite bool) Map {
	out := Filled((len(x)-1)*stride+len(kernel), (len(x[0])-1)*stride+len(kernel[0]), 0)
	if turn {
		kernel = cnnlib.Turned(kernel)
	}
	for i, row := range x {
		for j, v := range row {
			for a := range kernel {
				for b, w := range kernel[a] {
					if overwrite {
						out[i*stride+a][j*stride+b] = 0
					}
					out[i*stride+a][j*stride+b] += v * w
				}
			}
		}
	}
	return out
}

// Dilated is a network of 3×3 layers of one channel at these rates, and the
// side of what one output of it sees.
func Dilated(rates ...int) (net cnnlib.Sequential, sees int) {
	sees = 1
	for _, rate := range rates {
		net = append(net, cnnlib.Conv{Out: 1, Kernel: 3, Dilation: rate, NoBias: true})
		sees += 2 * rate
	}
	return net, sees
}

// Touched counts the pixels that move one output of 3×3 layers at these rates:
// those with a gradient other than 0, of all in the field.
func Touched(rates ...int) (n, of int) {
	net, sees := Dilated(rates...)
	influence := must(Open(net, sees, sees, 1).Influence(make([]uint8, sees*sees), 1, ""))
	for _, v := range influence {
		if v > 0 {
			n++
		}
	}
	return n, len(influence)
}
