package lesson

import (
	"fmt"
	"reflect"

	"convlab/cnnlib"
)

// exercises are those of all notebooks, by part and function.
var exercises = joined(plainExercises, specialExercises, channelExercises, fieldExercises, firstNetworkExercises, networkExercises, moduleExercises, dataExercises,
	trainingExercises, evaluationExercises, augmentExercises, wrongExercises, curveExercises, beyondExercises)

func joined(tables ...map[string]exercise) map[string]exercise {
	all := map[string]exercise{}
	for _, t := range tables {
		for id, e := range t {
			all[id] = e
		}
	}
	return all
}

// side is the size of what layer gives for n×n pixels of one channel, or 0
// where it does not fit.
func side(layer cnnlib.Layer, n int) int {
	info, err := layer.Check([]int{n, n, 1})
	if err != nil {
		return 0
	}
	return info.Output[0]
}

// params is how many parameters layer has on an input of shape in.
func params(layer cnnlib.Layer, in ...int) int {
	return int(must(layer.Check(in)).Params())
}

func ceil(a, b int) int { return (a + b - 1) / b }

// slid is the convolution by its definition, for the mistakes.
func slid(x, kernel Map, stride int, at func(i, j int) float32) Map {
	height, width := (len(x)-len(kernel))/stride+1, (len(x[0])-len(kernel[0]))/stride+1
	out := Filled(max(height, 1), max(width, 1), 0)
	for i := range out {
		for j := range out[i] {
			for a := range kernel {
				for b := range kernel[a] {
					out[i][j] += at(a, b) * x[i*stride+a][j*stride+b]
				}
			}
		}
	}
	return out
}

// uneven is a kernel that is not its own mirror image in any direction.
var uneven = Map{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}

