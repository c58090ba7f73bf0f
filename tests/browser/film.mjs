// Opens pages of convviz, as an export of a notebook holds them, in a real
// browser, and does what a reader does: plays with the slider, the buttons and
// the keyboard, points at cells.
//
//   node film.mjs FILM CONFUSION EXPECTED
//
// FILM and CONFUSION are HTML files. EXPECTED is a JSON file: of the film the
// output numbers in the order of its steps and the words of every step; of the
// confusion page each cell's words and how many images are behind it. Prints
// one line of JSON; exit 1 when something is wrong.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { start } from './start.mjs';

const [film, confusion, expectedFile] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(expectedFile, 'utf8'));

const browser = await start();
const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
const fetched = new Set();
page.on('request', (request) => {
  const url = request.url();
  if (!url.startsWith('data:') && url !== pathToFileURL(film).href && url !== pathToFileURL(confusion).href) fetched.add(url);
});
const broken = [];
page.on('pageerror', (error) => broken.push(error.message));

let checks = 0;
function same(what, got, want) {
  checks++;
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`);
}

// What the reader sees now: the bold numbers of the output, the words for
// screen readers, the count, the slider.
const seen = () => page.evaluate(() => {
  const shown = (e) => getComputedStyle(e).display !== 'none' && (e.tagName === 'svg' || shown(e.parentElement));
  return {
    numbers: [...document.querySelectorAll('svg g.frame text[font-weight="bold"]')].filter(shown).map((e) => e.textContent),
    words: document.querySelector('[data-words]').textContent,
    count: document.querySelector('[data-count]').textContent,
    slider: document.querySelector('input[type=range]').value,
  };
});
async function at(step, how) {
  same(`after ${how}`, await seen(), {
    numbers: expected.numbers.slice(0, step + 1), words: expected.words[step],
    count: `step ${step + 1} of ${expected.words.length}`, slider: String(step),
  });
}

// On a narrow page the picture is as narrow, and keeps its shape.
async function fits(what) {
  await page.setViewportSize({ width: 240, height: 800 });
  same(`${what} on a narrow page`, await page.locator('svg').first().evaluate((svg) => {
    const place = svg.getBoundingClientRect(), box = svg.viewBox.baseVal;
    return { fits: place.right <= innerWidth, shape: Math.abs(place.height / place.width - box.height / box.width) < 0.02 };
  }), { fits: true, shape: true });
  await page.setViewportSize({ width: 1000, height: 800 });
}

let failure = '';
try {
  await page.goto(pathToFileURL(film).href);
  await fits('the film');
  const last = expected.words.length - 1;
  await at(0, 'opening');
  const slider = page.locator('input[type=range]');
  for (const step of [3, last, 1]) {
    await slider.fill(String(step));
    await at(step, `moving the slider to ${step}`);
  }
  await page.locator('.convlab-steps').focus();
  const keys = [['ArrowRight', 2], ['ArrowRight', 3], ['ArrowLeft', 2], ['End', last], ['ArrowRight', last], ['Home', 0], ['ArrowLeft', 0]];
  for (const [key, step] of keys) {
    await page.keyboard.press(key);
    await at(step, `the key ${key}`);
  }
  for (let step = 1; step <= last; step++) { // every frame
    await page.locator('[data-go="1"]').click();
    await at(step, 'the button ▶');
  }
  await page.locator('[data-go="-1"]').click();
  await at(last - 1, 'the button ◀');
  await page.locator('[data-play]').click();
  await page.waitForFunction((n) => document.querySelector('input[type=range]').value === String(n), last);
  await at(last, 'playing to the end');

  await page.goto(pathToFileURL(confusion).href);
  await fits('the confusion matrix');
  const behind = page.locator('.convlab-confusion button > span');
  for (const cell of expected.cells) {
    const button = page.getByLabel(cell.words, { exact: true });
    await button.hover();
    const span = button.locator('span');
    same(`the images of "${cell.words}"`, { visible: await span.isVisible(), words: await span.locator('b').textContent(), images: await span.locator('i').count() },
      { visible: true, words: cell.words, images: cell.images });
  }
  await page.mouse.move(0, 0);
  same('nothing pointed at', await behind.evaluateAll((all) => all.filter((e) => getComputedStyle(e).display !== 'none').length), 0);
  await page.keyboard.press('Tab');
  same('the first cell has the focus', await behind.evaluateAll((all) => all.filter((e) => getComputedStyle(e).display !== 'none').length), 1);
  if (broken.length) throw new Error(`a script failed: ${broken.join('; ')}`);
  if (fetched.size) throw new Error(`the pages asked for ${[...fetched].join(', ')}`);
} catch (error) {
  failure = String(error.message || error);
} finally {
  await browser.close();
}
console.log(JSON.stringify({ checks, fetched: fetched.size, failure }));
process.exit(failure ? 1 : 0);
