// The words in both languages: English is the key.
const chinese = {
  'Examples': '示例', 'Undo': '撤销', 'Redo': '重做', 'Reset': '重置', 'layer {0}': '第 {0} 层', 'add a layer': '加一层', 'remove the last layer': '去掉最后一层',
  'kind': '种类', 'plain': '普通卷积', 'grouped': '分组卷积', 'depthwise': '逐通道卷积', 'shuffled': '混洗分组卷积', 'transposed': '转置卷积', 'max pooling': '最大池化', 'average pooling': '平均池化',
  'axes': '维数', '1D': '一维', '2D': '二维', '3D': '三维', 'causal': '因果（只看左边）',
  'input size': '输入大小', 'input channels': '输入通道', 'output channels': '输出通道', 'kernel': '卷积核', 'window': '窗口', 'stride': '步长', 'padding': '填充', 'dilation': '膨胀率',
  'output padding': '输出填充', 'groups': '组数', 'values': '数值', 'gradient': '梯度', 'show': '显示',
  'input': '输入', 'output': '输出', 'between': '中间', 'channel {0}': '通道 {0}', 'slice {0}': '切片 {0}', 'filter {0}': '卷积核 {0}',
  '{0} weights, {1} multiplications': '{0} 个权重，{1} 次乘法', 'receptive field {0}, jump {1}': '感受野 {0}，跳距 {1}',
  'no output: the kernel spans {0}, the padded input has {1}': '没有输出：卷积核跨度为 {0}，填充后的输入只有 {1}',
  'nothing is left: the padding cuts off {0} of {1}': '什么也不剩：填充裁掉了 {1} 中的 {0}',
  'that would be too many numbers to show': '数字太多，无法显示',
  '{0} = {1} goes into {2} outputs': '{0} = {1} 参与 {2} 个输出', '{0} = {1} stands in {2} products': '{0} = {1} 出现在 {2} 个乘积中',
  '{0} is the gradient that comes from behind: type numbers': '{0} 是从后面传来的梯度，可直接改数',
  '{0} products': '{0} 个乘积', 'product': '乘积', 'numbers': '数值', 'running sum': '累加', 'so far the largest': '目前最大', 'goes to': '去向',
  '{0} sees nothing of the input': '{0} 看不到任何输入', '{0} sees {1} of the input: {2}': '{0} 看到输入的 {1}：{2}', '{0} reaches {1} of {2} outputs': '{0} 影响 {2} 个输出中的 {1} 个',
  'positions {0} to {1}': '位置 {0} 至 {1}', 'rows {0} to {1}': '第 {0} 至 {1} 行', 'columns {0} to {1}': '第 {0} 至 {1} 列', 'slices {0} to {1}': '切片 {0} 至 {1}', '{0} of {1} numbers': '{1} 个数中的 {0} 个',
  'The layer as a matrix, {0}×{1}: a row for each output, a column for each input, {2} of {3} entries not 0': '写成矩阵 {0}×{1}：每个输出一行，每个输入一列，{3} 个数中有 {2} 个非零',
  'The matrix with the row of {0}': '矩阵，标出 {0} 的行', 'The layers together are one kernel: {0} weights instead of {1}': '各层合起来等于一个卷积核：{0} 个权重，而不是 {1} 个',
  'Click or drag over a cell: everything that belongs to it lights up. Type a number into the input or the kernel. Arrow keys move.': '点击某一格或拖动：与它有关的一切都会亮起。输入和卷积核的数可以直接改。方向键移动。',
  'class': '类别', 'logit z': '得分 z', 'probability p': '概率 p', 'gradient p − t': '梯度 p − t', 'true class': '真实类别', 'number of classes': '类别数', 'class {0}': '类别 {0}',
  'softmax and cross entropy': 'softmax 与交叉熵', 'Loss': '损失', 'Live picture': '可操作的图', 'Play': '播放', 'Pause': '暂停', 
  ', stride {0}': '，步长 {0}', ', padding {0}': '，填充 {0}', ', dilation {0}': '，膨胀率 {0}', ', {0} groups': '，{0} 组',
  ', output padding {0}': '，输出填充 {0}', ' on {0}': '，输入 {0}', ', causal': '，因果', '{0} layers: ': '{0} 层：',
};
let language = 'en';
const kindName = (kind) => fill({ maxpool: 'max pooling', avgpool: 'average pooling', relu: 'ReLU' }[kind] ?? kind);

// The words of a sentence in the page's language, with its numbers put in.
function fill(sentence, ...values) {
  const words = language === 'zh' ? chinese[sentence] ?? sentence : sentence;
  return words.replace(/\{(\d)\}/g, (_, i) => values[i]);
}

// At most four digits, as the other pictures write numbers.
const num = (v) => String(Number(v.toPrecision(4)) || 0).replace('-', '−');
const factor = (v) => v < 0 ? `(${num(v)})` : num(v);
// The number that was typed, or NaN.
const parse = (text) => text.trim() === '' ? NaN : Number(text.trim().replace(',', '.').replace('−', '-'));
const listed = (parts) => parts.join(language === 'zh' ? '，' : ', ');
