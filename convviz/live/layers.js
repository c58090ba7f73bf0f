// A network on numbers: its sizes, its products, their sums and the gradients.
//
// A network is {axes, n, channels, layers, x, w, dy}: n the size along depth,
// height and width (1 along axes that are not used), x, w[layer] and dy the
// numbers that were given or typed, by their coordinates; all others come from
// a pattern. A layer is {kind, k, s, p, d, op, g, out, along, causal}.

const hasKernel = (layer) => !['maxpool', 'avgpool', 'relu'].includes(layer.kind);
const hasOut = (layer) => hasKernel(layer) && layer.kind !== 'depthwise';
const isGrouped = (layer) => layer.kind === 'grouped' || layer.kind === 'shuffled';
const groupsOf = (layer, channels) => isGrouped(layer) ? layer.g : layer.kind === 'depthwise' || !hasKernel(layer) ? channels : 1;
const outputsOf = (layer, channels) => hasOut(layer) ? layer.out : channels;

// How a layer's kernel slides along one axis; lo and hi are the padding.
function windowOf(layer, axis, axes) {
  if (layer.kind === 'relu' || axis < 3 - axes || (layer.along >= 0 && layer.along !== axis)) return { k: 1, s: 1, d: 1, lo: 0, hi: 0, op: 0 };
  const { k, s, d, p, op } = layer;
  return layer.causal ? { k, s, d, lo: d * (k - 1), hi: 0, op: 0 } : { k, s, d, lo: p, hi: p, op };
}

const windowsOf = (layer, axes) => [0, 1, 2].map((axis) => windowOf(layer, axis, axes));

function outputSize(layer, n, w) {
  if (layer.kind === 'transposed') return (n - 1) * w.s - w.lo - w.hi + w.d * (w.k - 1) + w.op + 1;
  const room = n + w.lo + w.hi - w.d * (w.k - 1) - 1;
  return room < 0 ? 0 : Math.floor(room / w.s) + 1;
}

// A map of numbers with a margin around it: the padding of the layer after it,
// or what the padding of a transposed convolution before it cuts off.
function newMap(channels, n, lo, hi, cut) {
  const full = n.map((size, axis) => size + lo[axis] + hi[axis]);
  const count = channels * full[0] * full[1] * full[2];
  return { channels, n, lo, hi, cut, full, value: new Float64Array(count), gradient: new Float64Array(count) };
}

const placeIn = (map, c, at) => ((c * map.full[0] + at[0] + map.lo[0]) * map.full[1] + at[1] + map.lo[1]) * map.full[2] + at[2] + map.lo[2];

// The channel and the coordinates of a place; negative ones lie in the margin.
function coordinates(map, place) {
  const [d, h, w] = map.full;
  return { c: Math.floor(place / (d * h * w)), at: [Math.floor(place / (h * w)) % d - map.lo[0], Math.floor(place / w) % h - map.lo[1], place % w - map.lo[2]] };
}

const inside = (map, at) => at.every((v, axis) => v >= 0 && v < map.n[axis]);

// Calls visit for every position from low to high, both included.
function positions(low, high, visit) {
  for (let z = low[0]; z <= high[0]; z++) for (let y = low[1]; y <= high[1]; y++) for (let x = low[2]; x <= high[2]; x++) visit([z, y, x]);
}

function insidePlaces(map) { // in the order of the library's flat tensors: channels last
  const places = [];
  positions([0, 0, 0], map.n.map((v) => v - 1), (at) => { for (let c = 0; c < map.channels; c++) places.push(placeIn(map, c, at)); });
  return places;
}

// The products of a layer: from[i] times kernel[k] goes to to[o].
function productsOf(layer, from, to, axes) {
  const w = windowsOf(layer, axes), o = [], i = [], k = [];
  const groups = groupsOf(layer, from.channels), perIn = from.channels / groups, perOut = to.channels / groups;
  const low = to.cut ? to.lo.map((v) => -v) : [0, 0, 0];
  const high = to.n.map((v, axis) => v - 1 + (to.cut ? to.hi[axis] : 0));
  for (let out = 0; out < to.channels; out++) {
    const group = Math.floor(out / perOut);
    const placed = layer.kind === 'shuffled' ? (out % perOut) * groups + group : out;
    positions(low, high, (at) => {
      const target = placeIn(to, placed, at);
      for (let c = 0; c < perIn; c++) {
        let tap = (out * perIn + c) * w[0].k * w[1].k * w[2].k - 1;
        positions([0, 0, 0], w.map((v) => v.k - 1), (on) => {
          tap++;
          const source = at.map((v, axis) => layer.kind === 'transposed'
            ? (v + w[axis].lo - on[axis] * w[axis].d) / w[axis].s
            : v * w[axis].s - w[axis].lo + on[axis] * w[axis].d);
          if (layer.kind === 'transposed' ? !source.every(Number.isInteger) || !inside(from, source) : layer.kind === 'maxpool' && !inside(from, source)) return;
          o.push(target);
          i.push(placeIn(from, group * perIn + c, source));
          k.push(tap);
        });
      }
    });
  }
  return { o: Int32Array.from(o), i: Int32Array.from(i), k: Int32Array.from(k) };
}

