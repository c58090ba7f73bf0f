// Works live pictures as a reader does and writes down what they show.
//
//   node live.mjs PAGE SETTINGS READ
//
// PAGE is an HTML file with one live picture. SETTINGS is a JSON file: a list
// of settings to bring about by its controls. For each, what is read from the
// page goes into the JSON file READ: every number of every map and kernel, as
// values and as gradients, the size formulas, and what is said of chosen cells.
// Undo, redo and the other language must change nothing. Then mouse, keyboard,
// faults that axe-core finds, contrast, width and speed are looked at. Prints
// one line of JSON; exit 1 when something is wrong.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { seriousFaults, start } from './start.mjs';

const [file, settingsFile, readFile] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));
const browser = await start();
const page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
const fetched = new Set(), broken = [];
page.on('request', (request) => { if (request.url() !== pathToFileURL(file).href && !request.url().startsWith('data:')) fetched.add(request.url()); });
page.on('pageerror', (error) => broken.push(error.message));

// What runs in the page.
const reader = () => {
  const root = document.querySelector('.convlab-live'), find = (name) => root.querySelector(name), all = (name) => [...root.querySelectorAll(name)];
  const set = (element, value) => {
    if (element.type === 'checkbox' || element.type === 'radio') element.checked = value;
    else element.value = value;
    for (const kind of ['input', 'change']) element.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  const slide = (name, value) => { const label = find(`[data-slider="${name}"]`); if (!label.hidden && value !== undefined) set(label.querySelector('input'), value); };
  const sliderNames = ['out', 'k', 's', 'd', 'p', 'op', 'g'];
  const tabs = () => all('[data-layer]').length || 1;
  const tab = (l) => { const button = find(`[data-layer="${l}"]`); if (button) button.click(); };
  const text = (element) => element.tagName === 'INPUT' ? element.value : element.textContent;
  const groups = (cells, key) => { const by = []; for (const e of cells) (by[e.dataset[key]] ??= []).push(text(e)); return by.map((v) => v ?? null); };
  const numbers = () => ({
    maps: groups(all('.flow [data-map]:not(.pad):not(.cut)'), 'map'), kernels: groups(all('.flow [data-step]'), 'step'),
    pads: [...new Set(all('.flow .pad').map(text))], together: all('[data-together] .cells > *').map(text),
  });
  function layers() {
    const list = [];
    for (let l = 0; l < tabs(); l++) {
      tab(l);
      const said = { kind: find('[data-kind]').value, causal: find('[data-causal]').checked, formula: find('[data-formula]').textContent };
      for (const name of sliderNames) {
        const label = find(`[data-slider="${name}"]`);
        said[name] = label.hidden ? 0 : Number(label.querySelector('output').textContent);
      }
      list.push(said);
    }
    return list;
  }
  function pick(element) {
    element.dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
    const entries = all('[data-matrix] i'), canvas = find('[data-matrix] canvas'), box = find('[data-matrix]').dataset;
    let drawn = '';
    if (canvas) {
      const rows = Number(box.rows), columns = Number(box.columns), side = canvas.width / columns, data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      const ground = document.createElement('canvas').getContext('2d'); // what a lit entry without a number looks like
      canvas.style.color = 'var(--lit-solid)';
      ground.fillStyle = getComputedStyle(canvas).color;
      ground.fillRect(0, 0, 1, 1);
      const lit = [...ground.getImageData(0, 0, 1, 1).data].join();
      for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
        const at = 4 * (r * side * canvas.width + c * side), colour = data.slice(at, at + 4);
        drawn += colour[3] === 0 || colour.join() === lit ? '0' : '1';
      }
    }
    return {
      chosen: element.getAttribute('aria-label').split(' = ')[0], number: text(element), sum: find('[data-sum]').textContent, reach: find('[data-reach]').textContent,
      rows: all('[data-products] tbody tr').map((row) => [...row.cells].slice(1).map((c) => c.textContent)),
      matrix: entries.map((e) => e.textContent), lit: entries.flatMap((e, at) => e.dataset.on === undefined ? [] : [at]), drawn,
      on: all('.flow [data-on]:not(.pad):not(.cut)').filter((e) => e.dataset.on).map((e) => e.getAttribute('aria-label').split(' = ')[0]),
    };
  }
  const some = (cells, shares) => shares.filter(() => cells.length).map((share) => cells[Math.floor(share * cells.length)]);
  function bring(s) {
    set(find('[data-examples]'), s.example);
    if (!find('[data-kind]')) return soft(s);
    if (s.axes) set(find('[data-axes]'), s.axes);
    slide('channels', s.channels);
    slide('n', s.n);
    s.layers.forEach((layer, l) => {
      tab(l);
      if (layer.kind) set(find('[data-kind]'), layer.kind);
      for (const name of sliderNames) slide(name, layer[name]);
      if (layer.causal && !find('[data-causal-label]').hidden) set(find('[data-causal]'), true);
    });
    const edit = (cells, list) => list.forEach(([share, value]) => { if (cells.length) set(cells[Math.floor(share * cells.length)], value); });
    edit(all('.flow input[data-map]'), s.x);
    const before = numbers();
    edit(all('.flow input[data-step]'), s.w);
    const after = numbers(), wrong = [], same = (what, got, want) => { if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push(`${what}: ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`); };
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      for (let i = 0; i < 40 && JSON.stringify(numbers()) !== JSON.stringify(before) && !find('[data-undo]').disabled; i++) find('[data-undo]').click();
      same('after undo', numbers(), before);
      while (!find('[data-redo]').disabled) find('[data-redo]').click();
      same('after redo', numbers(), after);
    }
    find('[data-language]').click();
    same('in the other language', numbers(), after);
    find('[data-language]').click();
    const result = { layers: layers(), axes: Number(find('[data-axes]').value), channels: Number(find('[data-slider="channels"] output').textContent), problem: find('[data-problem]').textContent, values: numbers() };
    const last = result.values.maps.length - 1;
    const chosen = () => [...some(all('.flow [data-map="0"]:not(.pad):not(.cut)'), s.picks.slice(0, 1)), ...some(all(`.flow [data-map="${last}"]:not(.pad):not(.cut)`), s.picks), ...some(all('.flow [data-step]'), s.picks.slice(1, 2))];
    result.picks = chosen().map(pick);
    set(find('[data-back]'), '1');
    edit(all('.flow input[data-map]'), s.dy);
    result.gradients = numbers();
    result.backPicks = chosen().map(pick);
    set(find('[data-back]'), '');
    same('values after gradients', numbers(), after);
    return { ...result, wrong };
  }
  function soft(s) {
    set(find('[data-classes] input'), s.z.length);
    s.z.forEach((z, c) => set(find(`[data-z="${c}"]`), z));
    set(find(`[data-target="${s.target}"]`), true);
    const read = () => ({ z: all('[data-z]').map(text), p: all('[data-p]').map(text), dz: all('[data-dz]').map(text), power: all('[data-power]').map(text), loss: find('[data-sum]').textContent.split('= ').pop(), formula: find('[data-formula]').textContent });
    const wrong = [], first = read();
    find('[data-language]').click();
    if (JSON.stringify(read()) !== JSON.stringify(first)) wrong.push('the other language changes numbers');
    find('[data-language]').click();
    return { soft: first, wrong };
  }
  window.bring = bring;
};

