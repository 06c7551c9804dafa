// What a user does in a window, and what can be seen there.
import fs from 'node:fs';
import path from 'node:path';

export class Window {
  constructor(page, folder, remote) {
    this.page = page;
    this.folder = folder;
    this.remote = remote;
  }

  async load(address, file, payload, workspace) {
    const all = [['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload];
    if (file !== undefined) all.push(['openFile', this.remote(path.join(this.folder, file))]);
    const what = workspace === undefined ? { folder: this.folder } : { workspace };
    const query = new URLSearchParams({ ...what, payload: JSON.stringify(all) });
    await this.page.goto(`${address}?${query}`);
    if (file !== undefined) await this.lines.first().waitFor({ timeout: 60_000 });
  }

  get lines() {
    return this.page.locator('.editor-instance .view-line');
  }

  /** The text of the editor, as far as it is on screen. */
  async text() {
    const lines = await this.page.evaluate(() =>
      [...document.querySelectorAll('.editor-instance .view-line')]
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((line) => line.textContent),
    );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  onDisk(file) {
    return fs.readFileSync(path.join(this.folder, file), 'utf8');
  }

  /** Runs a command of the palette, by its title. */
  async command(title) {
    await this.quickInput('F1', `>${title}`);
    await this.input.waitFor({ state: 'hidden' });
  }

  /** Runs a command that offers a list, and answers what is in it. */
  async offers(title) {
    await this.quickInput('F1', `>${title}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    const offered = await this.eventually(
      () => rows.allInnerTexts(),
      (it) => it.length > 0 && !it.some((row) => row.includes(title)),
    );
    await this.page.keyboard.press('Escape');
    return offered;
  }

  get input() {
    return this.page.locator('.quick-input-widget input[type="text"]');
  }

  /** Opens a file by its path. */
  async open(file) {
    await this.quickInput('Control+P', file);
    await this.input.waitFor({ state: 'hidden' });
    await this.page.locator('.tab.active', { hasText: path.basename(file) }).waitFor();
    await this.lines.first().waitFor();
  }

  async quickInput(keys, text) {
    await this.until(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press(keys);
      await this.input.waitFor({ state: 'visible', timeout: 2000 });
    });
    await this.input.fill(text);
    const wanted = text.replace(/^>/, '').split('/').at(-1);
    // The list shows what was opened lately until it has looked: only the row that Enter takes counts.
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: wanted }).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** The middle, on screen, of the first `text` in the editor, or of the last. */
  place(text, { last = false } = {}) {
    return this.page.evaluate(
      ([text, last]) => {
        const found = [];
        for (const line of document.querySelectorAll('.editor-instance .view-line')) {
          const nodes = [];
          const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) nodes.push(walk.currentNode);
          const whole = nodes.map((it) => it.data).join('').replaceAll('\u00a0', ' ');
          const at = last ? whole.lastIndexOf(text) : whole.indexOf(text);
          if (at < 0) continue;
          const range = document.createRange();
          let start = 0;
          for (const node of nodes) {
            const end = start + node.data.length;
            if (start <= at && at < end) range.setStart(node, at - start);
            if (start < at + text.length && at + text.length <= end) range.setEnd(node, at + text.length - start);
            start = end;
          }
          const box = range.getBoundingClientRect();
          found.push({ x: box.x + box.width / 2, y: box.y + box.height / 2, right: box.right });
        }
        found.sort((a, b) => a.y - b.y);
        if (found.length === 0) throw new Error(`"${text}" is not on screen`);
        return last ? found.at(-1) : found[0];
      },
      [text, last],
    );
  }

  async click(text, how) {
    const { x, y } = await this.place(text, how);
    await this.page.mouse.click(x, y);
  }

  /** Puts the cursor behind `text`. */
  async clickBehind(text, how) {
    const { right, y } = await this.place(text, how);
    await this.page.mouse.click(right - 1, y);
  }

  /** Hovers over `text` and answers what the hover says. */
  hover(text, how) {
    return this.until(async () => {
      await this.page.mouse.move(900, 700);
      const { x, y } = await this.place(text, how);
      await this.page.mouse.move(x, y, { steps: 5 });
      const hover = this.page.locator('.monaco-hover:visible .monaco-hover-content');
      await hover.first().waitFor({ timeout: 3000 });
      // Slow providers answer after quick ones.
      await this.page.waitForTimeout(300);
      return (await hover.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
    });
  }

  /** The squiggles on screen, by the level of the finding: `error`, `warning`, `info` or `hint`. */
  squiggles(level) {
    return this.page.locator(`.editor-instance .squiggly-${level}`);
  }

  /** Rows of the Problems panel, which is opened where it is not. */
  async problems() {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.command('Problems: Focus on Problems View');
    await panel.waitFor({ timeout: 5000 });
    const rows = panel.locator('.monaco-list-row');
    return (await rows.allInnerTexts()).map((it) => it.replaceAll('\u00a0', ' ').replaceAll('\n', ' '));
  }

  /** What the language status of the status bar says of Traceline: its text, and the link behind it. */
  status() {
    return this.until(async () => {
      await this.page.locator('[id="status.languageStatus"]').click({ timeout: 3000 });
      const said = this.page.locator('.hover-language-status .element', { hasText: 'Traceline' });
      await said.waitFor({ timeout: 3000 });
      return { innerText: await said.innerText(), link: said.locator('a').first() };
    });
  }

  /** Asks for completion at the cursor and answers the labels shown. */
  async complete() {
    return this.until(async () => {
      await this.page.keyboard.press('Control+Space');
      const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
      await rows.first().waitFor({ timeout: 3000 });
      return this.completions();
    });
  }

  async completions() {
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    return rows.allInnerTexts();
  }

  /** Lenses and hints arrive late and move the text under the mouse: tries again until `act` works. */
  async until(act, ms = 20_000) {
    for (const end = Date.now() + ms; ; ) {
      try {
        return await act();
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.waitForTimeout(150);
      }
    }
  }

  /** Waits until `act` answers something that `accepts` takes. */
  async eventually(act, accepts, ms = 20_000) {
    return this.until(async () => {
      const answer = await act();
      if (!accepts(answer)) throw new Error(`not yet: ${JSON.stringify(answer)}`);
      return answer;
    }, ms);
  }
}
