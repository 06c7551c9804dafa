// Makes the pictures of the documentation: PICTURES=1 tests/matrix/run
//
// Each is taken in light and dark, and none may be larger than 300 KB.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, WORKSPACE, made, open, start } from './browser.mjs';

const OUT = path.join(ROOT, 'tests/pictures');
const MOST = 300_000;

const browser = await start();
const file = made(WORKSPACE);
for (const scheme of ['light', 'dark']) {
  const { page, close } = await open(browser, file, { scheme, size: { width: 1180, height: 700 }, scale: 1.25 });
  // The folder's name is that of the project, and the letters are those that most readers have.
  await page.evaluate(() => {
    document.querySelector('h1').textContent = 'Harbour';
    document.body.style.fontFamily = 'Liberation Sans';
  });
  const save = async (name, clip) => {
    await page.evaluate(() => scrollTo(0, 0));
    const to = path.join(OUT, `${name}-${scheme}.png`);
    await page.screenshot({ path: to, clip, fullPage: true });
    const { size } = fs.statSync(to);
    console.log(`${path.basename(to)}: ${Math.round(size / 1000)} KB`);
    if (size > MOST) throw new Error(`${to} is larger than ${MOST / 1000} KB`);
  };
  const box = async (selector) => {
    await page.evaluate(() => scrollTo(0, 0));
    return page.locator(selector).boundingBox();
  };
  const columns = await box('.columns');
  await save('matrix', { x: 0, y: 0, width: 1180, height: columns.y + columns.height });
  await page.selectOption('#drawn', { label: 'specs/login' });
  await page.locator('.graph a[aria-label^="FR-2.1 "]').focus();
  const graph = await box('#graph');
  await save('matrix-graph', { x: 0, y: graph.y - 12, width: 1180, height: graph.height + 22 });
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement.blur());
  const table = await box('#requirements');
  await save('matrix-rows', { x: 0, y: table.y - 12, width: 1180, height: 640 });
  await close();
}
await browser.close();
