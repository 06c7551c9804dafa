// What changes more than the line at hand. Each message of these sessions is checked afterwards.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { start, step } from './code.mjs';

let code, window;
const seen = (name, act) => step(name, () => window, act);

before(async () => {
  code = await start({ settings: { 'traceline.server.path': process.env.TRACELINE_RECORDED } });
  window = await code.window(code.copy(), 'specs/login/tasks.md');
  await window.squiggles('warning').first().waitFor({ timeout: 30_000 });
});
after(() => code?.stop());

seen('rename is shown before it is done, then done in every file', async () => {
  const input = window.page.locator('.rename-box input');
  const preview = window.page.locator('.bulk-edit-panel');
  await window.until(async () => {
    await window.page.keyboard.press('Escape');
    await window.click('FR-2.1');
    await window.page.keyboard.press('F2');
    await input.waitFor({ state: 'visible', timeout: 3000 });
  });
  assert.equal(await input.inputValue(), 'FR-2.1');
  await input.fill('FR-2.7');
  await window.page.keyboard.press('Control+Enter');
  await preview.waitFor({ timeout: 10_000 });
  const rows = await window.eventually(
    () => preview.locator('.monaco-list-row').allInnerTexts(),
    (it) => it.some((row) => row.includes('spec.md')),
  );
  for (const file of ['spec.md', 'plan.md', 'tasks.md']) assert.ok(rows.some((it) => it.includes(file)), `${rows}`);
  assert.match(await window.text(), /FR-2\.1/);
  await preview.locator('.monaco-button', { hasText: 'Apply' }).click();
  await window.eventually(
    () => window.text(),
    (it) => it.includes('_Requirements: FR-2.7, FR-2.7_'),
  );
  await window.command('File: Save All Files');
  await window.eventually(
    () => ['spec', 'plan', 'tasks'].map((it) => window.onDisk(`specs/login/${it}.md`)).join(),
    (it) => !it.includes('FR-2.1') && it.split('FR-2.7').length === 5,
  );
});

seen('a rename to an id that is taken is refused, with the reason', async () => {
  const input = window.page.locator('.rename-box input');
  await window.until(async () => {
    await window.page.keyboard.press('Escape');
    await window.click('FR-2.7');
    await window.page.keyboard.press('F2');
    await input.waitFor({ state: 'visible', timeout: 3000 });
  });
  await input.fill('FR-2.2');
  await window.page.keyboard.press('Enter');
  const words = window.page.locator('.monaco-editor-overlaymessage, .notification-toast', { hasText: 'FR-2.2' });
  await words.first().waitFor({ timeout: 5000 });
  await window.page.keyboard.press('Escape');
});

/** Takes the action of the menu at the cursor whose title begins so, as a keyboard does: what lies over it stops the mouse. */
async function take(title) {
  const rows = window.page.locator('.action-widget .monaco-list-row');
  await rows.filter({ hasText: title }).waitFor({ timeout: 3000 });
  for (let left = await rows.count(); left > 0; left--) {
    const focused = await window.page.locator('.action-widget .monaco-list-row.focused').allInnerTexts();
    if (focused.some((it) => it.includes(title))) break;
    await window.page.keyboard.press('ArrowDown');
  }
  await window.page.keyboard.press('Enter');
}

seen('what is given up says why and what takes its place, as one step that is undone', async () => {
  await window.open('specs/login/spec.md');
  const before = await window.text();
  await window.until(async () => {
    await window.page.keyboard.press('Escape');
    await window.click('FR-1.2');
    await window.page.keyboard.press('Control+.');
    await take('Give `FR-1.2` up …');
    await window.input.waitFor({ state: 'visible', timeout: 3000 });
  });
  const title = window.page.locator('.quick-input-title', { hasText: 'Give `FR-1.2` up' });
  await title.waitFor({ timeout: 3000 });
  // Without a reason nothing is done.
  await window.page.keyboard.press('Enter');
  await window.page.waitForTimeout(300);
  assert.ok(await window.input.isVisible());
  await window.input.fill('Nobody is locked out any more.');
  await window.page.keyboard.press('Enter');
  const rows = window.page.locator('.quick-input-list .monaco-list-row .label-name');
  const offered = await window.eventually(
    () => rows.allInnerTexts(),
    (it) => it.length === 5,
  );
  assert.deepEqual(offered.slice(0, 2), ['Nothing takes its place', 'FR-1.1']);
  await window.input.fill('FR-2.2');
  await window.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'FR-2.2' }).waitFor();
  await window.page.keyboard.press('Enter');
  // Long lines are wrapped.
  await window.eventually(
    async () => (await window.text()).replaceAll(/\s+/g, ' '),
    (it) => it.includes('~~**FR-1.2**') && it.includes('~~ Superseded by FR-2.2. Nobody is locked out any more.'),
  );
  await window.until(async () => {
    await window.click('## Functional');
    await window.page.keyboard.press('Control+Z');
    await window.eventually(
      () => window.text(),
      (it) => it === before,
      3000,
    );
  });
});

seen('who names what is split is listed at once', async () => {
  await window.open('specs/login/spec.md');
  const list = window.page.locator('.reference-zone-widget');
  await window.until(async () => {
    await window.page.keyboard.press('Escape');
    await window.click('FR-1.1');
    await window.page.keyboard.press('Control+.');
    await take('Split `FR-1.1` into itself');
    await list.waitFor({ state: 'visible', timeout: 5000 });
  });
  const rows = await window.eventually(
    () => list.locator('.monaco-list-row').allInnerTexts(),
    (it) => it.length > 1,
  );
  assert.ok(rows.some((it) => it.includes('tasks.md')) && rows.some((it) => it.includes('plan.md')), `${rows}`);
  await window.page.keyboard.press('Escape');
});