// The numbers of a kernel: output channel, input channel of its group, depth,
// height, width.
function kernelShape(layer, channels, axes) {
  return [outputsOf(layer, channels), channels / groupsOf(layer, channels), ...windowsOf(layer, axes).map((w) => w.k)];
}

function kernelCoordinates(shape, tap) {
  const at = [];
  for (let axis = 4; axis >= 0; axis--) { at[axis] = tap % shape[axis]; tap = Math.floor(tap / shape[axis]); }
  return at;
}

const inputPattern = (c, z, y, x) => (2 * c + 3 * z + 5 * y + 3 * x + x * y) % 7 - 2;
const kernelPattern = (o, c, z, y, x) => (3 * o + 2 * c + z + y + 2 * x) % 4 - 1;

// Why a layer cannot follow on this map, or ''.
function problemOf(layer, n, axes) {
  const w = windowsOf(layer, axes);
  for (let axis = 3 - axes; axis < 3; axis++) {
    const size = outputSize(layer, n[axis], w[axis]);
    if (size >= 1 && size > w[axis].op - w[axis].hi) continue;
    if (layer.kind === 'transposed') return fill('nothing is left: the padding cuts off {0} of {1}', w[axis].lo + w[axis].hi, size + w[axis].lo + w[axis].hi);
    return fill('no output: the kernel spans {0}, the padded input has {1}', w[axis].d * (w[axis].k - 1) + 1, n[axis] + w[axis].lo + w[axis].hi);
  }
  return '';
}

// Everything that is shown of a network. steps[l] leads from maps[l] to
// maps[l + 1]; where a layer does not fit, problem says so and they end.
function compute(net) {
  const shapes = [{ channels: net.channels, n: net.n }];
  let problem = '';
  for (const layer of net.layers) {
    const last = shapes[shapes.length - 1];
    problem = problemOf(layer, last.n, net.axes);
    if (problem) break;
    shapes.push({ channels: outputsOf(layer, last.channels), n: windowsOf(layer, net.axes).map((w, axis) => outputSize(layer, last.n[axis], w)) });
  }
  const none = [0, 0, 0];
  const maps = shapes.map((shape, l) => {
    const next = l < shapes.length - 1 && net.layers[l], before = l > 0 && net.layers[l - 1];
    const w = next && next.kind !== 'transposed' ? windowsOf(next, net.axes) : [];
    if (w.some((v) => v.lo + v.hi > 0)) return newMap(shape.channels, shape.n, w.map((v) => v.lo), w.map((v) => v.hi), false);
    if (!before || before.kind !== 'transposed') return newMap(shape.channels, shape.n, none, none, false);
    const stamped = windowsOf(before, net.axes); // what was stamped and is cut off
    const lo = stamped.map((v) => v.lo);
    const hi = stamped.map((v, axis) => Math.max(0, (shapes[l - 1].n[axis] - 1) * v.s + v.d * (v.k - 1) + 1 - v.lo - shape.n[axis]));
    return newMap(shape.channels, shape.n, lo, hi, true);
  });
  const input = maps[0];
  for (const place of insidePlaces(input)) {
    const { c, at } = coordinates(input, place);
    input.value[place] = net.x[[c, ...at]] ?? inputPattern(c, ...at);
  }
  const steps = maps.slice(1).map((to, l) => forward(net, l, maps[l], to));
  const result = maps[maps.length - 1];
  for (const place of insidePlaces(result)) {
    const { c, at } = coordinates(result, place);
    result.gradient[place] = net.dy[[c, ...at]] ?? 1;
  }
  for (let l = steps.length - 1; l >= 0; l--) backward(steps[l], maps[l], maps[l + 1]);
  return { maps, steps, problem };
}

// Runs layer l. factor[t] is what product t multiplies its input with: a number
// of the kernel, a share of the mean, 1 for the largest and 0 for the others, 1
// for what a ReLU lets through.
function forward(net, l, from, to) {
  const layer = net.layers[l], shape = kernelShape(layer, from.channels, net.axes), kernel = new Float64Array(shape.reduce((a, b) => a * b));
  if (hasKernel(layer)) {
    kernel.forEach((_, tap) => {
      const at = kernelCoordinates(shape, tap);
      kernel[tap] = (net.w[l] || {})[at] ?? kernelPattern(...at);
    });
  }
  const { o, i, k } = productsOf(layer, from, to, net.axes), factor = new Float64Array(o.length);
  if (layer.kind === 'maxpool') {
    const first = new Map(); // the first of the largest, as the library and PyTorch take it
    for (let t = 0; t < o.length; t++) {
      const best = first.get(o[t]);
      if (best === undefined || from.value[i[t]] > from.value[i[best]]) first.set(o[t], t);
    }
    for (const t of first.values()) factor[t] = 1;
  } else {
    const share = 1 / (shape[2] * shape[3] * shape[4]);
    for (let t = 0; t < o.length; t++) factor[t] = layer.kind === 'relu' ? Number(from.value[i[t]] > 0) : layer.kind === 'avgpool' ? share : kernel[k[t]];
  }
  for (let t = 0; t < o.length; t++) to.value[o[t]] += from.value[i[t]] * factor[t];
  return { layer, shape, kernel, gradient: new Float64Array(kernel.length), o, i, k, factor };
}

