// The live picture of a network: its controls, its grids, what is chosen.

const kinds = ['plain', 'transposed', 'depthwise', 'grouped', 'shuffled', 'maxpool', 'avgpool', 'relu'];
const largest = { n: { 1: 16, 2: 13, 3: 6 }, k: { 1: 7, 2: 7, 3: 3 }, layers: 6, numbers: 1700 };

// The sliders: which numbers they can take and what they change. group is
// 'net' for the whole network, otherwise they belong to the chosen layer.
const sliders = [
  { name: 'n', words: 'input size', net: true, low: () => 1, high: (net) => largest.n[net.axes], get: (net) => net.n[2], set: (net, v) => { net.n = net.n.map((_, axis) => axis < 3 - net.axes ? 1 : v); } },
  { name: 'channels', words: 'input channels', net: true, low: () => 1, high: () => 12, get: (net) => net.channels, set: (net, v) => { net.channels = v; } },
  { name: 'out', words: 'output channels', low: () => 1, high: () => 12, shown: hasOut },
  { name: 'k', words: 'kernel', low: () => 1, high: (net) => largest.k[net.axes] },
  { name: 's', words: 'stride', low: () => 1, high: () => 4 },
  { name: 'p', words: 'padding', low: () => 0, high: (net, layer) => hasKernel(layer) ? 4 : layer.d * (layer.k - 1), shown: (layer) => !layer.causal && layer.kind !== 'relu' },
  { name: 'd', words: 'dilation', low: () => 1, high: () => 4 },
  { name: 'op', words: 'output padding', low: () => 0, high: (net, layer) => Math.max(layer.s, layer.d) - 1, shown: (layer) => layer.kind === 'transposed' },
  { name: 'g', words: 'groups', low: () => 1, high: (net, layer, channels) => divisors(channels, layer.out).length, shown: isGrouped,
    get: (net, layer, channels) => divisors(channels, layer.out).indexOf(layer.g) + 1, set: (net, v, layer, channels) => { layer.g = divisors(channels, layer.out)[v - 1]; } },
].map((s) => ({ get: (net, layer) => layer[s.name], set: (net, v, layer) => { layer[s.name] = v; }, shown: (layer) => s.net || layer.kind !== 'relu', ...s }));

const divisors = (a, b) => Array.from({ length: Math.min(a, b) }, (_, i) => i + 1).filter((v) => a % v === 0 && b % v === 0);

// The channels that go into layer l.
const channelsInto = (net, l) => net.layers.slice(0, l).reduce((channels, layer) => outputsOf(layer, channels), net.channels);

// Brings settings that a change has made impossible back to possible ones.
function mend(net) {
  net.n = net.n.map((size, axis) => axis < 3 - net.axes ? 1 : Math.min(size, largest.n[net.axes]));
  net.layers.forEach((layer, l) => {
    const channels = channelsInto(net, l), between = (low, v, high) => Math.max(low, Math.min(v, high));
    if (layer.along < 3 - net.axes) layer.along = -1;
    if (net.axes > 1 || layer.kind === 'transposed' || !hasKernel(layer)) layer.causal = false;
    layer.k = Math.min(layer.k, largest.k[net.axes]);
    if (!hasKernel(layer)) layer.p = between(0, layer.p, layer.d * (layer.k - 1));
    layer.op = layer.kind === 'transposed' ? between(0, layer.op, Math.max(layer.s, layer.d) - 1) : 0;
    if (isGrouped(layer)) layer.g = divisors(channels, layer.out).filter((v) => v <= layer.g).pop();
  });
  return net;
}

// A layer of another kind. One that keeps channels apart needs some.
function setKind(net, l, kind) {
  const layer = net.layers[l];
  layer.kind = kind;
  if (!isGrouped(layer) && kind !== 'depthwise') return;
  if (net.channels === 1 && l === 0) net.channels = 4;
  const channels = channelsInto(net, l);
  if (isGrouped(layer) && divisors(channels, layer.out).length === 1) layer.out = channels;
  layer.g = Math.max(layer.g, 2);
}

// Whether a network has more numbers than can be shown.
function tooLarge(net) {
  let { channels, n } = net, count = channels * n[0] * n[1] * n[2];
  for (const layer of net.layers) {
    const w = windowsOf(layer, net.axes);
    if (hasKernel(layer)) count += kernelShape(layer, channels, net.axes).reduce((a, b) => a * b);
    if (problemOf(layer, n, net.axes)) break;
    channels = outputsOf(layer, channels);
    n = w.map((v, axis) => outputSize(layer, n[axis], v));
    count += channels * n[0] * n[1] * n[2];
  }
  return count > largest.numbers;
}

