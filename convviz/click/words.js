// The words of this page in Chinese, beside those of live pictures.
Object.assign(chinese, {
  'A trained network to click through': '可逐层点开的已训练网络', 'pictures of the test set': '测试集图像', 'picture {0}: {1}': '图像 {0}：{1}', 'a photo of your own': '换成自己的照片', 'or drop one anywhere here': '也可以把照片拖到这里',
  '{0} is no picture that this browser can read': '{0} 不是浏览器能读取的图像', 'your photo: its middle square, as the network sees it': '你的照片：取中间的正方形，缩到网络的输入大小', 'in truth: {0}': '实际类别：{0}',
  'The network says {0}, {1} %': '网络判断：{0}，{1} %', 'probabilities': '概率', 'largest {0}': '绝对值最大 {0}', 'the picture': '图像', 'the picture, normalised': '归一化后的图像',
  'Click a number of any layer, or move with the arrow keys: it is computed below or beside, from numbers that can be clicked in turn.': '点击任意一层的某个数，或用方向键移动：旁边（或下方）会写出它的计算过程，其中的数可以继续点开。',
  'channel {0}, row {1}, column {2}': '通道 {0}，行 {1}，列 {2}', 'unit {0}': '单元 {0}', '{0}: arrow keys choose a number': '{0}：用方向键选择数', 'above 0': '大于 0', 'below 0': '小于 0',
  'sum of {0} products': '{0} 个乘积之和', 'bias': '偏置', 'padding': '填充', 'window × weights = products': '窗口 × 权重 = 乘积', 'sum': '和', 'all {0} channels': '显示全部 {0} 个通道', 'only those that count most': '只看影响最大的',
  'the other {0} channels together': '其余 {0} 个通道之和', 'the other {0} products together': '其余 {0} 个乘积之和', 'the {0} of {1} input channels that count most': '{1} 个输入通道中影响最大的 {0} 个', 'the {0} of {1} products that count most': '{1} 个乘积中影响最大的 {0} 个',
  'the largest of {0} numbers': '{0} 个数中的最大值', 'the mean of {0} numbers': '{0} 个数的平均值', 'the same number, in another place': '同一个数，只是换了位置', 'nothing is dropped once training is over': '训练结束后不再丢弃',
  'mean': '均值', 'scale': '缩放', 'sees rows {0} to {1} and columns {2} to {3} of the picture': '看到图像的第 {0} 至 {1} 行、第 {2} 至 {3} 列', 'pixel': '像素', 'a pixel {0}, scaled to 0 to 1, less the mean {1}, over the deviation {2}': '像素 {0} 缩放到 0 至 1，减去均值 {1}，再除以标准差 {2}',
  'A training to scrub through': '逐轮回看一次训练', 'epoch {0}': '第 {0} 轮', 'epoch {0} of {1}': '第 {0}/{1} 轮', 'before training': '训练之前', 'test set: loss {0}, {1} right': '测试集：损失 {0}，正确 {1}', 'Epoch': '轮次',
  'training': '训练', 'validation': '验证', 'test': '测试', 'for {0}, largest {1}': '对“{0}”，最大 {1}', 'half of the influence comes from {0} pixels': '一半的影响来自 {0} 个像素', 'kernels of {0}': '{0} 的卷积核', '{0} filters side by side, their {1} input channels below each other': '{0} 个卷积核并排，各自的 {1} 个输入通道上下排列',
  'feature maps of {0}': '{0} 的特征图', 'the first {0} of {1} channels': '{1} 个通道中的前 {0} 个', 'receptive field of the unit in the middle': '中间单元的感受野', 'what it can see is boxed, what moves it is tinted': '框内是它能看到的，着色的是真正影响它的',
  'confusion matrix of the test set': '测试集的混淆矩阵', 'row: true class, column: what the network says': '行：真实类别；列：网络的判断', 'Everything below is of this epoch. Kernels and maps have the same scale of colours in all epochs.': '下面的一切都属于这一轮。卷积核和特征图在各轮使用同一色标。',
  'input number': '输入', 'weight': '权重', 'made of': '由什么算出', '{0}, more exactly {1}': '{0}，更精确的值是 {1}', 'powers of the {0} logits': '{0} 个得分的指数',
});
