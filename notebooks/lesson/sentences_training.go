package lesson

import "regexp"

// trainingPhrases are what the library says of training and of files of
// weights, in Chinese.
var trainingPhrases = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`image (\d+) of the data set has label (\d+), but there are (\d+) classes, (\d+) to (\d+)`), "数据集的第 $1 张图像标签是 $2，但只有 $3 个类别，标签应为 $4 到 $5"},
	{regexp.MustCompile(`the last layer, (\S+) \(([^)]*)\), makes probabilities, but the loss takes logits and makes probabilities of them itself: leave the layer out`), "最后一层 $1（$2）给出概率，但损失函数需要的是 logits，它自己会求概率：请去掉这一层"},
	{regexp.MustCompile(`(\d+) images in batches of (\d+) leave one image alone, for which layer (\S+) \(BatchNorm\) has a single value in each channel and makes 0 of it: choose another batch size, or another number of images`), "$1 张图像按 $2 张一批，会剩下单独一张；这时第 $3 层（BatchNorm）每个通道只有一个值，输出总是 0：请换一个批次大小或图像数"},
	{regexp.MustCompile(`(\S+) was trained on pixels normalised with mean (\[[^]]*\]) and std (\[[^]]*\]), this model has mean (\[[^]]*\]) and std (\[[^]]*\]): give cnnlib.Options the same`), "$1 训练时像素按均值 $2、标准差 $3 归一化，这个模型的均值是 $4、标准差是 $5：请给 cnnlib.Options 相同的值"},
	{regexp.MustCompile(`the augmented data gave (\d+) bytes for (\d+) images, the model takes (\d+) \(shape (\[[^]]*\])\): the transforms must keep the shape`), "变换后的数据 $2 张图像有 $1 个字节，模型需要 $3 个（形状 $4）：变换不能改变形状"},
	{regexp.MustCompile(`(\S+) has shape (\[[^]]*\]), the network's has (\[[^]]*\])`), "$1 的形状是 $2，网络里的是 $3"},
	{regexp.MustCompile(`the loss became (\S+) in epoch (\d+), step (\d+): try a smaller learning rate than (\S+)`), "损失在第 $2 个轮次第 $3 步变成了 $1：请试试比 $4 小的学习率"},
}
