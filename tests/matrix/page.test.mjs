// What a reader does with the page of `traceline matrix`, in Chromium.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { WORKSPACE, made, open, start, workspace } from './browser.mjs';

let browser;
let file;
before(async () => {
  file = made(WORKSPACE);
  browser = await start();
});
after(() => browser.close());

/** A test on a page that must neither load anything nor complain. */
function on(name, act, { of = () => file, ...options } = {}) {
  test(name, async () => {
    const opened = await open(browser, of(), options);
    await act(opened.page);
    assert.deepEqual([opened.loaded, opened.faults], [[], []]);
    await opened.close();
  });
}

const ids = (page) => page.locator('#rows th a').allTextContents();
const found = (page) => page.locator('#found').textContent();
/** What is found once the script has seen the words. */
async function search(page, words) {
  await page.fill('#words', words);
  await page.waitForTimeout(120);
  return ids(page);
}

on('what is missing stands first', async (page) => {
  assert.deepEqual((await ids(page)).slice(0, 3), ['NFR-1.2', 'FR-2.2', 'NFR-2.1']);
  assert.equal(await page.locator('#rows tr').first().locator('.lacks').allTextContents().then((it) => it.join()), 'no section,no task');
  assert.equal(await found(page), 'All 30 requirements.');
  assert.match(await page.locator('.lead').textContent(), /^30 requirements in 3 features: 3 uncovered/);
});

on('the search finds ids, words, sections, tasks and files', async (page) => {
  assert.deepEqual(await search(page, 'argon2id'), ['NFR-1.2']);
  assert.deepEqual(await search(page, 'PASSWORD store'), ['FR-1.3', 'NFR-1.2']);
  assert.deepEqual(await search(page, 'match payments fr-2.1'), ['FR-2.1']);
  assert.equal((await search(page, 'specs/export/')).length, 5);
  assert.equal(await found(page), '5 of 30 requirements.');
  assert.deepEqual(await search(page, 'no such words'), []);
  assert.match(await page.locator('#rows').textContent(), /Nothing is like that/);
});

on('features, states and order can be chosen', async (page) => {
  await page.selectOption('#feature', { label: 'specs/export' });
  assert.equal((await ids(page)).length, 5);
  await page.uncheck('#stages input[value=done]');
  assert.deepEqual(await ids(page), ['FR-2.2', 'FR-2.1']);
  await page.selectOption('#order', 'id');
  assert.deepEqual(await ids(page), ['FR-2.1', 'FR-2.2']);
  await page.click('.totals a[data-feature="specs/login"]');
  assert.equal(await page.inputValue('#feature'), await page.inputValue('#drawn'));
  assert.match(await page.locator('.graph').getAttribute('aria-label'), /^Trace graph of specs\/login/);
});

on('links lead to lines of files that are there', async (page) => {
  const links = await page.locator('#rows a, .graph a').evaluateAll((all) => all.map((it) => it.href?.baseVal ?? it.getAttribute('href')));
  assert.ok(links.length > 80, `${links.length} links`);
  for (const link of new Set(links)) {
    const [, way, line] = /^(.*)#L(\d+)$/.exec(link);
    const target = path.resolve(path.dirname(file), decodeURIComponent(way));
    const text = fs.readFileSync(target, 'utf8').split('\n')[Number(line) - 1];
    assert.match(text, /\*\*N?FR-|^### |^## |^ *- \[/, link);
  }
});

on('the graph shows what serves a requirement, by mouse and keys', async (page) => {
  await page.selectOption('#drawn', { label: 'specs/login' });
  const node = (id) => page.locator(`.graph a[aria-label^="${id} "]`);
  await node('FR-2.1').focus();
  const lit = await page.locator('.graph a.on').evaluateAll((all) => all.map((it) => it.getAttribute('aria-label').split(':')[0]));
  assert.deepEqual(lit, ['Section Lifetime', 'FR-2.1 A session ends after thirty minutes without a request', 'Task 2 Make the table of sessions', 'Task 5.2 End idle sessions']);
  assert.equal(await page.locator('.graph path.on').count(), 3);
  await node('NFR-2.1').hover();
  assert.equal(await page.locator('.graph path.on').count(), 0);
  assert.equal(await page.locator('.graph a.gap').count(), 2);
  await page.mouse.move(1, 1);
  assert.equal(await page.locator('.graph.lit').count(), 0);
});

on('keys are enough', async (page) => {
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'To the requirements');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'words');
  await page.keyboard.type('telephone');
  await page.waitForTimeout(120);
  assert.deepEqual(await ids(page), ['FR-3.2']);
});

