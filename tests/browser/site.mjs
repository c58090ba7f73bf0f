// Reads the course's web site from files, as a reader without a network does.
//
//   node site.mjs FOLDER
//
// Looks at one page of each kind, wide and narrow, for faults that axe-core calls serious,
// for anything fetched from outside the folder and for errors of scripts; then works a page
// by keyboard alone: contents, search, slides, the other language, a live picture. Prints
// what was done; exit 1 when something is wrong.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { seriousFaults, start } from './start.mjs';

const folder = path.resolve(process.argv[2]);
const at = (name) => pathToFileURL(path.join(folder, name)).href;
const browser = await start();
const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
const page = await context.newPage();
const wrong = [];
page.on('request', (request) => { if (!request.url().startsWith(at('') ) && !/^(data|blob):/.test(request.url())) wrong.push(`fetched ${request.url().slice(0, 200)}`); });
page.on('requestfailed', (request) => wrong.push(`not there: ${request.url().slice(0, 200)}`));
page.on('pageerror', (error) => wrong.push(`a script of ${page.url()} says ${error.message}`));
const same = (what, got, want) => { if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push(`${what}: ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`); };
const focus = () => page.evaluate(() => { const e = document.activeElement; return e.getAttribute('href') ?? e.tagName; });

const kinds = ['index.html', 'en/index.html', 'en/1.1-convolution.html', 'zh/3.6-evaluation.html', 'zh/2.1-receptive-field.html', 'files/cnnlib-conv.go.html', 'zh/teaching.html'];
for (const name of kinds) {
  for (const width of [1100, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(at(name));
    for (const fault of await seriousFaults(page)) wrong.push(`${name} at ${width}: ${fault}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) wrong.push(`${name} at ${width} is ${wide} pixels too wide`);
  }
}

// By keyboard.
await page.setViewportSize({ width: 1100, height: 900 });
await page.goto(at('en/1.1-convolution.html'));
const tab = async (to) => { // presses Tab until that link or element has the focus
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await focus() === to) return;
  }
  wrong.push(`Tab does not reach ${to}`);
};
await tab('#text');
await page.keyboard.press('Enter');
same('the skip link leads to', await focus(), 'MAIN');
await page.goto(at('en/1.1-convolution.html'));
await tab('1.4-transposed.html'); // in the contents
await page.keyboard.press('Enter');
await page.waitForURL(/1\.4-transposed/);
await tab('../zh/1.4-transposed.html');
await page.keyboard.press('Enter');
await page.waitForURL(/zh\/1\.4-transposed/);
same('the page is Chinese', await page.getAttribute('html', 'lang'), 'zh-CN');
await tab('INPUT');
await page.keyboard.type('棋盘');
await page.waitForSelector('.results a');
await page.keyboard.press('Enter');
await page.waitForFunction(() => document.activeElement.closest('.results'));
const found = await page.textContent('.results li');
if (!found.includes('棋盘')) wrong.push(`the search for 棋盘 finds ${found}`);
await page.keyboard.press('Enter');
await page.waitForURL(/#/);
await page.goto(at('en/2.1-receptive-field.html'));
await tab('BUTTON');
await page.keyboard.press('Enter');
await page.keyboard.press('ArrowRight');
same('slides shown', await page.locator('main > section:visible').count(), 1);
const second = await page.locator('main > section:visible').getAttribute('id');
await page.keyboard.press('ArrowLeft');
if (await page.locator('main > section:visible').getAttribute('id') === second) wrong.push('the arrow keys do not turn the slides');
await page.keyboard.press('Escape');
if (await page.locator('main > section:visible').count() < 4) wrong.push('Escape does not end the slides');

// A live picture computes.
await page.goto(at('en/1.1-convolution.html'));
const live = page.locator('.convlab-live').first();
const output = () => live.locator('.flow [data-map="1"]').allTextContents();
const before = await output();
await live.locator('.flow input[data-map="0"]').first().fill('77');
await page.keyboard.press('Enter');
if (JSON.stringify(await output()) === JSON.stringify(before)) wrong.push('the live picture does not follow a changed number');

// On paper: the text alone.
await page.emulateMedia({ media: 'print' });
same('contents on paper', await page.locator('.contents').isVisible(), false);
same('text on paper', await page.locator('main').isVisible(), true);

await browser.close();
for (const w of wrong) console.log(w);
console.log(`${kinds.length} kinds of pages, ${wrong.length} faults`);
process.exit(wrong.length ? 1 : 0);
