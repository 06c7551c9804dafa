// When a server runs, and when none does.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { alone, ROOT, start, step } from './code.mjs';

let code, window;
const seen = (name, act) => step(name, () => window, act);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

before(async () => {
  code = await start();
});
after(() => code?.stop());

/** A folder with nothing but a README. */
function plain() {
  const folder = fs.mkdtempSync(path.join(code.home, 'plain-'));
  fs.writeFileSync(path.join(folder, 'README.md'), '# A project\n\nSee [below](#more), FR-1.\n\n## More\n');
  return folder;
}

seen('a window without plan documents has no server and shows nothing of us', async () => {
  window = await code.window(plain(), 'README.md');
  // Long enough for the server of a window that has them to be seen: that takes about two seconds.
  await sleep(6000);
  assert.deepEqual(code.servers(), []);
  const channels = await window.offers('Output: Show Output Channels...');
  assert.ok(channels.length > 3 && !channels.some((it) => it.includes('Traceline')), `${channels}`);
});

seen('… until a plan document is written into it', async () => {
  const feature = path.join(window.folder, 'specs/login');
  fs.mkdirSync(feature, { recursive: true });
  fs.writeFileSync(path.join(feature, 'spec.md'), '# Login\n\n- **FR-1**: It **SHALL** work.\n- **FR-1**: Twice.\n');
  await window.eventually(
    () => code.servers().length,
    (it) => it === 1,
  );
  await window.eventually(
    () => window.problems(),
    (it) => it.join().includes('`FR-1`'),
  );
});

seen('a whole feature that is written at once is seen', async () => {
  const feature = path.join(window.folder, 'specs/agent');
  fs.mkdirSync(feature);
  fs.writeFileSync(path.join(feature, 'spec.md'), '# Agent\n\n- **FR-5**: It **SHALL** work.\n- **FR-5**: Twice.\n');
  await window.eventually(
    () => window.problems(),
    (it) => it.join().includes('`FR-5`'),
  );
});

seen('… moved away and removed in a shell, folder and all', async () => {
  const specs = path.join(window.folder, 'specs');
  const marks = async (...wanted) => {
    const found = (rows) => rows.map((it) => /specs\/\w+/.exec(it)?.[0]).filter((it) => it !== undefined);
    await window.eventually(
      async () => found(await window.problems()).sort(),
      (it) => `${it}` === `${wanted}`,
    );
  };
  await marks('specs/agent', 'specs/login');
  fs.renameSync(path.join(specs, 'agent'), path.join(specs, 'moved'));
  await marks('specs/login', 'specs/moved');
  fs.rmSync(path.join(specs, 'moved'), { recursive: true });
  await marks('specs/login');
});

seen('the server does nothing while nobody does', async () => {
  await sleep(1000);
  const [before] = code.servers();
  await sleep(3000);
  const [after] = code.servers();
  assert.equal(after.id, before.id);
  assert.ok(after.worked - before.worked <= 1, `${after.worked - before.worked} hundredths of a second in three`);
});

seen('the status bar says which server runs, and leads to its log', async () => {
  await window.open('specs/login/spec.md');
  const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'editors/vscode/package.json'), 'utf8'));
  const said = await window.status();
  assert.deepEqual(said.innerText.split('\n'), ['Traceline', version, 'Show Log']);
  await said.link.click();
  await window.page.locator('.output-view .view-line', { hasText: 'starts ' }).first().waitFor();
});

seen('closing the window ends its server within a second', async () => {
  const begun = Date.now();
  await window.page.close({ runBeforeUnload: true });
  while (code.servers().length > 0 && Date.now() - begun < 10_000) await sleep(20);
  const took = Date.now() - begun;
  console.log(`the server ended ${took} ms after the window was closed`);
  assert.ok(took < 1000, `it took ${took} ms`);
});

