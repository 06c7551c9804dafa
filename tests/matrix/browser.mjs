// A page made by `traceline matrix`, in a browser that notes whatever it would load and whatever it complains of.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.resolve(HERE, '../..');
export const WORKSPACE = path.join(HERE, 'workspace');
const { chromium } = createRequire(path.join(ROOT, 'tests/.cache/matrix/package.json'))('playwright-core');

/** A folder that is gone when the process ends. */
export function folder() {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'traceline-matrix-'));
  process.once('exit', () => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A workspace of these files. */
export function workspace(files) {
  const root = folder();
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

/** The page of the workspace at `root`, as a file; `more` are arguments. */
export function made(root, ...more) {
  const file = path.join(folder(), 'matrix.html');
  const done = spawnSync(process.env.TRACELINE_BIN, ['matrix', '--format', 'csv', '--output', `html=${file}`, ...more], {
    cwd: root,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`exit ${done.status}: ${done.stderr}`);
  return file;
}

export const start = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

/** Opens a page; what it loads beside itself and what it complains of is in `loaded` and `faults`. */
export async function open(browser, file, { script = true, scheme = 'light', size = { width: 1280, height: 900 }, scale = 1 } = {}) {
  const context = await browser.newContext({
    viewport: size, colorScheme: scheme, javaScriptEnabled: script, deviceScaleFactor: scale, reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const [loaded, faults] = [[], []];
  page.on('request', (request) => request.url() !== address && loaded.push(request.url()));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(address);
  return { page, loaded, faults, close: () => context.close() };
}
