// Makes the pictures of the READMEs and of the walkthrough: PICTURES=1 tests/editors/vscode/run
//
// Each is taken in a light and a dark window, and none may be larger than 300 KB.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, start } from './code.mjs';

const OUT = path.join(ROOT, 'editors/vscode/images');
const MOST = 300_000;

const SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.codeLens': true,
  'editor.fontSize': 15,
  'editor.lineHeight': 24,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.selectionHighlight': false,
  'editor.stickyScroll.enabled': false,
  'editor.suggest.showSnippets': false,
  'editor.suggest.showStatusBar': false,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
};

const PLAN = `# Technical Implementation Plan: Login

## Architecture Overview

One service compares hashes; sessions live in one table.

_Requirements: FR-1.1, FR-2.1_

## Technical Constraints

### Technology Stak

- **Backend**: Rust, one binary

_Requirements: NFR-1.1_
`;

for (const theme of ['light', 'dark']) {
  const colours = { 'workbench.colorTheme': theme === 'light' ? 'Default Light Modern' : 'Default Dark Modern' };
  const code = await start({ settings: { ...SETTINGS, ...colours } });
  try {
    await take(code, theme);
  } finally {
    await code.stop();
  }
}

async function take(code, theme) {
  const size = { width: 1100, height: 560 };
  let window;
  const open = async (file) => {
    window = await code.window(code.copy(), file, { size, scale: 1.5 });
    await window.page.keyboard.press('Control+b');
    return window;
  };
  /** Takes the mouse off the text, and the hover with it. */
  const away = async () => {
    await window.page.mouse.move(950, 300, { steps: 3 });
    await window.page.locator('.monaco-hover:visible').waitFor({ state: 'hidden' });
  };
  /** Lets the box beside a list of completions grow: at first it is as large as what was known then. */
  const settle = async () => {
    for (const key of ['ArrowDown', 'ArrowUp']) {
      await window.page.keyboard.press(key);
      await window.page.waitForTimeout(500);
    }
  };
  const save = async (name) => {
    const file = path.join(OUT, `${name}-${theme}.png`);
    // Nothing moves any more, and no cursor blinks.
    await window.page.waitForTimeout(700);
    await window.page.screenshot({ path: file, caret: 'hide' });
    const { size } = fs.statSync(file);
    console.log(`${path.basename(file)}: ${Math.round(size / 1000)} KB`);
    if (size > MOST) throw new Error(`${file} is larger than ${MOST / 1000} KB`);
  };

  await open('specs/login/tasks.md');
  await window.squiggles('warning').first().waitFor({ timeout: 30_000 });
  await window.eventually(
    () => window.problems(),
    (it) => it.length > 2,
  );
  await window.click('# Tasks');
  await save('problems');
  await window.page.keyboard.press('Control+j');
  await window.page.locator('.markers-panel').waitFor({ state: 'hidden' });

  await window.hover('FR-1.2');
  await save('hover');

  await window.click('FR-1.9');
  await away();
  await window.page.keyboard.press('Control+.');
  await window.page.locator('.action-widget .monaco-list-row').first().waitFor();
  await save('fix');
  await window.page.keyboard.press('Escape');

  await window.click('FR-2.1');
  await window.page.keyboard.press('F2');
  const input = window.page.locator('.rename-box input');
  await input.waitFor({ state: 'visible' });
  await input.fill('FR-2.7');
  await window.page.keyboard.press('Control+Enter');
  await window.page.locator('.bulk-edit-panel .monaco-list-row', { hasText: 'spec.md' }).first().waitFor();
  // A panel that shows all of it.
  const { y } = await window.page.locator('.part.panel').boundingBox();
  await window.page.mouse.move(500, y);
  await window.page.mouse.down();
  await window.page.mouse.move(500, y - 90, { steps: 4 });
  await window.page.mouse.up();
  await away();
  await save('rename');

  await open('specs/login/tasks.md');
  await window.squiggles('warning').first().waitFor();
  await window.clickBehind('_Requirements: FR-2.1', { last: true });
  await away();
  await window.page.keyboard.press('End');
  await window.page.keyboard.type('\n');
  await window.page.keyboard.press('Backspace');
  await window.page.keyboard.type('- [ ] 4. Expire sessions\n');
  await window.page.keyboard.type('  - _Requirements: ');
  const details = window.page.locator('.suggest-details-container:visible', { hasText: 'a session is idle' });
  await window.until(async () => {
    if (!(await details.isVisible())) await window.page.keyboard.press('Control+Space');
    await details.waitFor({ timeout: 2000 });
    // The list is asked for anew meanwhile, and the details with it.
    await window.page.waitForTimeout(1000);
    await details.waitFor({ timeout: 100 });
  });
  await settle();
  await save('completion');

  // A section of the plan: what it is for, what is wrong with its heading, and what comes next.
  const plan = code.copy();
  fs.writeFileSync(path.join(plan, 'specs/login/plan.md'), PLAN);
  window = await code.window(plan, 'specs/login/plan.md', { size, scale: 1.5 });
  await window.page.keyboard.press('Control+b');
  await window.squiggles('warning').first().waitFor({ timeout: 30_000 });
  await window.hover('Architecture Overview');
  await save('section-hover');

  await window.clickBehind('Technology Stak');
  await away();
  await window.page.keyboard.press('Control+.');
  await window.page.locator('.action-widget .monaco-list-row').first().waitFor();
  await save('section-fix');
  await window.page.keyboard.press('Escape');

  await window.page.keyboard.press('Control+End');
  await window.page.keyboard.type('\n## ');
  await window.complete();
  await settle();
  await save('section-completion');

  await open('specs/login/spec.md');
  await window.page.locator('.codelens-decoration', { hasText: '1 task' }).first().waitFor({ timeout: 30_000 });
  await save('lenses');
}
