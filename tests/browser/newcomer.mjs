// A newcomer's first minutes: from the front page of the course by its link to
// 0.0, a photo put into the list of files, and the first cells, the last of
// which recognises the photo.
//
//   node newcomer.mjs ADDRESS PHOTO
//
// ADDRESS is the server's, with its token. Prints one line of JSON with what
// the last cell printed; exit 1 when something is wrong.
import path from 'node:path';
import { start } from './start.mjs';

const [address, photo] = process.argv.slice(2);
const server = new URL(address), limit = 180000, begun = Date.now();
const browser = await start();
const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });

let failure = '', printed = '';
try {
  await page.goto(`${server.origin}/lab/workspaces/newcomer-${process.pid}/tree/index.md?token=${server.searchParams.get('token')}`);
  await page.locator('.jp-MarkdownViewer a', { hasText: '0.0 Start here' }).first().click({ timeout: limit });
  const cells = page.locator('.jp-NotebookPanel .jp-CodeCell');
  await cells.nth(3).waitFor({ timeout: limit });

  // The list of files has followed the link, so that the photo comes to lie
  // beside the notebook.
  await page.locator('.jp-DirListing-item', { hasText: '0.0-start-here' }).waitFor({ timeout: limit });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.locator('[data-command="filebrowser:upload"], jp-button[title*="Upload"]').first().click()]);
  await chooser.setFiles(photo);
  await page.locator('.jp-DirListing-item', { hasText: path.basename(photo) }).waitFor({ timeout: limit });
  await page.locator('.lm-TabBar-tab', { hasText: '0.0-start-here' }).click();
  await page.locator('.jp-NotebookPanel-toolbar [data-status="idle"]').first().waitFor({ timeout: limit });

  // Cell by cell, the first of which is collapsed; the last gets the photo's name.
  await cells.nth(0).click();
  for (let at = 0; at < 4; at++) {
    if (at > 0) await cells.nth(at).locator('.cm-content').click();
    if (at === 3) {
      const cell = await cells.nth(3).locator('.cm-content').innerText();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(cell.replace('""', `"${path.basename(photo)}"`));
    }
    await page.keyboard.press('Shift+Enter');
    if (at > 0) await page.waitForFunction((n) => /^\[\d+\]:?$/.test(document.querySelectorAll('.jp-NotebookPanel .jp-CodeCell')[n].querySelector('.jp-InputPrompt').textContent.trim()), at, { timeout: limit });
    const error = await cells.nth(at).locator('[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]').allTextContents();
    if (error.length) throw new Error(`cell ${at} says ${error.join(' ')}`);
  }
  printed = (await cells.nth(3).locator('.jp-OutputArea-output').allInnerTexts()).join('\n').trim();
  if ((printed.match(/%/g) || []).length !== 5) throw new Error(`the cell names no five classes: ${printed}`);
} catch (error) {
  failure = String(error.message || error);
} finally {
  await browser.close();
}
console.log(JSON.stringify({ seconds: Math.round((Date.now() - begun) / 1000), printed, failure }));
process.exit(failure ? 1 : 0);
