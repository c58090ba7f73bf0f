// Compares a page that shows a trained network with what cnnlib computed, and
// works it as a reader does.
//
//   node click.mjs PAGE FOLDER [browser]
//
// FOLDER holds expected.json and outputs.bin, as tests/click_test.go writes
// them, and photo.png. The page's calculation is run outside a browser on all
// pictures; with "browser" the page is opened too. Prints one line of JSON;
// exit 1 when something is wrong.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [file, folder, inBrowser] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')), raw = readFileSync(path.join(folder, 'outputs.bin'));
const outputs = new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4);
const html = readFileSync(file, 'utf8'), data = JSON.parse(/^clickThrough\(root, (.*), "en"\);$/m.exec(html)[1]);
const network = new Function(`${['paint', 'network'].map((part) => readFileSync(`convviz/click/${part}.js`, 'utf8')).join('')}\nreturn { decoded, run, bytesOf, placeIn, seenBy, termsOf };`)();

let checks = 0, worst = 0, failure = '', median = 0;
function same(what, got, want) {
  checks++;
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`);
}
// Weights of 16 bits leave a number off by a part of the layer's largest.
function near(what, got, want, scale) {
  checks++;
  const off = Math.abs(got - want) / scale;
  worst = Math.max(worst, off);
  if (!(off < 3e-4)) throw new Error(`${what}: the page computes ${got}, cnnlib ${want}; the layer's largest is ${scale}`);
}
const largest = (v) => v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const bestOf = (v) => v.indexOf(Math.max(...v));

function calculation() {
  const net = network.decoded(data.net), pixels = network.bytesOf(expected.pixels), size = net.size.reduce((a, b) => a * b), starts = [0];
  for (let l = 0; l < expected.layers; l++) starts.push(starts[l] + expected.numbers * net.steps[l].out.reduce((a, b) => a * b));
  same('the numbers of all layers', starts[expected.layers], outputs.length);
  expected.logits.forEach((logits, at) => {
    const maps = network.run(net, pixels.subarray(at * size, (at + 1) * size));
    same(`the class of picture ${at}`, bestOf([...maps[maps.length - 1].v]), bestOf(logits));
    if (at >= expected.numbers) return;
    for (let l = 0; l < expected.layers; l++) {
      const got = maps[l + 1].v, want = outputs.subarray(starts[l] + at * got.length, starts[l] + (at + 1) * got.length), scale = largest(want) || 1;
      got.forEach((v, n) => near(`picture ${at}, ${net.steps[l].title}, number ${n}`, v, want[n], scale));
    }
    if (at === 0) units(net, maps);
  });
}

// The products of units of every layer add up to what the layer gives.
function units(net, maps) {
  net.steps.forEach((step, l) => {
    const map = maps[l + 1], scale = largest(map.v) || 1;
    for (const share of [0, 0.37, 0.81]) {
      const unit = { i: Math.floor(share * map.h), j: Math.floor(share * share * map.w), c: Math.floor(share * map.c) };
      const terms = network.termsOf(net, maps, l, unit), sum = terms.reduce((a, t) => a + t.x * t.w, 0), value = map.v[network.placeIn(map, unit.i, unit.j, unit.c)];
      if (['conv', 'dense'].includes(step.kind)) near(`the products of ${step.title}`, sum + (step.bias ? step.bias[unit.c] : 0), value, scale);
      if (['sum', 'concat'].includes(step.kind)) near(`the sum of ${step.title}`, sum, value, scale);
      if (step.kind === 'product') near(`the product of ${step.title}`, terms.reduce((a, t) => a * t.x, 1), value, scale);
      if (step.kind === 'avgpool') near(`the mean of ${step.title}`, sum, value, scale);
      if (step.kind === 'maxpool') near(`the largest of ${step.title}`, Math.max(...terms.filter((t) => !t.padding).map((t) => t.x)), value, scale);
      const box = network.seenBy(net, maps, l + 1, unit);
      same(`what ${step.title} sees`, box.top <= box.bottom && box.left <= box.right && box.bottom < net.size[0] && box.right < net.size[1], true);
    }
  });
}

