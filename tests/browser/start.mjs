// Starts the browser that set-up brought, with its packages, which are where
// set-up put them, not beside this file.
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
