// Scrubs through a training on its page and compares what is seen in every
// epoch with what cnnlib computed.
//
//   node machine.mjs PAGE EXPECTED
//
// EXPECTED is a JSON file: for every epoch its number, the confusion matrix, the
// accuracy in percent and the probabilities of every picture. Prints one line
// of JSON; exit 1 when something is wrong.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { seriousFaults, start } from './start.mjs';

const [file, expectedFile] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(expectedFile, 'utf8')), browser = await start(), fetched = new Set(), broken = [];
const page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
page.on('request', (request) => { if (request.url() !== pathToFileURL(file).href && !/^(data|blob):/.test(request.url())) fetched.add(request.url()); });
page.on('pageerror', (error) => broken.push(error.message));

let checks = 0, failure = '';
function same(what, got, want) {
  checks++;
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`);
}
const canvases = () => page.evaluate(() => ['kernels', 'first', 'last', 'cam', 'influence'].map((name) => document.querySelector(`[data-${name}]`).toDataURL()));

try {
  await page.goto(pathToFileURL(file).href);
  const slider = page.locator('[data-slider]'), text = (name) => page.locator(`[data-${name}]`).textContent();
  await slider.focus();
  await page.keyboard.press('Home');
  let before = null;
  for (const [at, want] of expected.entries()) {
    same('the epoch', await text('epoch'), want.epoch === 0 ? 'before training' : `epoch ${want.epoch} of ${expected[expected.length - 1].epoch}`);
    same('what is right', (await text('result')).endsWith(`, ${want.right} right`), true);
    const cells = await page.locator('.confusion tbody td').evaluateAll((all) => all.map((e) => Number(e.textContent || '0')));
    same('the confusion matrix', cells, want.confusion.flat());
    for (const [i, p] of want.p.entries()) {
      await page.locator(`[data-picture="${i}"]`).click();
      const shown = await page.locator('[data-p]').evaluateAll((all) => all.map((e) => parseFloat(e.textContent)));
      p.forEach((v, c) => same(`picture ${i}, class ${c}`, Math.abs(shown[c] - 100 * v) <= 0.051, true));
    }
    const now = await canvases();
    if (before) now.forEach((image, k) => same(`panel ${k} changes with the epoch`, image !== before[k], true));
    before = now;
    await slider.focus();
    if (at < expected.length - 1) await page.keyboard.press('ArrowRight');
  }
  await page.locator('[data-play]').click();
  await page.waitForFunction(() => document.querySelector('[data-epoch]').textContent === 'before training');
  await page.locator('[data-play]').click();
  for (const [scheme, width] of [['light', 1100], ['dark', 360]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 1000 });
    await page.locator('[data-language]').click();
    same(`${width} wide: the page is as wide as it is seen`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    same(`serious faults, ${scheme}`, await seriousFaults(page, '.convlab-live'), []);
  }
  if (broken.length) throw new Error(`a script failed: ${broken.join('; ')}`);
  if (fetched.size) throw new Error(`the page asked for ${[...fetched].join(', ')}`);
} catch (error) {
  failure = String(error.message || error).slice(0, 3000);
} finally {
  await browser.close();
}
console.log(JSON.stringify({ epochs: expected.length, checks, failure }));
process.exit(failure ? 1 : 0);
