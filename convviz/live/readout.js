// What a chosen cell is made of: in words, product by product, and as a row of
// the matrix.

// The products that belong to the chosen cell, and how they are summed up.
function productsOfCell(net, all, chosen, back) {
  const isTap = chosen.tap !== undefined;
  const l = isTap ? chosen.step : back || chosen.map === 0 ? chosen.map : chosen.map - 1, step = all.steps[l];
  if (!step || (back && chosen.map === all.maps.length - 1)) return null;
  const { o, i, k, factor: f, layer } = step, from = all.maps[l], to = all.maps[l + 1];
  const list = [], hit = isTap ? (t) => k[t] === chosen.tap : back || chosen.map === 0 ? (t) => i[t] === chosen.place : (t) => o[t] === chosen.place;
  const x = (t) => [mapName(net, all, l, i[t]), from.value[i[t]]], y = (t) => [mapName(net, all, l + 1, o[t], back), back ? to.gradient[o[t]] : to.value[o[t]]];
  const w = (t) => hasKernel(layer) ? [kernelName(net, all, l, k[t]), f[t]] : ['', f[t]];
  const within = (t) => inside(to, coordinates(to, o[t]).at);
  for (let t = 0; t < o.length; t++) {
    if (!hit(t) || ((back || isTap || chosen.map === 0) && !within(t))) continue;
    const [a, b] = back ? [y(t), isTap ? x(t) : w(t)] : [x(t), w(t)];
    list.push({ a, b, product: a[1] * b[1], to: y(t) });
  }
  const sums = back || (!isTap && chosen.map > 0);
  return { list, sums, kind: sums && !back && layer.kind, noKernel: !hasKernel(layer) };
}

const inLine = 30; // products at most in a line

function sentence(net, all, chosen, back, products) {
  const name = chosen.tap !== undefined ? kernelName(net, all, chosen.step, chosen.tap, back) : mapName(net, all, chosen.map, chosen.place, back);
  const value = chosen.tap !== undefined ? (back ? all.steps[chosen.step].gradient : all.steps[chosen.step].kernel)[chosen.tap]
    : (back ? all.maps[chosen.map].gradient : all.maps[chosen.map].value)[chosen.place];
  if (!products) return back && all.steps.length ? fill('{0} is the gradient that comes from behind: type numbers', name) : `${name} = ${num(value)}`;
  const { list } = products;
  if (!products.sums) return fill(chosen.tap !== undefined ? '{0} = {1} stands in {2} products' : '{0} = {1} goes into {2} outputs', name, num(value), list.length);
  if (list.length === 0) return `${name} = 0`;
  let body = fill('{0} products', list.length);
  if (list.length <= inLine) {
    if (products.kind === 'maxpool') body = `max(${list.map((r) => num(r.a[1])).join(', ')})`;
    else if (products.kind === 'relu') body = `max(0, ${num(list[0].a[1])})`;
    else if (products.kind === 'avgpool') body = `(${list.map((r) => factor(r.a[1])).join(' + ')}) / ${Math.round(1 / list[0].b[1])}`;
    else body = list.map((r) => `${factor(r.a[1])}·${factor(r.b[1])}`).join(' + ');
  }
  return `${name} = ${body} = ${num(value)}`;
}

