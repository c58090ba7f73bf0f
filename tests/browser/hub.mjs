// Works a JupyterHub by keyboard alone and looks at its pages with axe-core.
//
//   node hub.mjs ADDRESS STUDENT TEACHER
//
// STUDENT, who has no server yet, and TEACHER are name:password each. The student logs
// in, waits for the server, opens a notebook, runs a cell, makes a token, stops the
// server and logs out; the teacher starts and stops a student's server. Every page on
// the way is looked at, wide and narrow, light and dark, for faults that axe-core calls
// serious. Prints one line; exit 1 when something is wrong.
import { seriousFaults, start } from './start.mjs';

const [hub, ...users] = process.argv.slice(2);
const [student, teacher] = users.map((user) => { const [name, password] = user.split(':'); return { name, password }; });
const wrong = [], looked = new Set();
let browser, page;

// looks at the page that is open.
async function look(what) {
  looked.add(what);
  for (const [width, colorScheme] of [[1100, 'light'], [360, 'dark']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const fault of await seriousFaults(page)) wrong.push(`${what}, ${width} wide, ${colorScheme}: ${fault}`);
  }
  await page.setViewportSize({ width: 1100, height: 900 });
}

// presses Tab until an element that fits the selector and has the text has the focus.
async function tab(selector, text = '') {
  for (let i = 0; i < 300; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(([fits, has]) => document.activeElement.matches(fits) && document.activeElement.textContent.includes(has), [selector, text])) return;
  }
  throw new Error(`${page.url()}: Tab does not reach ${selector} ${text}`);
}
async function press(selector, text) {
  await tab(selector, text);
  await page.keyboard.press('Enter');
}

async function visit(user, work) {
  browser = await start();
  page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  page.setDefaultTimeout(120000);
  page.on('request', (request) => { if (!request.url().startsWith(hub) && !/^(data|blob):/.test(request.url())) wrong.push(`${page.url()} asked for ${request.url()}`); });
  await page.goto(`${hub}/hub/home`); // leads to the login
  await page.locator('#username_input').waitFor();
  await look('login');
  await page.locator('#username_input').focus(); // as the page does when it is opened
  await page.keyboard.type(user.name);
  await tab('#password_input');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.locator('.login_error').waitFor();
  await look('login refused');
  await tab('#password_input');
  await page.keyboard.type(user.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${hub}/hub/home`);
  await work();
  await press('#logout');
  await page.locator('#username_input, #login').first().waitFor();
  await look('logged out');
  await browser.close();
}

async function palette(command) {
  await page.keyboard.press('Control+Shift+C');
  await page.locator('.lm-CommandPalette-input').waitFor();
  await page.keyboard.type(command);
  await page.locator('.lm-CommandPalette-item.lm-mod-active').waitFor();
  await page.keyboard.press('Enter');
}

try {
  await visit(student, async () => {
    await look('home without a server');
    const progress = '**/server/progress**';
    // Half way, so that the page stays while it is looked at.
    await page.route(progress, (route) => route.fulfill({ contentType: 'text/event-stream', body: 'data: {"progress": 50, "message": "Server requested"}\n\n' }));
    await press('#start');
    await page.locator('#progress-bar').waitFor();
    await look('the server starts');
    await page.unroute(progress);
    await page.reload();
    await page.waitForURL(`${hub}/user/${student.name}/lab**`);
    await page.locator('.jp-MarkdownViewer h1').waitFor();
    await palette('Open from Path');
    await page.locator('.jp-Dialog input').waitFor();
    await page.keyboard.type('en/1.1-convolution.ipynb');
    await page.keyboard.press('Enter');
    await page.locator('.jp-NotebookPanel-toolbar [data-status="idle"]').waitFor();
    await page.locator('.jp-Notebook .jp-Cell').first().waitFor();
    for (let run = 0; run < 20 && !await page.locator('.jp-CodeCell .jp-InputPrompt', { hasText: '[2]' }).count(); run++) {
      await page.keyboard.press('Shift+Enter'); // runs a cell and goes to the next
      await page.waitForTimeout(500);
    }
    await page.locator('.jp-CodeCell .jp-InputPrompt', { hasText: '[2]' }).waitFor();
    await page.keyboard.press('Control+s');
    await page.goto(`${hub}/hub/home`);
    await look('home with a server');
    await press('#stop');
    await page.locator('#start', { hasText: 'Start' }).waitFor();
    await press('.nav-link', 'Token');
    await page.locator('#request-token-form').waitFor();
    await look('tokens');
    await tab('#token-note');
    await page.keyboard.type('mine');
    await page.keyboard.press('Enter');
    await page.locator('#token-result').filter({ hasText: /\w{20}/ }).waitFor();
    await look('a new token');
    await page.goto(`${hub}/user/${teacher.name}/lab`);
    await look('a server of somebody else');
    await page.goto(`${hub}/hub/nothing`);
    await look('a page that is not there');
    await page.goto(`${hub}/user/${student.name}/lab`);
    await look('a server that does not run');
  });
  await visit(teacher, async () => {
    await press('.nav-link', 'Admin');
    const row = (user) => page.locator(`[data-testid="user-row-${user.name}"]`);
    await row(student).waitFor();
    await look('administration');
    await tab('input[name="user_search"]');
    await page.keyboard.type(student.name);
    await row(teacher).waitFor({ state: 'detached' });
    for (const [did, shows] of [['.start-button', '.stop-button'], ['.stop-button', '.start-button']]) {
      await press(`[data-testid="user-row-${student.name}"] ${did}`);
      for (const limit = Date.now() + 120000; !await row(student).locator(shows).filter({ hasNotText: 'pending' }).count();) {
        if (Date.now() > limit) throw new Error(`${did} was pressed, ${shows} does not come`);
        await page.waitForTimeout(500); // the page does not follow what takes long
        if (await row(student).getByText('pending').count()) await page.reload();
      }
      await look(`administration, ${did} pressed`);
    }
    await press('button, a', 'Add Users');
    await page.locator('textarea').waitFor();
    await look('new users');
  });
} catch (error) {
  wrong.push(String(error.message || error).slice(0, 2000));
} finally {
  await browser?.close();
}
for (const fault of wrong) console.log(fault);
console.log(`hub by keyboard: ${looked.size} pages looked at, ${wrong.length} faults`);
process.exit(wrong.length ? 1 : 0);