async function opened() {
  const { seriousFaults, start } = await import('./start.mjs');
  const browser = await start(), fetched = new Set(), broken = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
    page.on('request', (request) => { if (request.url() !== pathToFileURL(file).href && !/^(data|blob):/.test(request.url())) fetched.add(request.url()); });
    page.on('pageerror', (error) => broken.push(error.message));
    await page.goto(pathToFileURL(file).href);
    const name = () => page.locator('[data-name]').textContent(), answer = () => page.locator('[data-answer]').textContent();
    const number = (text) => Number(text.replaceAll('−', '-').replace(/[()]/g, ''));
    const numbersOf = async (at, l, map) => { // what cnnlib has for picture at
      let from = 0;
      for (let k = 0; k < l; k++) from += expected.numbers * data.net.steps[k].out.reduce((a, b) => a * b);
      return outputs.subarray(from + at * map.size, from + (at + 1) * map.size);
    };
    // A unit of every layer by keyboard, of another picture by mouse.
    for (const at of [0, 7]) {
      await page.locator(`[data-picture="${at}"]`).click();
      same(`the picture chosen`, await page.locator(`[data-picture="${at}"]`).getAttribute('aria-pressed'), 'true');
      const p = await page.locator('[data-p]').evaluateAll((cells) => cells.map((e) => [Number(e.dataset.p), e.textContent]));
      const powers = expected.logits[at].map((z) => Math.exp(z)), all = powers.reduce((a, b) => a + b);
      for (const [c, text] of p) same(`the probability of class ${c}`, Math.abs(parseFloat(text) - 100 * powers[c] / all) <= 0.061, true);
      for (let l = 0; l < expected.layers; l++) {
        const [h, w, c] = data.net.steps[l].out, canvas = page.locator(`[data-map="${l + 1}"]`), want = await numbersOf(at, l, { size: h * w * c });
        await canvas.focus();
        await page.keyboard.press('Enter');
        await page.keyboard.press(h > 1 ? 'ArrowRight' : 'ArrowRight');
        const said = await name(), m = /channel (\d+), row (\d+), column (\d+) = (\S+)$/.exec(said) || [0, ...(/unit (\d+) = (\S+)$/.exec(said) || []).slice(1, 2), 0, 0, / = (\S+)$/.exec(said)[1]];
        const [channel, i, j] = [Number(m[1]), Number(m[2]), Number(m[3])], value = want[(i * w + j) * c + channel];
        same(`${said}, cnnlib has ${value}`, Math.abs(number(m[4]) - value) <= 5.1e-4 * Math.abs(value) + 3e-4 * largest(want), true);
        const sum = await page.locator('[data-sum]').textContent();
        same(`${said}: its sum`, sum.slice(sum.lastIndexOf('= ') + 2), m[4]);
      }
    }
    // From a probability down to a pixel, number by number.
    await page.locator('[data-probabilities] button').first().click();
    let steps = 0;
    for (; !(await page.locator('[data-sum]').textContent()).includes('/ 255'); steps++) {
      const numbers = page.locator('[data-unit] [data-to]');
      await numbers.nth(Math.min(4, await numbers.count() - 1)).click();
      if (steps > 3 * expected.layers) throw new Error('clicking numbers does not lead to a pixel');
    }
    same('layers from a probability down to a pixel', steps, expected.layers + 1);
    // A click on a map.
    const box = await page.locator('[data-map="1"]').boundingBox();
    await page.mouse.click(box.x + 3, box.y + 3);
    same('a click on a map', (await name()).includes('channel 0, row 1, column 1 ='), true);
    // A photo of one's own, whose middle is the first picture.
    await page.locator('[data-picture="0"]').click();
    const first = await answer();
    await page.locator('[data-picture="3"]').click();
    await page.locator('[data-file]').setInputFiles(path.join(folder, 'photo.png'));
    await page.waitForFunction(() => document.querySelector('[data-said]').textContent.startsWith('your photo'));
    same('a photo', await answer(), first);
    await page.locator('[data-file]').setInputFiles(path.join(folder, 'expected.json'));
    await page.waitForFunction(() => document.querySelector('[data-problem]').textContent.startsWith('expected.json is no picture'));
    median = await page.evaluate(() => {
      const times = [];
      for (let at = 0; at < 12; at++) {
        const start = performance.now();
        document.querySelector(`[data-picture="${at}"]`).click();
        document.body.offsetHeight;
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[6];
    });
    for (const [scheme, width] of [['light', 1100], ['dark', 360]]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 1000 });
      await page.locator('[data-language]').click();
      for (const map of [1, 2, expected.layers]) {
        await page.locator(`[data-map="${map}"]`).focus();
        await page.keyboard.press('Enter');
        same(`${width} wide: the page is as wide as it is seen`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
        same(`serious faults, ${scheme}`, await seriousFaults(page, '.convlab-live'), []);
      }
    }
    if (broken.length) throw new Error(`a script failed: ${broken.join('; ')}`);
    if (fetched.size) throw new Error(`the page asked for ${[...fetched].join(', ')}`);
  } finally {
    await browser.close();
  }
}

try {
  calculation();
  if (inBrowser) await opened();
} catch (error) {
  failure = String(error.message || error).slice(0, 3000);
}
console.log(JSON.stringify({ pictures: expected.logits.length, checks, worst_part_of_the_largest: Number(worst.toExponential(1)), median_ms: Math.round(median), failure }));
process.exit(failure ? 1 : 0);
