package convviz

// chinese are the labels in Simplified Chinese. font/subset.py takes the
// characters for the embedded font from here.
var chinese = map[string]string{
	// Training
	"Training Loss": "训练损失", "Accuracy": "准确率", "Epoch": "轮次", "Loss": "损失",
	"training": "训练", "validation": "验证",
	"best: epoch %d, %.1f %%":            "最佳：第 %d 轮，%.1f %%",
	"epoch %d of %d":                     "第 %d/%d 轮",
	"step %d of %d":                      "第 %d/%d 步",
	"%s images/s":                        "%s 张/秒",
	"%s left":                            "剩余 %s",
	"loss %.4f":                          "损失 %.4f",
	"Training curves over %d epochs.":    "训练曲线，共 %d 轮。",
	" Loss from %.4f to %.4f.":           "损失从 %.4f 到 %.4f。",
	" Accuracy from %.1f %% to %.1f %%.": "准确率从 %.1f %% 到 %.1f %%。",
	" Validation loss %.4f and accuracy %.1f %% at the end; best accuracy %.1f %% in epoch %d.": "最终验证损失 %.4f，验证准确率 %.1f %%；最佳准确率 %.1f %%，第 %d 轮。",

	"epoch %d": "第 %d 轮", "before training": "训练前",

	// Six ways
	"Six ways to tune the network": "六种调参手段", "validation accuracy": "验证准确率",
	"Validation accuracy after %d epochs, mean and standard deviation.": "训练 %d 轮后的验证准确率：均值与标准差。",
	"base": "基准", "unchanged": "不变", "channels": "通道数", "dense layers": "全连接层", "learning rate": "学习率",
	"optimizer": "优化器", "activation": "激活函数", "augmentation": "数据增强", "mirrored": "翻转", "shifted and mirrored": "平移加翻转",
	"SGD, rate 0.1": "SGD，学习率 0.1", "SGD, rate 0.02, momentum 0.9": "SGD，学习率 0.02，动量 0.9",

	// Networks
	"input": "输入", "Network": "网络结构", "%s params": "%s 个参数", "sees %s": "感受野 %s", "sees all": "感受野：全部",
	"%s params, %s MACs": "%s 个参数，%s 次乘加",
	"built like %s":      "结构同 %s", "%d layers": "%d 层", ", %d times": "，%d 次", "%s to %s": "%s 至 %s",

	"a sheet is a channel": "一张表示一个通道", "a sheet is a channel; past eight sheets, each more doubles the channels": "一张表示一个通道；超过 8 张后，每多一张通道数乘 2",
	"lanes are groups: each reads its own colour alone, where lines do not cross": "各行表示各组：连线不交叉处，每组只读取同色的一行",
	"a window and the unit that it gives":                                         "窗口及其给出的单元", "features: numbers without a place": "特征：没有位置的数值",

	// Data
	"red": "红", "green": "绿", "blue": "蓝", "grey": "灰", "channel %d": "通道 %d",
	"value": "像素值", "share of pixels": "像素占比",
	"%s: mean %.3f, std %.3f":                        "%s：均值 %.3f，标准差 %.3f",
	"Histograms of %s pixel values per channel.":     "各通道 %s 个像素值的直方图。",
	" %s has mean %.3f and standard deviation %.3f.": "%s：均值 %.3f，标准差 %.3f。",
	"Images of the classes":                          "各类别的图像", "%d images of %d classes: %s.": "%d 张图像，%d 个类别：%s。",
	"airplane": "飞机", "automobile": "汽车", "bird": "鸟", "cat": "猫", "deer": "鹿", "dog": "狗", "frog": "青蛙", "horse": "马", "ship": "船", "truck": "卡车",

	// Results
	"Confusion matrix": "混淆矩阵", "predicted": "预测类别", "true class": "真实类别",
	"%s of %s right: %.2f %%":                    "%s / %s 正确：%.2f %%",
	"Confusion matrix of %d classes. %s.":        "%d 个类别的混淆矩阵。%s。",
	" Most often, %s is taken for %s: %d times.": "最常见的混淆：%s 被认作 %s，共 %d 次。",
	"Most frequent mistakes":                     "最常见的错误", "Examples of the most frequent mistakes: %s.": "最常见错误的示例：%s。",
	"%s, recognised: %s": "%s，判对：%s 张", "%s, taken for %s: %s": "%s，误判为%s：%s 张",
	"Point at a cell, or reach it with the Tab key, to see its images.": "把鼠标移到某一格上，或用 Tab 键选中它，即可看到其中的图像。",
	"Mistakes": "错误示例", "%d mistakes. The first: %s taken for %s with %.1f %%.": "%d 个错误。第一个：%s 被认作 %s，概率 %.1f %%。",

	// Saliency
	"Occlusion": "遮挡", "What speaks for %s": "判断为“%s”的依据", "image": "图像", "trained": "训练后", "random weights": "随机权重",
	"rank correlation %.2f": "秩相关 %.2f", "no rank correlation": "秩相关无定义", "at most %.3g": "最大 %.3g",
	"%s: trained at most %.3g, with random weights at most %.3g; %s.": "%s：训练后最大 %.3g，随机权重时最大 %.3g；%s。",

	// Pixels
	"What each input pixel moves": "每个输入像素的影响", "column": "列", "row": "行",
	"%d of %d pixels move nothing (%.1f %%, orange)":                               "%d / %d 个像素毫无影响（%.1f %%，橙色）",
	"Map of %d x %d pixels by how much each moves the output, dark is little. %s.": "%d x %d 个像素对输出的影响图，越暗影响越小。%s。",
	"Kernels": "卷积核", "%d kernels of %dx%d over %d channels, values from %.3g to %.3g.": "%d 个 %dx%d 卷积核，%d 个通道，数值从 %.3g 到 %.3g。",
	"Feature maps": "特征图", "%d of %d maps are 0 everywhere": "%d / %d 个特征图全为 0",
	"%d maps of %dx%d, values from %.3g to %.3g. %s.": "%d 个 %dx%d 特征图，数值从 %.3g 到 %.3g。%s。",
	"Three kernels of one dimension and the full one": "三个一维卷积核与完整的卷积核", "%d weights": "%d 个权重", "one along each axis": "每个轴上一个", "full": "完整",
	"%d of %d weights are 0": "%d / %d 个权重为 0", "blue %.3g, white 0, orange %.3g": "蓝 %.3g，白 0，橙 %.3g",
	"%d of %d shown": "显示 %d / %d 个",
	"%d numbers from %.3g to %.3g, row by row.": "%d 个数，从 %.3g 到 %.3g，逐行排列。", "Numbers": "数值",

	// Channels and coverage
	"%d groups": "%d 组", "shuffle of %d": "%d 组混洗", "Which channels reach channel %d": "哪些通道能到达通道 %d",
	"%d of %d inputs reach channel %d": "%d / %d 个输入通道到达通道 %d", "%.0f %% connected": "连通 %.0f %%",
	"%d of %d pairs are connected": "%d / %d 对通道相连", "input channel": "输入通道", "output channel": "输出通道",
	"%d of %d pixels are read": "读取了 %d / %d 个像素", "Paths to one output, rates %s": "到达一个输出的路径数，膨胀率 %s",

	// Two models
	"How far two models are apart": "两个模型的差异", "mean": "平均", "largest": "最大",
	"largest: %.2g after %s": "最大：%.2g，在 %s 之后",
	"Differences of two models after each of %d steps, relative. %s.": "两个模型在 %d 步中每一步之后的相对差异。%s。",

	// Fields and costs
	"Growth of the receptive field": "感受野的增长", "%d of %d": "%d / %d", "%s of %s": "%s / %s",
	"unit %d of %s sees %d pixels, rows %d to %d": "第 %d 个单元（%s）看到 %d 个像素，第 %d 至 %d 行",
	"What unit %d, %d of %s sees":                 "单元 %d, %d（%s）的感受野", "rows %d to %d, columns %d to %d": "第 %d 至 %d 行，第 %d 至 %d 列",
	"half of the effect is that of %d pixels": "一半的影响来自 %d 个像素",
	"Effective receptive field, in %":         "有效感受野（%）", "%dx%d pixels; most %.2f %%, first corner %.2f %%": "%dx%d 个像素；最大 %.2f %%，左上角 %.2f %%",
	"Parameters": "参数量", "Multiply-accumulates": "乘加次数", "Activation bytes": "激活字节数", "Milliseconds": "毫秒",
	"%s of %d layers, %s in all": "%s：共 %d 层，合计 %s",

	// The zoo: table, plot, names of variants
	"The variants compared": "各种卷积的比较", "Variant": "做法", "MACs": "乘加次数", "Receptive field": "感受野", "MACs ratio": "乘加次数之比", "Time ratio": "时间之比", "all": "全部",
	"middle half": "中间一半",
	"ms: forward and back, batch of %d, on %s, median of runs by turns, and where their middle half lies. Ratios are to the first row.": "ms：前向加反向一次的毫秒数，批次大小 %d，后端 %s，轮流运行多次取中位数，并给出中间一半所在的范围。比值均相对第一行。",
	"Predicted and measured":                        "预测与实测",
	"predicted: ratio of MACs to the first variant": "预测：乘加次数与第一行之比", "measured: ratio of time to the first variant": "实测：时间与第一行之比",
	"time as MACs predict": "时间与乘加次数成正比", "%d of %d variants take longer than their MACs predict.": "%d / %d 种做法实测比乘加次数所预测的更慢。",
	"standard 3x3": "标准卷积 3x3", "standard 7x7": "标准卷积 7x7", "1x1": "1x1 卷积", "3x3, stride 2": "3x3，步长 2",
	"3D 3x3x3": "三维卷积 3x3x3", "transposed 4x4, stride 2": "转置卷积 4x4，步长 2", "dilated 3x3, rate 2": "空洞卷积 3x3，膨胀率 2",
	"spatially separable": "空间可分离卷积", "depthwise": "逐通道卷积", "depthwise separable": "深度可分离卷积", "flattened": "扁平化卷积",
	"grouped, 2 groups": "分组卷积，2 组", "grouped, 4 groups": "分组卷积，4 组", "grouped, 8 groups": "分组卷积，8 组",
	"shuffled, 4 groups": "分组加通道混洗，4 组", "shuffled, 8 groups": "分组加通道混洗，8 组",
	"two 3x3": "两层 3x3", "three 3x3": "三层 3x3",

	// Live pictures
	"logits": "得分", "probabilities": "概率", "after layer %d": "第 %d 层之后",

	// Films
	"%d channels, one kernel": "%d 个通道，一个卷积核", "%d channels, %d kernels": "%d 个通道，%d 个卷积核",
	"%d channels in %d groups, %d kernels": "%d 个通道分 %d 组，%d 个卷积核", "map %d": "图 %d",
	"%s, as a plain convolution": "%s，画成普通卷积", "kernel, turned": "卷积核（旋转后）",
	"%d channels, each with a kernel of its own": "%d 个通道，各有一个卷积核",
	"with zeros %dx%d":                           "补零后 %dx%d", "kernel %d": "卷积核 %d", "group %d": "第 %d 组",
	"A kernel that moves in depth, height and width": "在深度、高度和宽度上移动的卷积核",
	"partial": "各通道的结果", "sum": "总和", "with bias %s": "含偏置 %s", "slice %d": "切片 %d", "%d products": "%d 个乘积",
	"Kronecker product": "克罗内克积", "matrix %dx%d": "矩阵 %dx%d", "%d of %d numbers are not 0": "%d / %d 个数不为 0",
	"row %d of the matrix gives y[%d,%d] = %s from %d input numbers": "矩阵第 %d 行给出 y[%d,%d] = %s，用到 %d 个输入",
	"row %d of the matrix gives y[%d,%d] = %s from one input number": "矩阵第 %d 行给出 y[%d,%d] = %s，用到 1 个输入",
	"kernel": "卷积核", "output": "输出", "transposed": "转置卷积",
	"kernel %dx%d, stride %d, padding %d": "卷积核 %dx%d，步长 %d，填充 %d", ", dilation %d": "，膨胀率 %d",
	"%s · kernel is added to rows %d to %d, columns %d to %d": "%s · 卷积核 加到第 %d 至 %d 行、第 %d 至 %d 列",
	"step": "步骤", "of": "/", "Play": "播放", "Pause": "暂停", "back": "上一步", "next": "下一步",
}