// The gradient of what is behind a layer, taken through it. What lies in a
// margin gets none that matters: it is not shown.
function backward(step, from, to) {
  const { o, i, k, factor, layer } = step;
  for (let t = 0; t < o.length; t++) {
    const back = to.gradient[o[t]];
    from.gradient[i[t]] += factor[t] * back;
    if (hasKernel(layer)) step.gradient[k[t]] += from.value[i[t]] * back;
  }
  for (let place = 0; place < from.gradient.length; place++) {
    if (!inside(from, coordinates(from, place).at)) from.gradient[place] = 0;
  }
}

// How many ways lead between a chosen cell and every cell of every map and
// every number of the kernels next to it. Chosen is {map, place} or {step, tap}.
function waysOf(all, chosen) {
  const ways = all.maps.map((map) => new Float64Array(map.value.length));
  const taps = all.steps.map((step) => new Float64Array(step.kernel.length));
  let first = chosen.map, last = chosen.map;
  if (chosen.tap !== undefined) {
    const step = all.steps[chosen.step];
    taps[chosen.step][chosen.tap] = 1;
    for (let t = 0; t < step.o.length; t++) {
      if (step.k[t] !== chosen.tap) continue;
      ways[chosen.step][step.i[t]] = 1;
      ways[chosen.step + 1][step.o[t]] = 1;
    }
    return { ways, taps };
  }
  ways[chosen.map][chosen.place] = 1;
  for (; first > 0; first--) {
    const { o, i, k } = all.steps[first - 1];
    for (let t = 0; t < o.length; t++) {
      if (!ways[first][o[t]]) continue;
      ways[first - 1][i[t]] += ways[first][o[t]];
      if (first === chosen.map) taps[first - 1][k[t]] = 1;
    }
  }
  for (; last < all.steps.length; last++) {
    const { o, i, k } = all.steps[last];
    for (let t = 0; t < o.length; t++) {
      if (!ways[last][i[t]]) continue;
      ways[last + 1][o[t]] += ways[last][i[t]];
      if (last === chosen.map && chosen.map === 0) taps[last][k[t]] = 1;
    }
  }
  return { ways, taps };
}

// The one kernel that a chain of layers equals, as {shape, kernel}, or null
// when they are not convolutions with stride and dilation 1 and a kernel each.
function together(net, all) {
  if (all.problem || all.steps.length < 2) return null;
  let result = null;
  for (const [l, step] of all.steps.entries()) {
    const { layer, shape } = step, channels = all.maps[l].channels;
    if (!hasKernel(layer) || layer.kind === 'transposed' || layer.causal || layer.s > 1 || layer.d > 1) return null;
    const groups = groupsOf(layer, channels), perOut = shape[0] / groups;
    const full = { shape: [shape[0], channels, ...shape.slice(2)], kernel: new Float64Array(shape[0] * channels * shape[2] * shape[3] * shape[4]) };
    step.kernel.forEach((value, tap) => {
      const [o, c, ...at] = kernelCoordinates(shape, tap), group = Math.floor(o / perOut);
      full.kernel[flatTap(full.shape, [layer.kind === 'shuffled' ? (o % perOut) * groups + group : o, group * shape[1] + c, ...at])] = value;
    });
    result = result ? compose(result, full) : full;
  }
  return result;
}

const flatTap = (shape, at) => at.reduce((flat, v, axis) => flat * shape[axis] + v, 0);

function compose(a, b) {
  const shape = [b.shape[0], a.shape[1], ...[2, 3, 4].map((axis) => a.shape[axis] + b.shape[axis] - 1)];
  const kernel = new Float64Array(shape.reduce((p, v) => p * v));
  a.kernel.forEach((va, ta) => {
    const [middle, c, ...at] = kernelCoordinates(a.shape, ta);
    for (let o = 0; o < b.shape[0]; o++) {
      positions([0, 0, 0], b.shape.slice(2).map((v) => v - 1), (on) => {
        kernel[flatTap(shape, [o, c, ...at.map((v, axis) => v + on[axis])])] += va * b.kernel[flatTap(b.shape, [o, middle, ...on])];
      });
    }
  });
  return { shape, kernel };
}