// What a network is, in words: its entry in the list of examples.
function describe(net) {
  const layers = net.layers.map((layer) => {
    const used = [0, 1, 2].slice(3 - net.axes), size = used.map((axis) => windowOf(layer, axis, net.axes).k).join('×');
    if (layer.kind === 'relu') return kindName('relu');
    return `${kindName(layer.kind)} ${size}` + (layer.s !== (hasKernel(layer) ? 1 : layer.k) ? fill(', stride {0}', layer.s) : '')
      + (layer.causal ? fill(', causal') : layer.p > 0 ? fill(', padding {0}', layer.p) : '') + (layer.d > 1 ? fill(', dilation {0}', layer.d) : '')
      + (layer.op > 0 ? fill(', output padding {0}', layer.op) : '') + (isGrouped(layer) ? fill(', {0} groups', layer.g) : '');
  });
  const same = layers.length > 1 && layers.every((v) => v === layers[0]);
  const words = same ? fill('{0} layers: ', layers.length) + layers[0] : layers.join(' → ');
  return words + fill(' on {0}', sizeOf(net.axes, net.n) + (net.channels > 1 ? `×${net.channels}` : ''));
}

function networkBody(place, page) {
  let state, all, cells, shape = '', matrix;
  place.innerHTML = `
<div class="controls"><span class="layers" data-layers></span><label>${fill('kind')} <select data-kind>${kinds.map((kind) => `<option value="${kind}">${kindName(kind)}</option>`).join('')}</select></label>
<label>${fill('axes')} <select data-axes>${[1, 2, 3].map((n) => `<option value="${n}">${fill(`${n}D`)}</option>`).join('')}</select></label>
<label data-causal-label><input type="checkbox" data-causal> ${fill('causal')}</label>
<label>${fill('show')} <select data-back><option value="">${fill('values')}</option><option value="1">${fill('gradient')}</option></select></label>
<button type="button" data-play>${fill('Play')}</button></div>
<div class="sliders">${sliders.map((s) => `<label data-slider="${s.name}"><span></span><output></output><input type="range" step="1"></label>`).join('')}</div>
<div class="formula" data-formula></div><p class="problem" role="alert" data-problem></p>
<div class="flow" data-flow></div>
<p class="sum" aria-live="polite" data-sum></p><p class="reach" data-reach></p>
<div class="below"><div class="products" data-products tabindex="0" role="group" aria-label="${fill('{0} products', '')}"></div>
<div class="matrix" data-matrix-place><p></p><div data-matrix tabindex="0" role="img"></div></div></div>
<div class="together" data-together></div>
<p class="hint">${fill('Click or drag over a cell: everything that belongs to it lights up. Type a number into the input or the kernel. Arrow keys move.')}</p>`;
  const find = (name) => place.querySelector(`[data-${name}]`), net = () => state.net, layerOf = () => net().layers[state.layer];
  const change = (key, edit) => page.change(key, () => { edit(net()); mend(net()); return tooLarge(net()) ? 'that would be too many numbers to show' : ''; });

  // What is chosen is kept by coordinates, so that it stays through changes.
  function chosenNow() {
    const at = state.chosen, step = at && all.steps[at.step], map = at && all.maps[at.map];
    if (step && hasKernel(step.layer) && at.tap.every((v, axis) => v < step.shape[axis])) return { step: at.step, tap: flatTap(step.shape, at.tap) };
    if (map && at.c < map.channels && inside(map, at.at)) return { map: at.map, place: placeIn(map, at.c, at.at) };
    const last = all.maps[all.maps.length - 1]; // its middle
    return { map: all.maps.length - 1, place: placeIn(last, 0, last.n.map((size) => size >> 1)) };
  }
  function choose(element) {
    const { map, place: at, step, tap } = element.dataset;
    if (map !== undefined) {
      const where = coordinates(all.maps[map], Number(at));
      if (!inside(all.maps[map], where.at)) return;
      state.chosen = { map: Number(map), ...where };
    } else {
      state.chosen = { step: Number(step), tap: kernelCoordinates(all.steps[step].shape, Number(tap)) };
    }
    paint();
  }

  function controls() {
    const layer = layerOf(), channels = channelsInto(net(), state.layer);
    const several = net().layers.length > 1;
    find('layers').innerHTML = (several ? net().layers.map((v, l) => `<button type="button" data-layer="${l}" aria-pressed="${l === state.layer}">${fill('layer {0}', l + 1)}</button>`).join('') : '')
      + (net().layers.length < largest.layers ? `<button type="button" data-add>+ ${fill('add a layer')}</button>` : '') + (several ? `<button type="button" data-remove>− ${fill('remove the last layer')}</button>` : '');
    find('kind').value = layer.kind;
    find('axes').value = net().axes;
    find('back').value = state.back ? '1' : '';
    find('causal').checked = layer.causal;
    find('causal-label').hidden = net().axes > 1 || !hasKernel(layer) || layer.kind === 'transposed';
    for (const s of sliders) {
      const label = place.querySelector(`[data-slider="${s.name}"]`), range = label.querySelector('input');
      label.hidden = !s.shown(layer);
      if (label.hidden) continue;
      const value = s.get(net(), layer, channels), low = s.low(), high = Math.max(s.high(net(), layer, channels), low);
      range.min = low; range.max = Math.max(high, value); range.value = value;
      const said = s.name === 'g' ? layer.g : s.name === 'n' && net().n.slice(3 - net().axes).some((v) => v !== value) ? sizeOf(net().axes, net().n) : value;
      range.setAttribute('aria-valuetext', said);
      label.querySelector('span').textContent = fill(s.name === 'k' && !hasKernel(layer) ? 'window' : s.words);
      label.querySelector('output').textContent = said;
    }
  }

  function paint() {
    const chosen = chosenNow(), ways = paintGrids(cells, net(), all, state.back, chosen), products = productsOfCell(net(), all, chosen, state.back);
    const l = Math.min(chosen.step ?? Math.max(0, chosen.map - 1), all.steps.length - 1);
    find('sum').textContent = sentence(net(), all, chosen, state.back, products);
    find('reach').textContent = chosen.tap === undefined && all.steps.length ? reach(net(), all, chosen, ways) : '';
    find('products').innerHTML = table(products);
    find('matrix-place').hidden = l < 0;
    if (l >= 0) matrix = { l, ...paintMatrix(find('matrix-place'), net(), all, l, chosen) };
    for (const row of place.querySelectorAll('.cells')) { // one stop of the Tab key for each grid
      const element = row.querySelector('[data-on="chosen"]') || row.querySelector('input,button');
      const old = row.querySelector('[tabindex="0"]');
      if (old !== element) { if (old) old.tabIndex = -1; element.tabIndex = 0; }
    }
  }

  function update(next) {
    state = next;
    state.layer = Math.min(state.layer, net().layers.length - 1);
    all = compute(net());
    controls();
    find('formula').textContent = formula(net(), all, state.layer);
    find('problem').textContent = page.refused || all.problem;
    const now = JSON.stringify([all.maps.map((m) => [m.channels, m.n, m.full, m.lo, m.cut]), net().layers.map((v) => [v.kind, v.g, v.k, v.along]), state.back, net().axes]);
    if (now !== shape) cells = buildGrids(find('flow'), net(), all, state.back);
    shape = now;
    const one = together(net(), all), parts = all.steps.reduce((sum, s) => sum + s.kernel.length, 0);
    find('together').innerHTML = one && one.shape[0] * one.shape[1] * one.shape[2] <= 12 ? togetherGrids(net(), one, parts) : '';
    paint();
  }

  place.addEventListener('input', (event) => {
    const t = event.target, slider = t.closest('[data-slider]');
    if (slider) {
      const s = sliders.find((v) => v.name === slider.dataset.slider);
      change(s.name, (net) => s.set(net, Number(t.value), net.layers[state.layer], channelsInto(net, state.layer)));
    } else if (t.matches('[data-map],[data-step]')) {
      const value = parse(t.value);
      if (!Number.isFinite(value) || Math.abs(value) > 1e6) return;
      change(t.getAttribute('aria-label'), (net) => {
        const { map, place: at, step, tap } = t.dataset;
        if (step !== undefined) { (net.w[step] ??= {})[kernelCoordinates(all.steps[step].shape, Number(tap))] = value; return; }
        const where = coordinates(all.maps[map], Number(at));
        (state.back ? net.dy : net.x)[[where.c, ...where.at]] = value;
      });
    } else if (t.matches('[data-kind]')) change('kind', (net) => setKind(net, state.layer, t.value));
    else if (t.matches('[data-axes]')) change('axes', (net) => { const size = net.n[2]; net.axes = Number(t.value); net.n = net.n.map((v, axis) => axis < 3 - net.axes ? 1 : Math.max(v, v > 1 ? v : Math.min(size, 4))); });
    else if (t.matches('[data-causal]')) change('causal', (net) => { net.layers[state.layer].causal = t.checked; });
    else if (t.matches('[data-back]')) page.change('back', () => { state.back = t.value !== ''; return ''; });
  });
  place.addEventListener('click', (event) => {
    const button = event.target.closest('[data-layer],[data-add],[data-remove]');
    if (!button) return;
    if (button.dataset.layer) { state.layer = Number(button.dataset.layer); update(state); place.querySelector(`[data-layer="${state.layer}"]`).focus(); return; }
    if (button.matches('[data-add]')) change('add', (net) => { net.layers.push({ ...net.layers[net.layers.length - 1] }); });
    else change('remove', (net) => { net.layers.pop(); });
    place.querySelector('[data-layers] button').focus();
  });
  // Playing moves from output to output.
  let timer = 0;
  function stop() {
    clearInterval(timer);
    timer = 0;
    find('play').textContent = fill('Play');
  }
  function play() {
    if (!place.isConnected) return stop();
    const map = all.maps.length - 1, order = insidePlaces(all.maps[map]), chosen = chosenNow(), at = chosen.map === map ? order.indexOf(chosen.place) + 1 : 0;
    if (at === order.length) return stop();
    state.chosen = { map, ...coordinates(all.maps[map], order[at]) };
    paint();
  }
  find('play').addEventListener('click', () => {
    if (timer) return stop();
    state.chosen = { map: 0, c: 0, at: [0, 0, 0] };
    play();
    timer = setInterval(play, 700);
    find('play').textContent = fill('Pause');
  });
  for (const kind of ['input', 'focusin', 'pointerdown']) place.addEventListener(kind, (event) => { if (timer && !event.target.matches('[data-play]')) stop(); });

  place.addEventListener('focusin', (event) => { if (event.target.matches('.flow [data-map],.flow [data-step]')) { choose(event.target); if (event.target.select) event.target.select(); } });
  place.addEventListener('focusout', (event) => { if (event.target.matches('.flow input')) paint(); });
  place.addEventListener('pointermove', (event) => { // dragging over cells
    if (event.buttons !== 1 || event.pointerType === 'touch' || !event.target.matches('.flow button')) return;
    if (event.target.dataset.on !== 'chosen') choose(event.target);
  });
  place.addEventListener('pointerdown', (event) => {
    const box = event.target.closest('[data-matrix]');
    if (!box || !matrix) return;
    const area = (box.querySelector('canvas') || box.querySelector('.entries')).getBoundingClientRect();
    const row = Math.floor((event.clientY - area.top) / area.height * matrix.rows.length);
    chooseRow(row);
  });
  function chooseRow(row) {
    const at = matrix.rows[Math.max(0, Math.min(row, matrix.rows.length - 1))];
    state.chosen = { map: matrix.l + 1, ...coordinates(all.maps[matrix.l + 1], at) };
    paint();
  }
  place.addEventListener('keydown', (event) => {
    const t = event.target, move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    if (t.matches('[data-matrix]')) {
      const chosen = chosenNow(), row = chosen.map === matrix.l + 1 ? matrix.rowOf.get(chosen.place) : -1;
      chooseRow(row + move[0] + move[1]);
    } else if (t.matches('.flow [data-map],.flow [data-step]')) {
      if (t.select && move[1]) { // within a number the arrows move between its digits
        const all = t.selectionStart === 0 && t.selectionEnd === t.value.length;
        if (!all && t.selectionStart !== (move[1] < 0 ? 0 : t.value.length)) return;
      }
      const row = t.parentElement, columns = Number(row.style.getPropertyValue('--n')), index = [...row.children].indexOf(t);
      const to = row.children[index + move[0] * columns + move[1]];
      const sameLine = move[0] || Math.floor((index + move[1]) / columns) === Math.floor(index / columns);
      if (to && sameLine && to.tagName !== 'SPAN') to.focus();
    } else return;
    event.preventDefault();
  });
  return { update };
}

function togetherGrids(net, one, parts) {
  const [outputs, channels, depth, height, width] = one.shape;
  let out = `<b>${fill('The layers together are one kernel: {0} weights instead of {1}', one.kernel.length, parts)}</b><div class="grids">`;
  for (let o = 0; o < outputs; o++) for (let c = 0; c < channels; c++) for (let z = 0; z < depth; z++) {
    const over = [outputs > 1 && fill('filter {0}', o), channels > 1 && fill('channel {0}', c), net.axes === 3 && fill('slice {0}', z)].filter(Boolean).join(' · ');
    const first = ((o * channels + c) * depth + z) * height * width;
    out += grid(fill('kernel'), over, width, [...one.kernel.slice(first, first + height * width)].map((v) => `<span>${num(v)}</span>`));
  }
  return `${out}</div>`;
}