on('a screen reader is told the same', async (page) => {
  const unnamed = await page.evaluate(() => {
    const named = (it) => it.getAttribute('aria-label') || it.labels?.length || it.textContent.trim();
    const all = [...document.querySelectorAll('a, button, input, select, svg[role]')].filter((it) => !it.closest('[hidden]'));
    return all.filter((it) => !named(it)).map((it) => it.outerHTML.slice(0, 80));
  });
  assert.deepEqual(unnamed, []);
  const headings = await page.locator('h1, h2').evaluateAll((all) => all.map((it) => `${it.localName} ${it.textContent}`));
  assert.deepEqual(headings, ['h1 workspace', 'h2 Coverage by feature', 'h2 Coverage by family', 'h2 Done by phase', 'h2 Trace graph', 'h2 Requirements']);
  const tree = await page.locator('#requirements').ariaSnapshot();
  assert.match(tree, /rowheader "NFR-1\.2"/);
  assert.match(tree, /columnheader "Sections"/);
  assert.match(tree, /done: /);
});

on('without scripts the first requirements and all plots are there', async (page) => {
  assert.equal((await page.locator('#rows tr').count()), 30);
  assert.equal(await page.locator('.bar').count(), 1 + 3 + 2 + 6);
  assert.ok(await page.locator('#find').isHidden());
}, { script: false });

test('the script makes of a requirement what the page holds', async () => {
  const rows = async (script) => {
    const { page, close } = await open(browser, file, { script });
    const html = await page.locator('#rows').evaluate((it) => it.innerHTML.replaceAll('\n', ''));
    await close();
    return html;
  };
  assert.equal(await rows(true), await rows(false));
});

test('light and dark are those of the system, and both can be read', async () => {
  const seen = [];
  for (const scheme of ['light', 'dark']) {
    const { page, close } = await open(browser, file, { scheme });
    const contrasts = await page.evaluate(contrastsOf);
    assert.deepEqual(contrasts.filter(([, contrast]) => contrast < 4.5), [], scheme);
    seen.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    await close();
  }
  assert.notEqual(seen[0], seen[1]);
});

/** The contrast of each kind of text with what lies behind it, by WCAG; in the page. */
function contrastsOf() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((it) => it / 255).map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const out = new Map();
  for (const element of document.querySelectorAll('p, a, dd, dt, th, td, li, label, legend, .stage, .lacks, .none, .where, .through, .title')) {
    if (element.closest('svg') || element.closest('.skip') || element.textContent.trim() === '') continue;
    const behind = [];
    for (let at = element; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
    const [text, back] = [paint([...behind, getComputedStyle(element).color]), paint(behind)].map(light);
    const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    const name = `${element.localName}.${element.className}`;
    out.set(name, Math.min(out.get(name) ?? 99, Math.round(contrast * 100) / 100));
  }
  return [...out];
}

test('the page holds no markup of a document', async () => {
  const { page, loaded, faults, close } = await open(browser, made(workspace({
    'javascript:alert(1)/spec.md': '- **FR-1**: `<script>window.harmed=1</script>` "x" \'y\' &amp; <!-- z\n- **FR-2**: `<img src=x onerror=window.harmed=1>`\n- **FR-3**: `]]><b class=evil>`\n',
    'javascript:alert(1)/tasks.md': '- [ ] 1. `</ul><iframe src=//example.org>`\n  - _Requirements: FR-1, FR-2_\n',
  })));
  assert.match(await page.locator('#rows').textContent(), /<script>window\.harmed=1<\/script>/);
  assert.deepEqual(await search(page, '</script>'), ['FR-1']);
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.equal(await page.locator('img, iframe, b.evil, script[src]').count(), 0);
  const schemes = await page.locator('a').evaluateAll((all) => all.map((it) => new URL(it.getAttribute('href'), location).protocol));
  assert.deepEqual([...new Set(schemes)], ['file:']);
  assert.deepEqual([loaded, faults], [[], []]);
  await close();
});