let checks = 0, failure = '';
function same(what, got, want) {
  checks++;
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`);
}
const sum = () => page.locator('[data-sum]').textContent();
const cell = (map, place) => page.locator(`.flow [data-map="${map}"][data-place="${place}"]`);

// The first example, a 3x3 kernel over 5x5, by mouse and keyboard.
async function byHand() {
  await page.reload();
  await cell(1, 0).click();
  same('a click on an output', (await sum()).split(' =')[0], 'y[0,0]');
  const from = await cell(1, 0).boundingBox(), to = await cell(1, 8).boundingBox();
  await page.mouse.move(from.x + 5, from.y + 5);
  await page.mouse.down();
  await page.mouse.move(to.x + 5, to.y + 5, { steps: 8 });
  await page.mouse.up();
  same('dragging over outputs', (await sum()).split(' =')[0], 'y[2,2]');
  await cell(0, 12).click();
  same('a click on an input', (await sum()).startsWith('x[2,2] = '), true);
  await page.keyboard.type('7');
  await page.keyboard.press('ArrowRight');
  same('typing and an arrow key', [await cell(0, 12).inputValue(), (await sum()).slice(0, 6)], ['7', 'x[2,3]']);
  await page.keyboard.press('Control+z');
  same('Ctrl+Z', (await cell(0, 12).inputValue()) !== '7', true);
  await page.keyboard.press('Control+Shift+z');
  same('Ctrl+Shift+Z', await cell(0, 12).inputValue(), '7');
  await cell(1, 0).focus();
  await page.keyboard.press('ArrowDown');
  same('an arrow key on the output', (await sum()).slice(0, 6), 'y[1,0]');
  await page.locator('[data-matrix]').focus();
  await page.keyboard.press('ArrowDown');
  same('an arrow key on the matrix', (await sum()).slice(0, 6), 'y[1,1]');
  await page.locator('[data-matrix] i').nth(0).click();
  same('a click on the matrix', (await sum()).slice(0, 6), 'y[0,0]');
  await page.locator('[data-slider="s"] input').focus();
  await page.keyboard.press('ArrowRight');
  same('an arrow key on a slider', await page.locator('[data-slider="s"] output').textContent(), '2');
  await page.locator('[data-reset]').click();
  same('reset', [await page.locator('[data-slider="s"] output').textContent(), (await cell(0, 12).inputValue()) !== '7'], ['1', true]);
  await page.locator('[data-play]').click();
  await page.waitForFunction(() => document.querySelector('[data-sum]').textContent.startsWith('y[0,2]'));
  await page.locator('[data-play]').click();
  // Every control can be reached by the Tab key.
  const reachable = await page.evaluate(() => [...document.querySelectorAll('.convlab-live :is(button,select,input)')].filter((e) => e.offsetParent && !e.disabled && !e.closest('.cells')).every((e) => e.tabIndex >= 0));
  same('controls in the order of the Tab key', reachable, true);
}

// axe-core, the width and the language, on every example.
async function everyExample() {
  const examples = await page.locator('[data-examples] option').count();
  for (let at = 0; at < examples; at++) {
    await page.locator('[data-examples]').selectOption(String(at));
    for (const [scheme, width] of [['light', 1100], ['dark', 360]]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 1000 });
      await page.locator('[data-language]').click();
      same(`example ${at}, ${width} wide: the page is as wide as it is seen`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      same(`example ${at}, ${scheme}: serious faults`, await seriousFaults(page, '.convlab-live'), []);
    }
  }
}

// How long a change takes until the next frame is ready, in milliseconds: the
// median over changes of all sorts at an input of 12x12.
async function speed() {
  await page.setViewportSize({ width: 1100, height: 1000 });
  return page.evaluate(async () => {
    const root = document.querySelector('.convlab-live'), times = [], fire = (e) => e.dispatchEvent(new Event('input', { bubbles: true }));
    const select = root.querySelector('[data-examples]');
    select.value = 0;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    const slider = (name) => root.querySelector(`[data-slider="${name}"] input`);
    slider('n').value = 12;
    fire(slider('n'));
    for (let i = 0; i < 60; i++) {
      await new Promise(requestAnimationFrame);
      const start = performance.now();
      if (i % 3 === 0) { const e = root.querySelectorAll('.flow input[data-map]')[(7 * i) % 144]; e.value = i; fire(e); }
      if (i % 3 === 1) { slider('p').value = (i >> 1) % 3; fire(slider('p')); }
      if (i % 3 === 2) root.querySelectorAll('.flow button[data-map]')[(5 * i) % 100].dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
      document.body.offsetHeight; // the layout belongs to it
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[30];
  });
}

let median = 0;
const result = [];
try {
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(reader);
  for (let at = 0; at < settings.length; at += 20) {
    result.push(...await page.evaluate((some) => some.map((s) => window.bring(s)), settings.slice(at, at + 20)));
  }
  result.forEach((r, at) => same(`setting ${at}, ${JSON.stringify(settings[at])}`, r.wrong, []));
  await byHand();
  median = await speed();
  await everyExample();
  if (broken.length) throw new Error(`a script failed: ${broken.join('; ')}`);
  if (fetched.size) throw new Error(`the page asked for ${[...fetched].join(', ')}`);
} catch (error) {
  failure = String(error.message || error).slice(0, 4000) + (broken.length ? ` (a script failed: ${broken.join('; ')})` : '');
} finally {
  await browser.close();
}
writeFileSync(readFile, JSON.stringify(result));
console.log(JSON.stringify({ settings: result.length, checks, median_ms_at_12x12: Math.round(10 * median) / 10, fetched: fetched.size, failure }));
process.exit(failure ? 1 : 0);
