// Runs the cell of a live picture in JupyterLab and works it as a student does:
// its keys must not reach JupyterLab.
//
//   node lab_live.mjs ADDRESS NOTEBOOK
//
// ADDRESS is the server's, with its token; NOTEBOOK a path below notebooks/ that
// has a cell with lesson.Live on a 3x3 kernel over 5x5. Prints one line of JSON;
// exit 1 when something is wrong.
import { start } from './start.mjs';

const [address, notebook] = process.argv.slice(2);
const server = new URL(address), browser = await start(), page = await browser.newPage({ viewport: { width: 1400, height: 1400 } }), outside = new Set();
page.on('request', (request) => {
  const url = new URL(request.url());
  if (url.protocol.startsWith('http') && url.host !== server.host) outside.add(request.url());
});
const sessions = async () => (await page.request.get(`${server.origin}/api/sessions?token=${server.searchParams.get('token')}`)).json();

let checks = 0, failure = '';
function same(what, got, want) {
  checks++;
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`);
}
try {
  await page.goto(`${server.origin}/lab/tree/${notebook}?token=${server.searchParams.get('token')}`);
  const panel = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)'); // other notebooks that were open are in hidden ones
  const cells = panel.locator('.jp-Cell');
  await cells.first().waitFor({ timeout: 120000 });
  for (const limit = Date.now() + 120000; !(await sessions()).some((s) => s.path === notebook && s.kernel?.connections > 0);) {
    if (Date.now() > limit) throw new Error('the page is not connected to a kernel after 2 minutes');
    await page.waitForTimeout(100);
  }
  // The cell that imports, and that of the picture, which comes into view by
  // scrolling: JupyterLab draws what is seen.
  // JupyterLab does not know the kernel's state before its first cell, and may
  // take no command then: so the command is given again until there is a number.
  const runs = async (cell) => {
    const prompt = cell.locator('.jp-InputPrompt:not(.jp-Placeholder-prompt)'), before = await prompt.textContent();
    for (let tries = 0; tries < 12; tries++) {
      await prompt.click();
      await page.keyboard.press('Control+Enter');
      for (let i = 0; i < 100; i++) {
        const now = await prompt.textContent();
        if (now !== before && /\d/.test(now)) return;
        if (now === before && i > 20) break;
        await page.waitForTimeout(500);
      }
    }
    throw new Error(`a cell does not run: ${before}`);
  };
  const imports = panel.locator('.jp-CodeCell').first(), collapsed = imports.locator('.jp-Placeholder-content');
  if (await collapsed.count()) await collapsed.first().click(); // it would show no number when it has run
  await runs(imports);
  const wanted = panel.locator('.jp-CodeCell', { hasText: 'lesson.Live(' }).first();
  for (let i = 0; i < 200 && !(await wanted.count()); i++) {
    await page.mouse.move(700, 700);
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(50);
  }
  await wanted.scrollIntoViewIfNeeded();
  await page.evaluate(() => document.querySelectorAll('.convlab-live').forEach((e) => e.remove())); // those that were saved
  await runs(wanted);
  const live = wanted.locator('.convlab-live');
  await live.waitFor({ timeout: 120000 });
  const sum = () => live.locator('[data-sum]').textContent(), cell = (map, place) => live.locator(`.flow [data-map="${map}"][data-place="${place}"]`);
  await cell(1, 0).click();
  same('a click on an output', (await sum()).split(' =')[0], 'y[0,0]');
  await page.keyboard.press('ArrowRight');
  same('an arrow key', (await sum()).split(' =')[0], 'y[0,1]');
  await cell(0, 6).click();
  await page.keyboard.type('7');
  same('typing', await cell(0, 6).inputValue(), '7');
  await cell(1, 0).focus();
  const count = await page.evaluate(() => document.querySelectorAll('.jp-Cell').length), source = await wanted.locator('.cm-content').textContent();
  for (const key of ['a', 'b', 'd', 'd', 'x', 'Escape', 'm']) await page.keyboard.press(key); // JupyterLab's keys for new, deleted, cut and Markdown cells
  same('cells after keys of JupyterLab', await page.evaluate(() => document.querySelectorAll('.jp-Cell').length), count);
  same('the cell itself', await wanted.locator('.cm-content').textContent(), source);
  const ground = () => live.evaluate((e) => getComputedStyle(e).backgroundColor);
  const light = await ground();
  await page.evaluate(() => { document.body.dataset.jpThemeLight = 'false'; });
  same('another ground in a dark theme', (await ground()) !== light, true);
  if (outside.size) throw new Error(`the page asked for ${[...outside].join(', ')}`);
} catch (error) {
  failure = String(error.message || error).slice(0, 3000);
} finally {
  await browser.close();
}
console.log(JSON.stringify({ notebook, checks, outside: outside.size, failure }));
process.exit(failure ? 1 : 0);
