// Opens a notebook of the course in JupyterLab in a real browser, runs all of
// its cells as a student would, and checks what is seen.
//
//   node open.mjs ADDRESS NOTEBOOK SCREENSHOT [CHANGES]
//
// ADDRESS is the server's, with its token; NOTEBOOK a path below notebooks/;
// CHANGES how many different pictures the live plot must show (default 0: the
// notebook has none). Prints one line of JSON; exit 1 when something is wrong.
import { start } from './start.mjs';

const [address, notebook, screenshot, changes = '0'] = process.argv.slice(2);
const server = new URL(address);

const browser = await start();
const page = await browser.newPage({ viewport: { width: 1400, height: 1800 } });
const outside = new Set();
page.on('request', (request) => {
  const url = new URL(request.url());
  if (url.protocol.startsWith('http') && url.host !== server.host) outside.add(request.url());
});

// sessions are the server's: which notebook has which kernel.
const sessions = async () => (await page.request.get(`${server.origin}/api/sessions?token=${server.searchParams.get('token')}`)).json();

let failure = '';
const seen = new Set();
let errors = 0;
try {
  // A workspace of its own: in that of a run before, its notebook is open too.
  await page.goto(`${server.origin}/lab/workspaces/run-${process.pid}/tree/${notebook}?token=${server.searchParams.get('token')}`);
  const panel = page.locator('.jp-NotebookPanel');
  await panel.locator('.jp-Cell').first().waitFor({ timeout: 120000 });
  // The kernel must answer before "Run All" does anything. A notebook whose
  // kernel has not been asked for yet shows idle too: so the server's word that
  // the page is connected to a kernel comes first.
  for (const limit = Date.now() + 120000; !(await sessions()).some((s) => s.path === notebook && s.kernel?.connections > 0);) {
    if (Date.now() > limit) throw new Error('the page is not connected to a kernel after 2 minutes');
    await page.waitForTimeout(100);
  }
  await page.locator('.jp-NotebookPanel-toolbar [data-status="idle"]').first().waitFor({ timeout: 120000 });
  const command = async (menu, item) => {
    await page.locator('.lm-MenuBar-itemLabel', { hasText: menu }).click();
    await page.locator('.lm-Menu-itemLabel', { hasText: item }).first().click();
  };
  await panel.locator('.jp-Cell').first().click();
  await command(/^Edit$/, /^Clear Outputs of All Cells$/);
  await page.waitForFunction(() => document.querySelectorAll('.jp-OutputArea-output').length === 0);
  await command(/^Kernel$/, /^Restart Kernel and Run All Cells/);
  await page.locator('.jp-Dialog .jp-mod-accept').click();

  // Every code cell has run when each shows a number and none a star; a cell
  // that is collapsed shows none, but those behind it run after it. While they
  // run, the pictures that the live plot takes are collected.
  const limit = Date.now() + 1000 * Number(process.env.CONVLAB_BROWSER_SECONDS || 900);
  for (;;) {
    const state = await page.evaluate(() => ({
      prompts: [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].filter((p) => !p.closest('.jp-Placeholder')).map((p) => p.textContent.trim()),
      plots: [...document.querySelectorAll('.jp-OutputArea-output img, .jp-OutputArea-output svg')]
        .filter((e) => /Training Loss/.test(e.alt || '') || /Training Loss/.test(decodeURIComponent(e.src || '')) || /Training Loss/.test(e.outerHTML))
        .map((e) => e.src || e.outerHTML),
      errors: [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.error"]')].map((e) => e.textContent),
    }));
    for (const plot of state.plots) seen.add(plot);
    errors = state.errors.length;
    if (errors) throw new Error(`a cell failed: ${state.errors[0].slice(0, 2000)}`);
    if (state.prompts.length && state.prompts.every((p) => /^\[\d+\]:?$/.test(p))) break;
    if (Date.now() > limit) throw new Error(`cells still run: ${state.prompts.join(' ')}`);
    await page.waitForTimeout(100); // how often the page is looked at, not what is waited for
  }
  if (seen.size < Number(changes)) throw new Error(`the live plot showed ${seen.size} pictures, ${changes} expected`);
  const wide = await page.evaluate(() => [...document.querySelectorAll('.jp-OutputArea-output img')]
    .filter((e) => e.getBoundingClientRect().width > e.parentElement.clientWidth).map((e) => e.alt || e.src.slice(0, 100)));
  if (wide.length) throw new Error(`pictures wider than the notebook: ${wide.join(', ')}`);
  if (outside.size) throw new Error(`the page asked for ${[...outside].join(', ')}`);
} catch (error) {
  failure = String(error.message || error);
  // What explains the failure: the page's view of the kernel and the server's.
  const toolbar = await page.locator('.jp-NotebookPanel-toolbar').first().evaluate((e) => `${e.textContent} ${e.querySelector('[data-status]')?.dataset.status}`).catch(String);
  failure += `\nThe toolbar says ${toolbar}.\nThe server's sessions: ${JSON.stringify(await sessions().catch(String))}`;
} finally {
  await page.screenshot({ path: screenshot, fullPage: false }).catch(() => {});
  await browser.close();
}
console.log(JSON.stringify({ notebook, pictures: seen.size, errors, outside: outside.size, failure }));
process.exit(failure ? 1 : 0);
