package lesson

import "convlab/cifar"

// dataExercises are those of part 3.4.
var dataExercises = map[string]exercise{
	"3.4 Steps": {
		names: []string{"n", "size"},
		cases: [][]any{{10000, 128}, {10000, 100}, {300, 256}, {100, 100}, {50, 200}},
		want: func(n, size int) (batches, last int) {
			images := &cifar.Images{Pixels: make([]uint8, n*3072), Labels: make([]uint8, n)}
			for batch := range images.Batches(size, 1, 1) {
				batches, last = batches+1, len(batch.Labels)
			}
			return batches, last
		},
		mistakes: []mistake{
			{func(n, size int) (int, int) { return n / size, size }, "Rounded down: the images that are left over make a batch too.", "向下取整了：剩下的图像也构成一个批次。"},
			{func(n, size int) (int, int) { return ceil(n, size), n % size }, "The remainder is 0 where the batches come out even: then the last one is full.", "正好整除时余数为 0，这时最后一个批次是满的。"},
			{func(n, size int) (int, int) { return n/size + 1, n - n/size*size }, "One batch too many where the batches come out even.", "正好整除时多算了一个批次。"},
		},
	},
	"3.4 Place": {
		names: []string{"image", "row", "column", "channel"},
		cases: [][]any{{0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}, {7, 12, 16, 2}},
		want: func(image, row, column, channel int) int {
			images := &cifar.Images{Pixels: make([]uint8, 8*3072), Labels: make([]uint8, 8)}
			for i := range images.Pixels { // the place whose byte, alone, lights this colour of this pixel
				images.Pixels[i] = 255
				r, g, b, _ := images.Image(image).At(column, row).RGBA()
				if []uint32{r, g, b}[channel] != 0 {
					return i
				}
				images.Pixels[i] = 0
			}
			return -1
		},
		mistakes: []mistake{
			{func(image, row, column, channel int) int { return image*3072 + channel*1024 + row*32 + column }, "Channels first: that is PyTorch's order. Here the three channels of a pixel stand together.", "通道在前：这是 PyTorch 的顺序。这里一个像素的三个通道放在一起。"},
			{func(image, row, column, channel int) int { return (row*32+column)*3 + channel }, "The images before this one are missing.", "漏了前面的图像。"},
			{func(image, row, column, channel int) int { return image*3072 + (column*32+row)*3 + channel }, "Rows and columns are exchanged.", "行和列颠倒了。"},
			{func(image, row, column, channel int) int { return image*1024 + row*32 + column + channel }, "Each pixel has three numbers.", "每个像素有三个数。"},
		},
	},
	"3.4 Normalised": {
		names: []string{"value", "mean", "std"},
		cases: [][]any{{uint8(255), 0.5, 0.25}, {uint8(0), 0.5, 0.25}, {uint8(128), 0.4914, 0.247}},
		want:  func(value uint8, mean, std float64) float64 { return (float64(value)/255 - mean) / std },
		mistakes: []mistake{
			{func(value uint8, mean, std float64) float64 { return (float64(value) - mean) / std }, "The bytes go from 0 to 255: divide by 255 first.", "字节从 0 到 255：先除以 255。"},
			{func(value uint8, mean, std float64) float64 { return float64(value)/255 - mean/std }, "Divide the whole difference.", "要除的是整个差。"},
			{func(value uint8, mean, std float64) float64 { return (float64(value)/255 - mean) * std }, "Divide by the deviation, do not multiply.", "要除以标准差，不是乘。"},
			{func(value uint8, mean, std float64) float64 { return (float64(value)/255 + mean) / std }, "Subtract the mean.", "要减去均值。"},
		},
	},
}
