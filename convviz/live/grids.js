// The maps and kernels of a network as grids of cells.

const mapLetter = (l, count) => l === 0 ? 'x' : l === count - 1 ? 'y' : `h${count > 3 ? l : ''}`;
const kernelLetter = (l, count) => count > 1 ? `w${l + 1}` : 'w';

// x[row,column], with the channel last where there are several, as tensors are.
function mapName(net, all, l, place, gradient) {
  const map = all.maps[l], { c, at } = coordinates(map, place);
  const of = at.slice(3 - net.axes).concat(map.channels > 1 ? c : []);
  return `${gradient ? 'd' : ''}${mapLetter(l, net.layers.length + 1)}[${of}]`;
}

function kernelName(net, all, l, tap, gradient) {
  const step = all.steps[l], [o, c, ...at] = kernelCoordinates(step.shape, tap);
  const of = at.slice(3 - net.axes).concat(step.shape[0] > 1 || step.shape[1] > 1 ? [c, o] : []);
  return `${gradient ? 'd' : ''}${kernelLetter(l, net.layers.length)}[${of}]`;
}

// A colour that stays with a group on its way through a layer, or '' where
// every output takes from every input.
function groupColour(layer, channels, group) {
  return layer && groupsOf(layer, channels) > 1 ? ` style="--group:var(--g${group % 6})"` : '';
}

function groupOfOutput(layer, channels, placed) {
  const groups = groupsOf(layer, channels), outputs = outputsOf(layer, channels);
  return layer.kind === 'shuffled' ? placed % groups : Math.floor(placed / (outputs / groups));
}

function cell(data, name, editable, margin) {
  if (margin) return `<span class="${margin}" ${data}></span>`;
  return editable ? `<input ${data} tabindex="-1" inputmode="decimal" autocomplete="off" aria-label="${name}">`
    : `<button type="button" ${data} tabindex="-1" aria-label="${name}"></button>`;
}

// A word with its number over a grid; over a narrow one the number alone.
const label = (words, number, width) => width < 3 ? number : fill(words, number);

// One grid of cells with what is written over it.
function grid(title, over, width, cells, colour = '') {
  return `<div class="grid"${colour}>${over ? `<small>${over}</small>` : ''}<div class="cells" role="group" aria-label="${title} ${over}" style="--n:${width}">${cells.join('')}</div></div>`;
}

const sizeOf = (axes, n) => n.slice(3 - axes).join('×');

function mapGrids(net, all, l, back) {
  const map = all.maps[l], last = l === net.layers.length, [depth, height, width] = map.full;
  const before = net.layers[l - 1], layer = net.layers[l], beforeChannels = l > 0 && all.maps[l - 1].channels;
  const title = fill(l === 0 ? 'input' : last ? 'output' : 'between'), letter = mapLetter(l, net.layers.length + 1);
  let out = `<div class="map"><b>${title} ${back ? 'd' : ''}${letter}: ${sizeOf(net.axes, map.n)}${map.channels > 1 ? `×${map.channels}` : ''}</b><div class="grids">`;
  for (let c = 0; c < map.channels; c++) {
    const colour = before && groupsOf(before, beforeChannels) > 1 ? groupColour(before, beforeChannels, groupOfOutput(before, beforeChannels, c))
      : layer ? groupColour(layer, map.channels, Math.floor(c / (map.channels / groupsOf(layer, map.channels)))) : '';
    for (let z = 0; z < depth; z++) {
      const over = [map.channels > 1 && label('channel {0}', String(c), width), net.axes === 3 && label('slice {0}', String(z - map.lo[0]), width)].filter(Boolean).join(' · ');
      const cells = [];
      for (let flat = 0; flat < height * width; flat++) {
        const place = (c * depth + z) * height * width + flat, within = inside(map, coordinates(map, place).at);
        cells.push(cell(`data-map="${l}" data-place="${place}"`, mapName(net, all, l, place, back), back ? last : l === 0, within ? '' : map.cut ? 'cut' : 'pad'));
      }
      out += grid(title, over, width, cells, colour);
    }
  }
  return out + '</div></div>';
}

