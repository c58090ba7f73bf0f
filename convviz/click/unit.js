// One unit of a trained network: its window, its weights, the products, their
// sum, as HTML. Every number that stands for another unit can be clicked.

const shownBlocks = 6, shownTerms = 12;

// A number in a small cell: about two digits, three decimals at most.
const short = (v) => num(Number(Math.abs(v) >= 10 ? v.toFixed(0) : Math.abs(v) >= 0.1 ? v.toPrecision(2) : v.toFixed(3)));
const nameIn = (map, unit) => hasPlaces(map) ? fill('channel {0}, row {1}, column {2}', unit.c, unit.i, unit.j) : fill('unit {0}', unit.c);

// How strongly a cell is tinted, and with what, for a number of this scale.
const tint = (v, most) => `background:color-mix(in srgb, var(--${v < 0 ? 'below' : 'above'}) ${Math.round(38 * Math.min(1, Math.abs(v) / (most || 1)))}%, var(--card))`;
// A number as it is said where its cell shows it short: what is seen comes first,
// so that who speaks to the page finds the cell by it.
const spoken = (v) => short(v) === num(v) ? num(v) : fill('{0}, more exactly {1}', short(v), num(v));
// A number that is clicked to go to the unit it belongs to.
const link = (t, maps, text, said = num(t.x)) => `<button type="button" data-to="${t.m},${t.i},${t.j},${t.c}" aria-label="${fill(t.m ? 'input number' : 'pixel')} ${nameIn(maps[t.m], t)} = ${said}">${text}</button>`;

function grid(columns, cells) {
  return `<div class="cells${columns > 4 ? ' wide' : ''}" style="--n:${columns}">${cells.join('')}</div>`;
}
const total = (values) => values.reduce((a, b) => a + b, 0);

function windowGrid(maps, terms, columns, most) {
  const scale = largestOf(terms.map((t) => t.x));
  return grid(columns, terms.map((t) => t.padding ? `<span class="pad" title="${fill('padding')}">0</span>`
    : link(t, maps, short(t.x), spoken(t.x)).replace('<button', `<button style="${tint(t.x, scale)}"${t === most ? ' data-most' : ''}`)));
}
const numberGrid = (columns, values, scale) => grid(columns, values.map((v) => `<span style="${tint(v, scale)}" title="${num(v)}">${short(v)}</span>`));

// The products of a convolution, an input channel a block: all, or those that
// count most.
function convolution(net, maps, l, terms, everything) {
  const step = net.steps[l], columns = step.k[1], taps = step.k[0] * step.k[1];
  const blocks = Array.from({ length: terms.length / taps }, (_, b) => {
    const some = terms.slice(b * taps, (b + 1) * taps);
    return { c: some[0].c, terms: some, products: some.map((t) => t.x * t.w), sum: total(some.map((t) => t.x * t.w)) };
  });
  const folds = blocks.length > shownBlocks, most = [...blocks].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
  const shown = folds && !everything ? most.slice(0, shownBlocks) : blocks, rest = blocks.filter((b) => !shown.includes(b));
  const weights = largestOf(terms.map((t) => t.w)), products = largestOf(terms.map((t) => t.x * t.w));
  return `<p>${fill('window × weights = products')}${folds && !everything ? ` (${fill('the {0} of {1} input channels that count most', shownBlocks, blocks.length)})` : ''}</p>
${shown.map((b) => `<div class="block"><small>${fill('channel {0}', b.c)}</small>${windowGrid(maps, b.terms, columns)}<span>×</span>${numberGrid(columns, b.terms.map((t) => t.w), weights)}<span>=</span>${numberGrid(columns, b.products, products)}<span>${fill('sum')} <b>${num(b.sum)}</b></span></div>`).join('')}
${rest.length ? `<p>${fill('the other {0} channels together', rest.length)}: <b>${num(total(rest.map((b) => b.sum)))}</b></p>` : ''}
${folds ? `<button type="button" data-everything>${everything ? fill('only those that count most') : fill('all {0} channels', blocks.length)}</button>` : ''}`;
}

