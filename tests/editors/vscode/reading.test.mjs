// What a reader of plan documents sees and asks. Each message of these sessions is checked afterwards.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { start, step } from './code.mjs';

let code, folder, window;
const seen = (name, act) => step(name, () => window, act);

before(async () => {
  code = await start({ settings: { 'traceline.server.path': process.env.TRACELINE_RECORDED } });
  folder = code.copy();
  window = await code.window(folder, 'specs/login/tasks.md');
});
after(() => code?.stop());

seen('a wrong id is underlined', async () => {
  await window.squiggles('warning').first().waitFor({ timeout: 30_000 });
  assert.equal(await window.squiggles('warning').count(), 2);
});

seen('the Problems panel tells the findings', async () => {
  const rows = await window.eventually(
    () => window.problems(),
    (it) => it.length === 6,
  );
  assert.match(rows[0], /tasks\.md/);
  assert.match(rows.join('\n'), /`FR-1\.2` has a task, but no section of the plan serves it/);
  assert.match(rows.join('\n'), /`FR-2\.2` is planned in `Session Store`, built by no task/);
  assert.match(rows.join('\n'), /`FR-1\.9` is not defined in specs\/login/);
  assert.match(rows.join('\n'), /`FR-2\.1` stands twice in this trace line/);
  assert.match(rows.join('\n'), /traceline/i);
});

seen('hover tells the requirement and what serves it', async () => {
  const said = await window.hover('FR-1.2');
  assert.match(said, /five attempts fail/);
  assert.match(said, /☐ 2 Lock accounts/);
});

seen('F12 leads into another file', async () => {
  await window.until(async () => {
    await window.page.keyboard.press('Escape');
    await window.click('FR-1.2');
    await window.page.keyboard.press('F12');
    await window.page.locator('.tab.active', { hasText: 'spec.md' }).waitFor({ timeout: 3000 });
  });
  await window.page.locator('.statusbar-item', { hasText: 'Ln 6, Col 6' }).waitFor({ timeout: 5000 });
});

seen('completion offers the ids in a trace line', async () => {
  await window.open('specs/login/tasks.md');
  await window.clickBehind('FR-1.9');
  await window.page.keyboard.type(', FR-');
  const rows = await window.eventually(
    () => window.completions(),
    (it) => it.length === 3,
  );
  // Those that stand in the line already are left out, and the one that no task names is the first.
  assert.deepEqual(rows, ['FR-2.2', 'FR-1.1', 'FR-2.1']);
  await window.page.keyboard.type('2.2');
  // Where the list is not there yet, the key would put in blanks.
  await window.eventually(
    () => window.completions(),
    (it) => it.length === 1 && it[0] === 'FR-2.2',
  );
  await window.page.keyboard.press('Tab');
  // The window takes the keys one by one.
  await window.eventually(
    () => window.text(),
    (it) => it.includes('_Requirements: FR-1.2, FR-1.9, FR-2.2_'),
  );
});

seen('a quick fix mends the line', async () => {
  await window.until(async () => {
    await window.page.keyboard.press('Escape');
    await window.click('FR-2.1', { last: true });
    await window.page.keyboard.press('Control+.');
    const fix = { hasText: 'Remove the second `FR-2.1`' };
    await window.page.locator('.action-widget .monaco-list-row.focused', fix).waitFor({ timeout: 3000 });
    await window.page.keyboard.press('Enter');
    await window.eventually(
      () => window.text(),
      (it) => it.includes('_Requirements: FR-2.1_'),
      2000,
    );
  });
  await window.eventually(
    () => window.squiggles('warning').count(),
    (it) => it === 1,
  );
});

seen('an edit on disk is seen in a file that is not open', async () => {
  const spec = path.join(folder, 'specs/login/spec.md');
  fs.writeFileSync(spec, `${fs.readFileSync(spec, 'utf8')}2. **FR-1.9**: The system **SHALL** count attempts.\n`);
  await window.eventually(
    () => window.squiggles('warning').count(),
    (it) => it === 0,
  );
});

seen('a Markdown link is still completed and explained by VS Code alone', async () => {
  await window.open('specs/login/plan.md');
  await window.clickBehind('the store](#session-store');
  const rows = await window.complete();
  assert.ok(rows.includes('#session-store'), `${rows}`);
  assert.ok(!rows.some((it) => it.startsWith('FR-')), `${rows}`);
});