seen('two folders in one window are two projects with one server', async () => {
  const [one, two] = [code.copy(), code.copy()];
  const workspace = path.join(code.home, 'both.code-workspace');
  fs.writeFileSync(workspace, JSON.stringify({ folders: [one, two].map((it) => ({ path: it })) }));
  window = await code.window(one, undefined, { workspace });
  // VS Code at times shows such a workspace without its folders until it is loaded again.
  await window.until(async () => {
    const folders = window.page.locator('.explorer-folders-view .monaco-list-row');
    if ((await folders.count()) < 2) await window.page.reload();
    await folders.nth(1).waitFor({ timeout: 10_000 });
  });
  const rows = await window.eventually(
    () => window.problems(),
    // The panel renders what is in sight alone.
    (it) => it.filter((row) => row.includes('`FR-1.9` is not defined')).length === 2,
  );
  assert.equal(rows.filter((it) => it.startsWith('tasks.md')).length, 2);
  assert.equal(code.servers().length, 1);
  await window.page.close({ runBeforeUnload: true });
});

const NOWHERE = { settings: { 'traceline.server.path': '/nowhere/traceline' } };

alone('a server that is not there is told, with what to do', NOWHERE, async (other) => {
  const window = await other.window(other.copy(), 'specs/login/tasks.md');
  const toast = window.page.locator('.notification-toast', { hasText: 'there is no program at /nowhere/traceline' });
  await toast.waitFor({ timeout: 30_000 });
  const offers = await toast.locator('.monaco-button').allInnerTexts();
  assert.deepEqual(offers.filter((it) => it !== ''), ['How to Install', 'Set Path', 'Show Log']);
  assert.deepEqual(other.servers(), []);
  const fault = 'there is no program at /nowhere/traceline (traceline.server.path)';
  await toast.locator('.monaco-button', { hasText: 'Show Log' }).click();
  await window.page.locator('.output-view .view-line', { hasText: 'there is no program' }).first().waitFor();
  await window.open('specs/login/spec.md');
  const said = await window.status();
  assert.deepEqual(said.innerText.split('\n'), ['Traceline: stopped', fault, 'Restart']);
});

const places = fs.mkdtempSync(path.join(os.tmpdir(), 'traceline-path-'));
after(() => fs.rmSync(places, { recursive: true }));
// VS Code would otherwise ask a login shell for the PATH.
const ON_PATH = { env: { PATH: `relative:${places}:/usr/bin:/bin` }, flags: ['--force-disable-user-env'] };

alone('an extension without a server starts the one on the PATH, and says so where there is none', ON_PATH, async (other) => {
  const extensions = path.join(other.home, 'extensions');
  const own = fs.readdirSync(extensions).find((it) => it.startsWith('traceline.'));
  const server = path.join(extensions, own, 'server/traceline');
  fs.renameSync(server, path.join(other.home, 'kept'));
  const window = await other.window(other.copy(), 'specs/login/tasks.md');
  const fault = 'the server `traceline` is neither in the extension nor on the PATH';
  await window.page.locator('.notification-toast', { hasText: fault }).waitFor({ timeout: 30_000 });
  // It is looked for again on command, without a reload.
  fs.copyFileSync(path.join(other.home, 'kept'), path.join(places, 'traceline'));
  await window.command('Traceline: Restart Server');
  await window.squiggles('warning').first().waitFor({ timeout: 30_000 });
  assert.deepEqual(
    other.servers().map((it) => it.program),
    [path.join(places, 'traceline')],
  );
});

const UNTRUSTED = {
  settings: {
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  },
};

alone('a workspace that is not trusted does not choose the server', UNTRUSTED, async (other) => {
  const folder = other.copy();
  const chosen = path.join(folder, 'chosen');
  fs.writeFileSync(chosen, '#!/bin/sh\ntouch "$0.ran"\n', { mode: 0o755 });
  fs.mkdirSync(path.join(folder, '.vscode'));
  fs.writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'traceline.server.path': chosen }));
  const window = await other.window(folder, 'specs/login/tasks.md');
  await window.squiggles('warning').first().waitFor({ timeout: 30_000 });
  await window.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  assert.equal(other.servers().length, 1);
  assert.ok(!fs.existsSync(`${chosen}.ran`));
});
