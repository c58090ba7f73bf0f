// Starts the browser that set-up brought, with its packages, which are where
// set-up put them, not beside this file.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const require = createRequire(path.join(process.env.CONVLAB_LAB, 'browser', 'index.js'));
const { chromium } = require('playwright-core');
const sparticuz = (await import(require.resolve('@sparticuz/chromium'))).default;

export const start = async () => chromium.launch({
  executablePath: process.env.CONVLAB_CHROMIUM || await sparticuz.executablePath(),
  args: [...sparticuz.args, '--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  headless: true,
});

// What axe-core calls serious in a page, or in a part of it that a selector names: a
// line for each rule.
export async function seriousFaults(page, part) {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate((of) => window.axe.run(of || document, { resultTypes: ['violations'] }), part);
  return violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => `${v.id}, ${v.nodes.length} times, as ${v.nodes[0].html.slice(0, 300)}: ${v.nodes[0].failureSummary?.slice(0, 400)}`);
}
