// Runs host.cjs inside the extension host, as VS Code's own web tests run: the page hears what mocha writes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { start } from './code.mjs';

let code;
after(() => code?.stop());

test('commands and settings, from inside the extension host', { timeout: 120_000 }, async () => {
  // Without it, VS Code 1.139 runs no tests that a page asks for.
  code = await start({ flags: ['--enable-smoke-test-driver'] });
  const extensions = path.join(code.home, 'extensions');
  const own = fs.readdirSync(extensions).find((it) => it.startsWith('traceline.'));
  const remote = (file) => `vscode-remote://${code.authority}${file}`;
  const told = [];
  let end;
  const ended = new Promise((done) => (end = done));
  const window = await code.window(code.copy(), undefined, {
    payload: [
      ['extensionDevelopmentPath', remote(path.join(extensions, own))],
      ['extensionTestsPath', remote(fileURLToPath(new URL('host.cjs', import.meta.url)))],
    ],
    prepare: async (page) => {
      await page.exposeFunction('codeAutomationLog', (_, words) => told.push(format(...words)));
      await page.exposeFunction('codeAutomationExit', end);
    },
  });
  assert.ok(window);
  const result = await ended;
  const lines = told.filter((line) => /^ {2}|^\S*Error/.test(line));
  console.log(lines.join('\n'));
  assert.equal(result, 0, told.join('\n'));
  assert.match(told.join('\n'), /^ +\d+ passing/m);
});