test('no other script or style is in force', async () => {
  const evil = path.join(path.dirname(file), 'evil.html');
  fs.writeFileSync(evil, fs.readFileSync(file, 'utf8').replace('</main>', '<script>window.harmed=1</script><img src="http://127.0.0.1:9/x" onerror="window.harmed=1"></main>'));
  const { page, faults, close } = await open(browser, evil);
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.ok(faults.some((it) => it.includes('Content Security Policy')), String(faults));
  await close();
});

on('an empty workspace is a page as well', async (page) => {
  assert.match(await page.locator('main').textContent(), /No requirement is stated here/);
}, { of: () => made(workspace({}), '--allow-empty') });

test('a feature with 5,000 requirements stays usable', async () => {
  const COUNT = 5000;
  const numbers = [...Array(COUNT).keys()].map((it) => it + 1);
  const root = workspace({
    'specs/large/spec.md': `# Large\n\n${numbers.map((n) => `- **FR-${n}**: Requirement number ${n} says what the system does in case ${n * 7}\n`).join('')}`,
    'specs/large/plan.md': `# Plan\n\n${numbers.filter((n) => n % 4 === 0).map((n) => `## Section ${n}\n\n_Requirements: FR-${n}, FR-${n - 1}_\n\n`).join('')}`,
    'specs/large/tasks.md': `# Tasks\n\n${numbers.filter((n) => n % 3 === 0).map((n) => `- [${n % 2 ? 'x' : ' '}] ${n}. Task ${n}\n  - _Requirements: FR-${n}, FR-1_\n`).join('')}`,
  });
  const large = made(root);
  assert.ok(fs.statSync(large).size < 1_500_000, `${fs.statSync(large).size} bytes`);
  const begun = performance.now();
  const { page, loaded, faults, close } = await open(browser, large);
  assert.equal(await found(page), 'All 5,000 requirements.');
  const ready = performance.now() - begun;
  // How much the page holds is the same on every machine; how long it takes is bounded generously.
  const nodes = () => page.evaluate(() => document.getElementsByTagName('*').length);
  const first = await nodes();
  assert.ok(first < 6000, `${first} elements`);
  assert.ok(ready < 5000, `ready after ${ready} ms`);
  const took = (words) =>
    page.evaluate(async (words) => {
      const [input, rows] = ['words', 'rows'].map((id) => document.getElementById(id));
      const begun = performance.now();
      input.value = words;
      input.dispatchEvent(new Event('input'));
      await new Promise((done) => new MutationObserver(done).observe(rows, { childList: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return performance.now() - begun;
    }, words);
  const times = [await took('case'), await took('task 4998'), await took('requirement number 49'), await took('')];
  assert.ok(Math.max(...times) < 1500, `searches took ${times.map(Math.round)} ms`);
  assert.ok((await nodes()) < 6000);
  assert.deepEqual((await search(page, 'fr-4999')), ['FR-4999']);
  await search(page, '');
  // As one reads on.
  for (let n = 0; n < 3; n++) {
    await page.locator('#next').scrollIntoViewIfNeeded();
    await page.waitForTimeout(100);
  }
  const rows = await page.locator('#rows tr').count();
  assert.ok(rows > 400 && rows < 5000, `${rows} rows`);
  assert.match(await page.locator('#graph-words').textContent(), /^Not drawn: [\d,]+ requirements/);
  console.log(`    ${first} elements, ready after ${Math.round(ready)} ms, searches ${times.map(Math.round).join(', ')} ms`);
  assert.deepEqual([loaded, faults], [[], []]);
  await close();
});

test('all of it goes on paper', async () => {
  const { page, close } = await open(browser, file);
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.locator('#find').isHidden());
  assert.ok(await page.locator('.graph').isVisible());
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 10_000);
  await close();
});

