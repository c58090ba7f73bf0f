// A trained network on one picture: what every layer gives, and the products
// of one unit. Nothing here needs a page.
//
// A network is {size, mean, std, steps}. A step is {kind, of, out, …}: of are the
// numbers of the maps that it reads, 0 the picture and n + 1 what step n gives;
// out is [height, width, channels], of a layer without places [1, 1, units]. A
// map is {h, w, c, v}: v in the order height, width, channel.

// The weights are 16-bit numbers, each times its filter's step.
function weightsOf(packed) {
  if (!packed) return null;
  const units = new Int16Array(bytesOf(packed.units).buffer), steps = floatsOf(packed.steps);
  return Float32Array.from(units, (u, at) => u * steps[at % steps.length]);
}

function decoded(net) {
  const steps = net.steps.map((step) => ({
    ...step, weight: weightsOf(step.weight), bias: floatsOf(step.bias), mean: floatsOf(step.mean), scale: floatsOf(step.scale),
  }));
  if (steps[steps.length - 1].kind !== 'softmax') steps.push({ kind: 'softmax', title: 'Softmax', of: [steps.length], out: steps[steps.length - 1].out });
  return { ...net, steps };
}

// erf by its series where that is exact, by its continued fraction elsewhere.
function erf(x) {
  const a = Math.abs(x);
  let sum = a, term = a;
  if (a > 5.5) return Math.sign(x);
  if (a < 2.5) {
    for (let n = 1; n < 40; n++) { term *= -a * a / n; sum += term / (2 * n + 1); }
    return Math.sign(x) * 2 / Math.sqrt(Math.PI) * sum;
  }
  let fraction = 0;
  for (let n = 40; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const functions = {
  ReLU: (x) => x <= 0 ? 0 : x,
  ReLU6: (x) => Math.min(Math.max(x, 0), 6),
  LeakyReLU: (x, slope) => x > 0 ? x : slope * x,
  ELU: (x, alpha) => x > 0 ? x : alpha * Math.expm1(x),
  GELU: (x) => x * (1 + erf(x / Math.SQRT2)) / 2,
  SiLU: (x) => x * sigmoid(x),
  Sigmoid: sigmoid,
  Tanh: Math.tanh,
  HardSigmoid: (x) => Math.min(Math.max((x + 3) / 6, 0), 1),
  HardSwish: (x) => x * Math.min(Math.max((x + 3) / 6, 0), 1),
  Scale: (x, by) => x * by,
  same: (x) => x, // Dropout, when nothing is trained
};

// How many numbers the mean of window o counts along one axis of n: padding
// counts, but not what sticks out beyond it.
function counted(step, axis, o, n) {
  let count = 0;
  for (let t = 0; t < step.k[axis]; t++) {
    const at = o * step.s[axis] - step.before[axis] + t * step.d[axis];
    const low = step.excludes ? 0 : -step.before[axis], high = step.excludes ? n - 1 : n + step.after[axis] - 1;
    if (at >= low && at <= high) count++;
  }
  return count;
}

// Calls visit with every number of the input that the window at i, j covers,
// and with its place in the kernel; those in the padding lie outside.
function covered(step, i, j, visit) {
  const [kh, kw] = step.k;
  for (let a = 0; a < kh; a++) for (let b = 0; b < kw; b++) {
    visit(i * step.s[0] - step.before[0] + a * step.d[0], j * step.s[1] - step.before[1] + b * step.d[1], a * kw + b);
  }
}

const inside = (map, i, j) => i >= 0 && j >= 0 && i < map.h && j < map.w;

function convolve(step, from, to) {
  const { weight, bias, groups } = step, perIn = from.c / groups, perOut = to.c / groups, sums = new Float64Array(to.c);
  for (let i = 0; i < to.h; i++) for (let j = 0; j < to.w; j++) {
    for (let o = 0; o < to.c; o++) sums[o] = bias ? bias[o] : 0;
    covered(step, i, j, (y, x, tap) => {
      if (!inside(from, y, x)) return;
      const pixel = placeIn(from, y, x, 0);
      for (let c = 0; c < from.c; c++) {
        const value = from.v[pixel + c], group = Math.floor(c / perIn), row = (tap * perIn + c - group * perIn) * to.c;
        if (value !== 0) for (let o = group * perOut, end = o + perOut; o < end; o++) sums[o] += value * weight[row + o];
      }
    });
    to.v.set(sums, placeIn(to, i, j, 0));
  }
}

function pool(step, from, to) {
  for (let i = 0; i < to.h; i++) for (let j = 0; j < to.w; j++) for (let c = 0; c < to.c; c++) {
    let most = -Infinity, sum = 0;
    covered(step, i, j, (y, x) => {
      if (!inside(from, y, x)) return;
      const value = from.v[placeIn(from, y, x, c)];
      most = Math.max(most, value);
      sum += value;
    });
    to.v[placeIn(to, i, j, c)] = step.kind === 'maxpool' ? most : sum / (counted(step, 0, i, from.h) * counted(step, 1, j, from.w));
  }
}

// PyTorch's order of flattened numbers: channel, row, column.
const unflattened = (from, unit) => ({ i: Math.floor(unit / from.w) % from.h, j: unit % from.w, c: Math.floor(unit / (from.h * from.w)) });
const shuffledFrom = (step, c, channels) => (c % step.groups) * (channels / step.groups) + Math.floor(c / step.groups);
// What unit {i, j, c} of a step where branches meet reads of each: the same unit,
// of a map of one place that place, of channels put one after the other its own.
function joined(step, maps, { i, j, c }) {
  let first = 0;
  return step.of.map((m) => {
    const map = maps[m], at = { m, i: map.h > 1 ? i : 0, j: map.w > 1 ? j : 0, c: step.kind === 'concat' ? c - first : map.c > 1 ? c : 0 };
    first += map.c;
    return at;
  }).filter((at) => at.c >= 0 && at.c < maps[at.m].c);
}
const numberAt = (maps, { m, i, j, c }) => maps[m].v[placeIn(maps[m], i, j, c)];
const normed = (step, x, c) => (x - step.mean[c]) * step.scale[c] + step.bias[c];

function forward(step, maps) {
  const to = newMap(...step.out), from = maps[step.of[0]];
  switch (step.kind) {
    case 'sum': case 'product': case 'concat':
      for (let i = 0; i < to.h; i++) for (let j = 0; j < to.w; j++) for (let c = 0; c < to.c; c++) {
        to.v[placeIn(to, i, j, c)] = joined(step, maps, { i, j, c }).map((at) => numberAt(maps, at)).reduce((a, b) => step.kind === 'product' ? a * b : a + b);
      }
      break;
    case 'conv': convolve(step, from, to); break;
    case 'maxpool': case 'avgpool': pool(step, from, to); break;
    case 'dense': convolve({ ...step, k: [1, 1], s: [1, 1], d: [1, 1], before: [0, 0], groups: 1 }, from, to); break;
    case 'norm': from.v.forEach((x, at) => { to.v[at] = normed(step, x, at % from.c); }); break;
    case 'flatten': to.v.forEach((_, unit) => { const { i, j, c } = unflattened(from, unit); to.v[unit] = from.v[placeIn(from, i, j, c)]; }); break;
    case 'shuffle': to.v.forEach((_, at) => { const c = at % to.c; to.v[at] = from.v[at - c + shuffledFrom(step, c, to.c)]; }); break;
    case 'softmax': {
      const most = from.v.reduce((a, b) => Math.max(a, b)), powers = Array.from(from.v, (z) => Math.exp(z - most)), sum = powers.reduce((a, b) => a + b);
      powers.forEach((p, c) => { to.v[c] = p / sum; });
      break;
    }
    default: from.v.forEach((x, at) => { to.v[at] = functions[step.function](x, step.number); });
  }
  return to;
}

// What the network makes of a picture's bytes: its normalised pixels, then
// what each step gives.
function run(net, pixels) {
  const input = newMap(...net.size), c = net.size[2];
  pixels.forEach((p, at) => { input.v[at] = (p / 255 - net.mean[at % c]) / net.std[at % c]; });
  const maps = [input];
  for (const step of net.steps) maps.push(forward(step, maps));
  return maps;
}

// The numbers that unit {i, j, c} of step l is made of, as {m, i, j, c, x, w}: map
// m has x at i, j, c, and w is what multiplies it. Those in the padding have x 0
// and padding set.
function termsOf(net, maps, l, unit) {
  const step = net.steps[l], m = step.of[0], from = maps[m], to = maps[l + 1], terms = [];
  const read = (i, j, c, w) => {
    const padding = !inside(from, i, j);
    terms.push({ m, i, j, c, w, padding, x: padding ? 0 : from.v[placeIn(from, i, j, c)] });
  };
  switch (step.kind) {
    case 'sum': case 'product': case 'concat': return joined(step, maps, unit).map((at) => ({ ...at, x: numberAt(maps, at), w: 1 }));
    case 'conv': {
      const perIn = from.c / step.groups, first = Math.floor(unit.c / (to.c / step.groups)) * perIn;
      for (let k = 0; k < perIn; k++) covered(step, unit.i, unit.j, (i, j, tap) => read(i, j, first + k, step.weight[(tap * perIn + k) * to.c + unit.c]));
      break;
    }
    case 'dense': for (let c = 0; c < from.c; c++) read(0, 0, c, step.weight[c * to.c + unit.c]); break;
    case 'maxpool': case 'avgpool': {
      const share = 1 / (counted(step, 0, unit.i, from.h) * counted(step, 1, unit.j, from.w));
      covered(step, unit.i, unit.j, (i, j) => read(i, j, unit.c, share));
      break;
    }
    case 'softmax': for (let c = 0; c < from.c; c++) read(0, 0, c, 1); break;
    case 'flatten': { const { i, j, c } = unflattened(from, unit.c); read(i, j, c, 1); break; }
    case 'shuffle': read(unit.i, unit.j, shuffledFrom(step, unit.c, from.c), 1); break;
    default: read(unit.i, unit.j, unit.c, 1);
  }
  return terms;
}

// The rows and columns of the picture that a unit of maps[m] sees, cut at its
// borders: {top, bottom, left, right}, all included. Of each map below it the
// units that are seen are kept: a box, and a channel or all (null).
function seenBy(net, maps, m, unit) {
  const seen = [];
  const see = (at, box) => {
    const before = seen[at];
    seen[at] = before ? {
      top: Math.min(before.top, box.top), bottom: Math.max(before.bottom, box.bottom), left: Math.min(before.left, box.left), right: Math.max(before.right, box.right),
      channel: before.channel === box.channel ? box.channel : null,
    } : box;
  };
  const all = (map) => ({ top: 0, bottom: map.h - 1, left: 0, right: map.w - 1, channel: null });
  see(m, { top: unit.i, bottom: unit.i, left: unit.j, right: unit.j, channel: unit.c });
  for (let l = m - 1; l >= 0; l--) {
    const step = net.steps[l], box = seen[l + 1];
    if (!box) continue;
    for (const at of step.of) {
      const from = maps[at], to = maps[l + 1];
      if (step.k) {
        const reach = (o, axis, end) => o * step.s[axis] - step.before[axis] + (end ? step.d[axis] * (step.k[axis] - 1) : 0);
        see(at, { top: reach(box.top, 0, false), bottom: reach(box.bottom, 0, true), left: reach(box.left, 1, false), right: reach(box.right, 1, true), channel: step.kind === 'conv' ? null : box.channel });
      } else if (step.kind === 'flatten' && box.channel !== null) {
        const { i, j, c } = unflattened(from, box.channel);
        see(at, { top: i, bottom: i, left: j, right: j, channel: c });
      } else if (step.kind === 'flatten' || from.h < to.h || from.w < to.w) see(at, all(from)); // one number for every place
      else if (step.kind === 'dense' || step.kind === 'softmax' || step.kind === 'shuffle' || step.kind === 'concat') see(at, { ...box, channel: null });
      else see(at, box);
    }
  }
  const { h, w } = maps[0], box = seen[0];
  return { top: Math.max(0, box.top), bottom: Math.min(h - 1, box.bottom), left: Math.max(0, box.left), right: Math.min(w - 1, box.right) };
}
