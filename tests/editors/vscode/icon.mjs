// Draws the extension's icon, as VS Code takes no SVG: node icon.mjs ICON.svg ICON.png
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const [svg, png] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
await page.setContent(`<style>body { margin: 0 }</style>${fs.readFileSync(svg, 'utf8')}`);
await page.screenshot({ path: png, omitBackground: true });
await browser.close();