function dense(maps, terms) {
  const most = [...terms].sort((a, b) => Math.abs(b.x * b.w) - Math.abs(a.x * a.w)), shown = most.slice(0, shownTerms), rest = most.slice(shownTerms);
  const rows = shown.map((t) => `<tr><th scope="row">${link(t, maps, nameIn(maps[t.m], t))}</th><td>${num(t.x)}</td><td>${num(t.w)}</td><td>${num(t.x * t.w)}</td></tr>`).join('');
  return `<p>${rest.length ? fill('the {0} of {1} products that count most', shown.length, terms.length) : fill('{0} products', terms.length)}</p>
<div class="scroll"><table class="terms"><thead><tr>${['made of', 'input number', 'weight', 'product'].map((h) => `<th scope="col">${fill(h)}</th>`).join('')}</tr></thead><tbody>${rows}
${rest.length ? `<tr><th scope="row">${fill('the other {0} products together', rest.length)}</th><td></td><td></td><td>${num(total(rest.map((t) => t.x * t.w)))}</td></tr>` : ''}</tbody></table></div>`;
}

// What the maps are called.
const namesOf = (net) => [fill('the picture, normalised'), ...net.steps.map((step) => step.title)];

// What is said of unit {i, j, c} of maps[m].
function explained(net, maps, m, unit, everything, pixels) {
  const value = maps[m].v[placeIn(maps[m], unit.i, unit.j, unit.c)];
  if (m === 0) {
    const byte = pixels[placeIn(maps[0], unit.i, unit.j, unit.c)];
    return `<p>${fill('a pixel {0}, scaled to 0 to 1, less the mean {1}, over the deviation {2}', byte, num(net.mean[unit.c]), num(net.std[unit.c]))}</p>
<div class="formula" data-sum>(${byte} / 255 − ${factor(net.mean[unit.c])}) / ${num(net.std[unit.c])} = ${num(value)}</div>`;
  }
  const l = m - 1, step = net.steps[l], terms = termsOf(net, maps, l, unit), first = terms[0];
  const number = (t) => link(t, maps, factor(t.x));
  const formula = (text) => `<div class="formula" data-sum>${text} = <b>${num(value)}</b></div>`;
  switch (step.kind) {
    case 'conv': case 'dense': {
      const bias = step.bias ? step.bias[unit.c] : null, sum = total(terms.map((t) => t.x * t.w));
      return (step.kind === 'conv' ? convolution(net, maps, l, terms, everything) : dense(maps, terms))
        + formula(`${fill('sum of {0} products', terms.length)} ${num(sum)}${bias === null ? '' : ` + ${fill('bias')} ${factor(bias)}`}`);
    }
    case 'maxpool': case 'avgpool': {
      const most = terms.find((t) => !t.padding && t.x === value);
      return `<div class="block">${windowGrid(maps, terms, step.k[1], step.kind === 'maxpool' ? most : null)}</div>`
        + formula(fill(step.kind === 'maxpool' ? 'the largest of {0} numbers' : 'the mean of {0} numbers', step.kind === 'maxpool' ? terms.filter((t) => !t.padding).length : Math.round(1 / first.w)));
    }
    case 'sum': case 'product': return `<p>${terms.map((t) => `${escaped(namesOf(net)[t.m])}: ${nameIn(maps[t.m], t)}`).join('<br>')}</p>` + formula(terms.map(number).join(step.kind === 'sum' ? ' + ' : ' · '));
    case 'norm': return formula(`(${number(first)} − ${fill('mean')} ${factor(step.mean[unit.c])}) · ${fill('scale')} ${factor(step.scale[unit.c])} + ${fill('bias')} ${factor(step.bias[unit.c])}`);
    case 'softmax': return formula(`exp(${link(terms[unit.c], maps, num(terms[unit.c].x))}) / (${terms.map((t) => `exp(${link(t, maps, num(t.x))})`).join(' + ')})`);
    case 'flatten': case 'shuffle': case 'concat': return `<p>${fill('the same number, in another place')}: ${nameIn(maps[first.m], first)}</p>` + formula(number(first));
  }
  if (step.function === 'same') return `<p>${fill('nothing is dropped once training is over')}</p>` + formula(number(first));
  return formula(step.function === 'Scale' ? `${num(step.number)} · ${number(first)}` : `${step.title}(${link(first, maps, num(first.x))})`);
}
