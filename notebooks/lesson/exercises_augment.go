package lesson

import (
	"slices"

	"convlab/augment"
)

// augmentExercises are those of part 3.7.
var augmentExercises = map[string]exercise{
	"3.7 Solarized": {
		names: []string{"pixels", "threshold"},
		cases: [][]any{{[]uint8{0, 127, 128, 129, 255}, uint8(128)}, {[]uint8{10, 200, 250}, uint8(201)}, {[]uint8{0, 1, 255}, uint8(0)}},
		want: func(pixels []uint8, threshold uint8) []uint8 {
			return solarized(pixels, func(v uint8) uint8 {
				if v >= threshold {
					return 255 - v
				}
				return v
			})
		},
		mistakes: []mistake{
			{func(pixels []uint8, threshold uint8) []uint8 {
				return solarized(pixels, func(v uint8) uint8 {
					if v > threshold {
						return 255 - v
					}
					return v
				})
			}, "The threshold itself is turned too: threshold or more.", "等于阈值的也要翻转：不小于阈值。"},
			{func(pixels []uint8, threshold uint8) []uint8 {
				return solarized(pixels, func(v uint8) uint8 { return 255 - v })
			}, "Values below the threshold stay.", "小于阈值的值保持不变。"},
			{func(pixels []uint8, threshold uint8) []uint8 {
				return solarized(pixels, func(v uint8) uint8 {
					if v >= threshold {
						return v - threshold
					}
					return v
				})
			}, "Turned means 255 minus the value.", "翻转是用 255 减去这个值。"},
			{func(pixels []uint8, threshold uint8) []uint8 {
				return solarized(pixels, func(v uint8) uint8 {
					if v < threshold {
						return 255 - v
					}
					return v
				})
			}, "The other way round: the bright ones are turned.", "反了：要翻转的是亮的值。"},
		},
	},
	"3.7 Mirrored": {
		names: []string{"pixels", "width"},
		cases: [][]any{{counted(12), 2}, {counted(18), 3}, {counted(9), 1}, {counted(15), 5}},
		want: func(pixels []uint8, width int) []uint8 {
			img := augment.Image{W: width, H: len(pixels) / 3 / width, Pix: slices.Clone(pixels)}
			return must(augment.Apply(augment.RandomHorizontalFlip{P: 1}, img, augment.NewRand(1, 0, 0))).Pix
		},
		mistakes: []mistake{
			{func(pixels []uint8, width int) []uint8 {
				out := slices.Clone(pixels)
				for row := range slices.Chunk(out, 3*width) {
					slices.Reverse(row)
				}
				return out
			}, "Red and blue are exchanged: turn the order of the pixels, not that of their three bytes.", "红和蓝颠倒了：要颠倒的是像素的顺序，不是像素内三个字节的顺序。"},
			{func(pixels []uint8, width int) []uint8 {
				out, rows := []uint8(nil), len(pixels)/3/width
				for i := range rows {
					out = append(out, pixels[(rows-1-i)*3*width:(rows-i)*3*width]...)
				}
				return out
			}, "That turns it upside down: the rows stay, each of them is turned.", "这是上下翻转：行的顺序不变，每一行内部颠倒。"},
			{func(pixels []uint8, width int) []uint8 {
				out := []uint8(nil)
				for i := len(pixels)/3 - 1; i >= 0; i-- {
					out = append(out, pixels[3*i:3*i+3]...)
				}
				return out
			}, "All pixels were turned at once, which is half a turn of the image: turn each row.", "把所有像素一起颠倒了，相当于旋转 180°：应当逐行颠倒。"},
		},
	},
	"3.7 InView": {
		names: []string{"side", "most"},
		cases: [][]any{{32, 4}, {32, 1}, {24, 8}, {10, 0}},
		want: func(side, most int) float64 {
			left, shifts := 0, 0
			for _, v := range white(side, most) {
				left += v
				shifts++
			}
			return float64(left) / float64(shifts*side*side)
		},
		mistakes: []mistake{
			{func(side, most int) float64 { return alongRows(side, most) }, "The columns are shifted too: the share of the rows times that of the columns.", "列也会平移：行的比例还要乘以列的比例。"},
			{func(side, most int) float64 {
				share := 1 - float64(most)/float64(side)
				return share * share
			}, "That is the largest shift: all shifts from −most to most are equally likely.", "这是最大的平移：从 −most 到 most 的各种平移可能性相同。"},
			{func(side, most int) float64 {
				share := float64(side) / float64(side+2*most)
				return share * share
			}, "That is the share of the padded image that is seen: what counts is how much of the picture stays.", "这是填充后的图像被看到的比例：要算的是画面留下了多少。"},
		},
	},
}

func solarized(pixels []uint8, of func(uint8) uint8) []uint8 {
	out := make([]uint8, len(pixels))
	for i, v := range pixels {
		out[i] = of(v)
	}
	return out
}

// counted are the bytes 1 to n.
func counted(n int) []uint8 {
	x := make([]uint8, n)
	for i := range x {
		x[i] = uint8(i + 1)
	}
	return x
}

// white is how many pixels of a white image are still seen, for each shift by
// up to most pixels down and across.
func white(side, most int) (seen []int) {
	for down := -most; down <= most; down++ {
		for across := -most; across <= most; across++ {
			n := 0
			for y := range side {
				for x := range side {
					if y+down >= 0 && y+down < side && x+across >= 0 && x+across < side {
						n++
					}
				}
			}
			seen = append(seen, n)
		}
	}
	return seen
}

// alongRows is the mean share of the rows that stay in view.
func alongRows(side, most int) float64 {
	rows := 0
	for shift := -most; shift <= most; shift++ {
		rows += side - max(shift, -shift)
	}
	return float64(rows) / float64((2*most+1)*side)
}