function table(products) {
  if (!products || products.list.length === 0) return '';
  const { list, sums, kind, noKernel } = products, largest = kind === 'maxpool';
  let running = largest ? -Infinity : 0, rows = '';
  list.forEach((r, at) => {
    running = largest ? Math.max(running, r.a[1]) : running + r.product;
    const names = r.b[0] ? `${r.a[0]}·${r.b[0]}` : r.a[0];
    const numbers = largest ? num(r.a[1]) : noKernel ? `${factor(r.a[1])}·${num(r.b[1])} = ${num(r.product)}` : `${factor(r.a[1])}·${factor(r.b[1])} = ${num(r.product)}`;
    rows += `<tr><td>${at + 1}</td><td>${names}</td><td>${numbers}</td><td>${sums ? num(running) : `${r.to[0]} = ${num(r.to[1])}`}</td></tr>`;
  });
  return `<table><thead><tr><th scope="col">#</th><th scope="col">${fill('product')}</th><th scope="col">${fill('numbers')}</th><th scope="col">${fill(!sums ? 'goes to' : largest ? 'so far the largest' : 'running sum')}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

const axisRanges = ['slices {0} to {1}', 'rows {0} to {1}', 'columns {0} to {1}'];

// Which part of the input a cell sees, and how many outputs it reaches.
function reach(net, all, chosen, ways) {
  const parts = [], name = chosen.tap === undefined && mapName(net, all, chosen.map, chosen.place);
  const reached = (l) => insidePlaces(all.maps[l]).filter((place) => ways[l][place] > 0);
  if (chosen.map > 0) {
    const seen = reached(0).map((place) => coordinates(all.maps[0], place).at);
    if (seen.length === 0) {
      parts.push(fill('{0} sees nothing of the input', name));
    } else {
      const used = [0, 1, 2].slice(3 - net.axes), low = used.map((a) => Math.min(...seen.map((at) => at[a]))), high = used.map((a) => Math.max(...seen.map((at) => at[a])));
      const words = listed(used.map((a, i) => fill(net.axes === 1 ? 'positions {0} to {1}' : axisRanges[a], low[i], high[i])));
      parts.push(fill('{0} sees {1} of the input: {2}', name, low.map((v, i) => high[i] - v + 1).join('×'), listed([words, fill('{0} of {1} numbers', seen.length, insidePlaces(all.maps[0]).length)])));
    }
  }
  const last = all.maps.length - 1;
  if (chosen.map < last) parts.push(fill('{0} reaches {1} of {2} outputs', name, reached(last).length, insidePlaces(all.maps[last]).length));
  return parts.join(language === 'zh' ? '。' : '. ');
}

// The size formula of layer l with its numbers put in, for each size that an
// axis has, and what the layer costs.
function formula(net, all, l) {
  const layer = net.layers[l], n = (all.maps[l] || {}).n;
  if (!n) return '';
  if (layer.kind === 'relu') return 'y = max(0, x)';
  const lines = [];
  [0, 1, 2].slice(3 - net.axes).filter((axis) => layer.along < 0 || layer.along === axis).forEach((axis) => {
    const { k, s, d, lo, hi, op } = windowOf(layer, axis, net.axes), size = outputSize(layer, n[axis], { k, s, d, lo, hi, op });
    const line = layer.kind === 'transposed'
      ? `o = (n − 1)·s − 2p + d(k − 1) + op + 1 = (${n[axis]} − 1)·${s} − 2·${lo} + ${d}·(${k} − 1) + ${op} + 1 = ${size}`
      : `o = ⌊(n + ${layer.causal ? 'd(k − 1)' : '2p'} − d(k − 1) − 1) / s⌋ + 1 = ⌊(${n[axis]} + ${layer.causal ? lo : `2·${lo}`} − ${d}·(${k} − 1) − 1) / ${s}⌋ + 1 = ${size}`;
    if (!lines.includes(line)) lines.push(line);
  });
  const facts = [], step = all.steps[l];
  if (step && hasKernel(layer)) facts.push(fill('{0} weights, {1} multiplications', step.kernel.length, step.kernel.length * (layer.kind === 'transposed' ? n : all.maps[l + 1].n).reduce((a, b) => a * b)));
  if (net.layers.length > 1 && !net.layers.slice(0, l + 1).some((v) => v.kind === 'transposed')) {
    let field = [1, 1, 1], jump = [1, 1, 1];
    for (const before of net.layers.slice(0, l + 1)) {
      windowsOf(before, net.axes).forEach((w, axis) => { field[axis] += w.d * (w.k - 1) * jump[axis]; jump[axis] *= w.s; });
    }
    const each = (v) => [...new Set(v.slice(3 - net.axes))].length > 1 ? sizeOf(net.axes, v) : v[2];
    facts.push(fill('receptive field {0}, jump {1}', each(field), each(jump)));
  }
  return lines.join('\n') + (facts.length ? `\n${facts.join(' · ')}` : '');
}

const numbersInMatrix = 700; // cells at most that show them

// The matrix of layer l: what an output is in its inputs.
function matrixOf(all, l) {
  const from = all.maps[l], to = all.maps[l + 1], { o, i, factor: f } = all.steps[l];
  const rows = insidePlaces(to), columns = insidePlaces(from), rowOf = new Map(rows.map((p, at) => [p, at])), columnOf = new Map(columns.map((p, at) => [p, at]));
  const value = new Float64Array(rows.length * columns.length);
  for (let t = 0; t < o.length; t++) {
    const row = rowOf.get(o[t]), column = columnOf.get(i[t]);
    if (row !== undefined && column !== undefined) value[row * columns.length + column] += f[t];
  }
  return { rows, columns, rowOf, columnOf, value };
}

function paintMatrix(place, net, all, l, chosen, ways) {
  const m = matrixOf(all, l), step = all.steps[l], count = m.value.filter((v) => v !== 0).length;
  place.querySelector('p').textContent = (all.steps.length > 1 ? `${fill('layer {0}', l + 1)}: ` : '') + fill('The layer as a matrix, {0}×{1}: a row for each output, a column for each input, {2} of {3} entries not 0', m.rows.length, m.columns.length, count, m.value.length);
  const lit = { rows: new Set(), columns: new Set() };
  if (chosen.map === l + 1) lit.rows.add(m.rowOf.get(chosen.place));
  if (chosen.map === l) lit.columns.add(m.columnOf.get(chosen.place));
  const taps = new Set();
  if (chosen.step === l) step.k.forEach((k, t) => { if (k === chosen.tap) taps.add(m.rowOf.get(step.o[t]) * m.columns.length + m.columnOf.get(step.i[t])); });
  const isLit = (at) => lit.rows.has(Math.floor(at / m.columns.length)) || lit.columns.has(at % m.columns.length) || taps.has(at);
  const box = place.querySelector('[data-matrix]');
  box.setAttribute('aria-label', fill('The matrix with the row of {0}', chosen.tap === undefined ? mapName(net, all, chosen.map, chosen.place) : kernelName(net, all, chosen.step, chosen.tap)));
  box.dataset.rows = m.rows.length;
  box.dataset.columns = m.columns.length;
  if (m.value.length <= numbersInMatrix) {
    let out = '';
    m.value.forEach((v, at) => { out += `<i${isLit(at) ? ' data-on' : ''}${v ? '' : ' class="zero"'}>${num(v)}</i>`; });
    box.innerHTML = `<div class="entries" style="--n:${m.columns.length}">${out}</div>`;
  } else {
    drawMatrix(box, m, isLit);
  }
  return m;
}

// A large matrix is drawn: orange above zero, blue below it.
function drawMatrix(box, m, isLit) {
  let canvas = box.querySelector('canvas');
  if (!canvas) {
    box.innerHTML = '<canvas></canvas>';
    canvas = box.firstChild;
  }
  const side = Math.max(2, Math.min(12, Math.floor(Math.min(640 / m.columns.length, 320 / m.rows.length))));
  canvas.width = side * m.columns.length;
  canvas.height = side * m.rows.length;
  const pen = canvas.getContext('2d'), most = m.value.reduce((a, v) => Math.max(a, Math.abs(v)), 0) || 1;
  const colour = (name) => { canvas.style.color = `var(${name})`; return getComputedStyle(canvas).color; };
  const ink = { on: colour('--lit-solid'), more: colour('--above'), less: colour('--below') };
  m.value.forEach((v, at) => {
    const lit = isLit(at);
    if (!v && !lit) return;
    const x = side * (at % m.columns.length), y = side * Math.floor(at / m.columns.length);
    if (lit) { pen.fillStyle = ink.on; pen.fillRect(x, y, side, side); }
    if (!v) return;
    pen.globalAlpha = 0.35 + 0.65 * Math.abs(v) / most;
    pen.fillStyle = v > 0 ? ink.more : ink.less;
    pen.fillRect(x, y, Math.max(1, side - 1), Math.max(1, side - 1));
    pen.globalAlpha = 1;
  });
}