function kernelGrids(net, all, l, back) {
  const step = all.steps[l], [outputs, channels, depth, height, width] = step.shape, from = all.maps[l].channels, groups = groupsOf(step.layer, from);
  const letter = kernelLetter(l, net.layers.length);
  if (!hasKernel(step.layer)) return `<div class="sign" >${kindName(step.layer.kind)} →</div>`;
  let out = `<div class="map kernel"><b>${fill('kernel')} ${back ? 'd' : ''}${letter}: ${sizeOf(net.axes, [depth, height, width])}${channels > 1 || outputs > 1 ? `×${channels}×${outputs}` : ''}</b><div class="filters">`;
  for (let o = 0; o < outputs; o++) {
    const group = Math.floor(o / (outputs / groups));
    out += `<div class="filter"${groupColour(step.layer, from, group)}>${outputs > 1 ? `<small>${fill('filter {0}', o)}</small>` : ''}<div class="grids">`;
    for (let c = 0; c < channels; c++) for (let z = 0; z < depth; z++) {
      const over = [(channels > 1 || groups > 1) && label('channel {0}', String(group * channels + c), width), net.axes === 3 && label('slice {0}', String(z), width)].filter(Boolean).join(' · ');
      const cells = [];
      for (let flat = 0; flat < height * width; flat++) {
        const tap = ((o * channels + c) * depth + z) * height * width + flat;
        cells.push(cell(`data-step="${l}" data-tap="${tap}"`, kernelName(net, all, l, tap, back), !back));
      }
      out += grid(`${fill('kernel')}${outputs > 1 ? ` ${fill('filter {0}', o)}` : ''}`, over, width, cells);
    }
    out += '</div></div>';
  }
  return out + '</div></div>';
}

// The chain from the input to the output. It is built anew only when shape says
// that another one is needed; paintGrids puts the numbers in.
function buildGrids(flow, net, all, back) {
  let out = '';
  for (let l = 0; l < all.maps.length; l++) {
    out += mapGrids(net, all, l, back);
    if (l < all.steps.length) out += kernelGrids(net, all, l, back);
  }
  flow.innerHTML = out;
  const maps = all.maps.map(() => []), taps = all.steps.map(() => []);
  for (const element of flow.querySelectorAll('[data-map]')) maps[element.dataset.map][element.dataset.place] = element;
  for (const element of flow.querySelectorAll('[data-step]')) taps[element.dataset.step][element.dataset.tap] = element;
  return { maps, taps };
}

function paintCell(element, value, share, chosen, name) {
  const text = num(value);
  if (element.tagName === 'INPUT') {
    const typing = element === document.activeElement && parse(element.value) === value;
    if (!typing && element.value !== text) element.value = text;
  } else if (element.textContent !== text) {
    element.textContent = text;
    if (element.tagName === 'BUTTON') element.setAttribute('aria-label', `${name()} = ${text}`);
  }
  const state = chosen ? 'chosen' : share > 0 ? `on${Math.ceil(share * 4)}` : '';
  if ((element.dataset.on || '') !== state) element.dataset.on = state;
}

function paintGrids(cells, net, all, back, chosen) {
  const { ways, taps } = waysOf(all, chosen);
  all.maps.forEach((map, l) => {
    const most = Math.max(...ways[l]), values = back ? map.gradient : map.value;
    cells.maps[l].forEach((element, place) => paintCell(element, values[place], most && ways[l][place] / most, chosen.map === l && chosen.place === place, () => mapName(net, all, l, place, back)));
  });
  all.steps.forEach((step, l) => {
    const values = back ? step.gradient : step.kernel;
    cells.taps[l].forEach((element, tap) => paintCell(element, values[tap], taps[l][tap], chosen.step === l && chosen.tap === tap, () => kernelName(net, all, l, tap, back)));
  });
  return ways;
}