// plainExercises are those of parts 1.1 to 1.3.
var plainExercises = map[string]exercise{
	"0.0 Pixels": {
		names: []string{"height", "width"},
		cases: [][]any{{32, 32}, {3, 5}, {1, 7}},
		want: func(height, width int) int {
			m := Filled(height, width, 1)
			return len(m) * len(m[0])
		},
		mistakes: []mistake{
			{func(height, width int) int { return height + width }, "Multiply the two, do not add them.", "两者要相乘，不是相加。"},
			{func(height, width int) int { return 2 * (height + width) }, "That is the way around the image.", "这是图像一圈的长度。"},
			{func(height, width int) int { return 3 * height * width }, "Those are the numbers of three channels; a pixel counts once.", "这是三个通道的数；一个像素只算一次。"},
		},
	},
	"1.1 OutputSize": {
		names: []string{"n", "k", "s", "p"},
		cases: [][]any{{5, 3, 1, 0}, {32, 3, 1, 1}, {6, 3, 2, 0}, {7, 5, 3, 2}, {224, 7, 2, 3}, {28, 5, 1, 0}},
		want:  func(n, k, s, p int) int { return side(cnnlib.Conv{Out: 1, Kernel: k, Stride: s, Padding: p}, n) },
		mistakes: []mistake{
			{func(n, k, s, p int) int { return (n-k)/s + 1 }, "That is the size without padding: 2p pixels are missing.", "这是没有填充时的大小：少了 2p 个像素。"},
			{func(n, k, s, p int) int { return (n+p-k)/s + 1 }, "Padding is on both sides: 2p, not p.", "填充在两侧都有：是 2p，不是 p。"},
			{func(n, k, s, p int) int { return (n + 2*p - k) / s }, "Off by one: the first position counts too.", "差了一：最初的那个位置也要算。"},
			{func(n, k, s, p int) int { return ceil(n+2*p-k, s) + 1 }, "Rounded up: a rest too short for a step gives no further output; round down.", "向上取整了：不够一步的余数得不到新的输出，应当向下取整。"},
			{func(n, k, s, p int) int { return n + 2*p - k + 1 }, "The stride is missing: divide by s.", "忘了步长：要除以 s。"},
		},
	},
	"1.1 SamePadding": {
		names: []string{"k", "d"},
		cases: [][]any{{3, 1}, {1, 1}, {5, 1}, {7, 1}, {3, 2}, {5, 3}},
		want: func(k, d int) int {
			for p := 0; ; p++ {
				if side(cnnlib.Conv{Out: 1, Kernel: k, Dilation: d, Padding: p}, 32) == 32 {
					return p
				}
			}
		},
		mistakes: []mistake{
			{func(k, d int) int { return (k - 1) / 2 }, "That holds at dilation 1 only: the span is d·(k − 1) + 1.", "只在膨胀率为 1 时成立：跨度是 d·(k − 1) + 1。"},
			{func(k, d int) int { return d * (k - 1) }, "That is the padding of both sides together: half of it goes on each side.", "这是两侧加起来的填充：每侧只要一半。"},
			{func(k, d int) int { return d * ((k + 1) / 2) }, "Rounded up: with an odd k, the middle weight needs no padding.", "向上取整了：k 为奇数时，中间的权重不需要填充。"},
		},
	},
	"1.1 Convolve": {
		names: []string{"x", "kernel", "stride"},
		cases: [][]any{{Digits(5), uneven, 1}, {Digits(7), uneven, 2}, {Digits(6), Map{{1, 2}, {3, -4}}, 1}},
		want:  func(x, kernel Map, stride int) Map { return Apply(cnnlib.Conv{Stride: stride}, x, kernel) },
		mistakes: []mistake{
			{func(x, k Map, stride int) Map {
				return slid(x, k, stride, func(a, b int) float32 { return k[len(k)-1-a][len(k[0])-1-b] })
			}, "The kernel is turned by 180°: that is the convolution of mathematics; networks do not turn it.", "卷积核旋转了 180°：这是数学里的卷积，神经网络并不旋转。"},
			{func(x, k Map, stride int) Map {
				return slid(x, k, stride, func(a, b int) float32 { return k[b%len(k)][a%len(k[0])] })
			}, "Rows and columns of the kernel are exchanged.", "卷积核的行和列颠倒了。"},
			{func(x, k Map, stride int) Map {
				out := Apply(cnnlib.Conv{Stride: stride}, x, k)
				dense := Apply(cnnlib.Conv{}, x, k)
				for i := range out {
					for j := range out[i] {
						out[i][j] = dense[i][j]
					}
				}
				return out
			}, "The window moves one pixel at a time: output i starts in row i·stride.", "窗口每次只移动了一个像素：第 i 个输出应从第 i·stride 行开始。"},
		},
	},
	"1.2 Params": {
		names: []string{"k", "in", "out"},
		cases: [][]any{{3, 3, 6}, {1, 64, 16}, {5, 6, 16}, {7, 3, 64}},
		want:  func(k, in, out int) int { return params(cnnlib.Conv{Out: out, Kernel: k}, 32, 32, in) },
		mistakes: []mistake{
			{func(k, in, out int) int { return k * k * in * out }, "The biases are missing: one for each filter.", "漏了偏置：每个卷积核有一个。"},
			{func(k, in, out int) int { return (k*k + 1) * out }, "Each filter has a slice for every input channel.", "每个卷积核对每个输入通道都有一个切片。"},
			{func(k, in, out int) int { return k*k*in*out + 1 }, "One bias for each filter, not one for all.", "每个卷积核各有一个偏置，而不是共用一个。"},
			{func(k, in, out int) int { return (k*k + 1) * in * out }, "A bias for each filter, not for each slice.", "偏置是每个卷积核一个，不是每个切片一个。"},
		},
	},
	"1.2 SumChannels": {
		names: []string{"x", "filter", "bias"},
		cases: [][]any{{twoChannels, Maps{uneven, {{0, 1, 0}, {1, -4, 1}, {0, 1, 0}}}, float32(2)}, {twoChannels, Maps{{{3}}, {{-1}}}, float32(-1)}},
		want:  func(x, filter Maps, bias float32) Map { return ApplyAll(cnnlib.Conv{}, x, filter)[0].Bias(bias) },
		mistakes: []mistake{
			{func(x, filter Maps, bias float32) Map { return ApplyAll(cnnlib.Conv{}, x, filter)[0] }, "The bias is missing.", "漏了偏置。"},
			{func(x, filter Maps, bias float32) Map { return ApplyAll(cnnlib.Conv{}, x, filter)[0].Bias(2 * bias) }, "The bias is added once for each channel; it is one for the whole filter.", "每个通道都加了一次偏置；整个卷积核只有一个偏置。"},
			{func(x, filter Maps, bias float32) Map { return Apply(cnnlib.Conv{}, x[0], filter[0]).Bias(bias) }, "Only the first channel is used: add up all of them.", "只用了第一个通道：要把所有通道加起来。"},
			{func(x, filter Maps, bias float32) Map {
				return ApplyAll(cnnlib.Conv{}, x, Maps{filter[0], filter[0]})[0].Bias(bias)
			}, "The first slice is used for all channels: each has its own.", "所有通道都用了第一个切片：每个通道有自己的切片。"},
		},
	},
	"1.2 Sharpen": {
		names: []string{"a"},
		cases: [][]any{{float32(1)}, {float32(0)}, {float32(2.5)}},
		want: func(a float32) Map { // from an impulse: what a kernel does to it is the kernel, turned
			x := Impulse(5)
			blurred := Apply(cnnlib.Conv{}, x, must(cnnlib.ClassicKernel("box")))
			out := Filled(3, 3, 0)
			for i := range out {
				for j := range out[i] {
					out[2-i][2-j] = x[i+1][j+1] + a*(x[i+1][j+1]-blurred[i][j])
				}
			}
			return out
		},
		mistakes: []mistake{
			{func(a float32) Map {
				n := -a / 9
				return Map{{n, n, n}, {n, a + n, n}, {n, n, n}}
			}, "The photo itself is missing: add 1 in the middle.", "漏了照片本身：中间还要加 1。"},
			{func(a float32) Map {
				n := -a / 9
				return Map{{n, n, n}, {n, 1 + a, n}, {n, n, n}}
			}, "The blur takes a ninth of the middle pixel too.", "模糊也要减去中间像素的九分之一。"},
			{func(a float32) Map {
				n := -a
				return Map{{n, n, n}, {n, 1 + a + n, n}, {n, n, n}}
			}, "The box kernel is nine times 1/9, not nine times 1.", "均值核是九个 1/9，而不是九个 1。"},
		},
	},
	"1.3 Params3D": {
		names: []string{"d", "h", "w", "in", "out"},
		cases: [][]any{{3, 3, 3, 3, 64}, {1, 3, 3, 16, 8}, {3, 1, 1, 16, 8}, {2, 5, 4, 1, 1}},
		want: func(d, h, w, in, out int) int {
			return params(cnnlib.Conv{Out: out, Axes: []cnnlib.Window{{Kernel: d}, {Kernel: h}, {Kernel: w}}}, 8, 8, 8, in)
		},
		mistakes: []mistake{
			{func(d, h, w, in, out int) int { return d * h * w * in * out }, "The biases are missing: one for each filter.", "漏了偏置：每个卷积核有一个。"},
			{func(d, h, w, in, out int) int { return (h*w*in + 1) * out }, "The depth of the kernel is missing.", "漏了卷积核的深度。"},
			{func(d, h, w, in, out int) int { return (d*h*w + 1) * out }, "Each filter has weights for every input channel.", "每个卷积核对每个输入通道都有权重。"},
		},
	},
	"1.3 Positions": {
		names: []string{"depth", "height", "width", "k"},
		cases: [][]any{{5, 5, 5, 3}, {16, 32, 32, 3}, {7, 9, 11, 5}, {3, 3, 3, 3}},
		want: func(depth, height, width, k int) int {
			out := must(cnnlib.Conv{Out: 1, Kernel: k}.Check([]int{depth, height, width, 1})).Output
			return out[0] * out[1] * out[2]
		},
		mistakes: []mistake{
			{func(depth, height, width, k int) int { return (height - k + 1) * (width - k + 1) }, "The kernel moves in depth too.", "卷积核在深度方向也要移动。"},
			{func(depth, height, width, k int) int { return (depth - k) * (height - k) * (width - k) }, "Off by one: n − k + 1 positions along each axis.", "差了一：每个方向有 n − k + 1 个位置。"},
			{func(depth, height, width, k int) int { return depth * height * width }, "Without padding the kernel does not fit on every voxel.", "没有填充时，卷积核并不能停在每个体素上。"},
		},
	},
	"1.3 Rightwards": {
		cases: [][]any{{}},
		judge: func(result []reflect.Value) string {
			kernel, ok := result[0].Interface().(Maps)
			if !ok {
				return say("the kernel should be lesson.Maps", "卷积核的类型应为 lesson.Maps")
			}
			right, still, left := strongestMove(kernel, 1), strongestMove(kernel, 0), strongestMove(kernel, -1)
			if right > still && right > left {
				return ""
			}
			return fmt.Sprintf(say("rightwards gives %s, still %s, leftwards %s: the first should be the largest.", "向右得 %s，静止得 %s，向左得 %s：第一个应当最大。"),
				figure(right), figure(still), figure(left))
		},
		mistakes: []mistake{
			{func() Maps { return Maps{{{0, 1}}, {{1, 0}}} }, "That finds the other direction: the first slice is the earlier frame.", "找到的是相反的方向：第一个切片对应较早的一帧。"},
			{func() Maps { return Maps{{{-1}}, {{1}}} }, "That finds any movement: a kernel one pixel wide cannot tell directions apart.", "任何移动都会被它找到：只有一个像素宽的核分不清方向。"},
		},
	},
}

var twoChannels = Maps{Digits(5), Counting(5)}

// strongestMove is the largest output for a point that moves so many pixels to
// the right in every frame.
func strongestMove(kernel Maps, velocity int) (most float32) {
	var frames Maps
	for f := range 5 {
		frame := Filled(3, 15, 0)
		frame[1][7+velocity*(f-2)] = 1
		frames = append(frames, frame)
	}
	for _, rows := range ApplyVolume(cnnlib.Conv{}, frames, kernel) {
		for _, row := range rows {
			for _, v := range row {
				most = max(most, v)
			}
		}
	}
	return most
}
