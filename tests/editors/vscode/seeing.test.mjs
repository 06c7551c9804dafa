// What is shown between the lines and in them. Each message of these sessions is checked afterwards.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { start, step } from './code.mjs';

let code, window;
const seen = (name, act) => step(name, () => window, act);

before(async () => {
  const shown = { 'editor.codeLens': true, 'editor.inlayHints.enabled': 'on' };
  code = await start({ settings: { 'traceline.server.path': process.env.TRACELINE_RECORDED, ...shown } });
  window = await code.window(code.copy(), 'specs/login/spec.md');
});
after(() => code?.stop());

seen('a lens counts what serves a requirement, and a click shows the places', async () => {
  // The first answer may come before the tasks are read, and which lens stands first on the page is not said.
  const lens = window.page.locator('.codelens-decoration a', { hasText: '1 section · 1 task' }).first();
  await lens.waitFor({ timeout: 30_000 });
  const places = window.page.locator('.peekview-widget .reference-zone-widget, .peekview-widget');
  await window.until(async () => {
    await lens.click({ timeout: 3000 });
    await places.first().waitFor({ timeout: 5000 });
  });
  const rows = await window.eventually(
    () => window.page.locator('.peekview-widget .monaco-list-row').allInnerTexts(),
    (it) => it.length > 0,
  );
  for (const file of ['plan.md', 'tasks.md']) assert.ok(rows.some((it) => it.includes(file)), `${rows}`);
  await window.page.keyboard.press('Escape');
});

seen('a trace line is followed by what its ids are about', async () => {
  await window.open('specs/login/tasks.md');
  const text = await window.eventually(
    () => window.text(),
    (it) => /FR-1\.9_\s*\(lock the account for 15 minutes · \?\)/.test(it),
  );
  // An editor that is narrow wraps the line, but never within an id.
  assert.doesNotMatch(text, /FR-\d*\.?$/m);
});
