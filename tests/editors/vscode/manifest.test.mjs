// The extension's package: what neither vsce nor VS Code complains about.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT, VSIX } from './code.mjs';

const EXTENSION = path.join(ROOT, 'editors/vscode');
const manifest = JSON.parse(fs.readFileSync(path.join(EXTENSION, 'package.json'), 'utf8'));
const sources = fs.readdirSync(path.join(EXTENSION, 'src')).map((it) => fs.readFileSync(path.join(EXTENSION, 'src', it), 'utf8'));
const { contributes } = manifest;

test('package.json says what the server says', () => {
  const told = spawnSync('node', [path.join(EXTENSION, 'manifest.mjs'), process.env.TRACELINE_BIN, '--check'], { encoding: 'utf8' });
  assert.equal(told.status, 0, told.stderr);
});

test('the client is thin and knows no domain', () => {
  const lines = sources.join('').split('\n').length - 1;
  assert.ok(lines <= 200, `${lines} lines`);
  assert.doesNotMatch(sources.join(''), /requirement|\bspec\b|\btask|\bplan\b|\bFR-|coverage/i);
});

test('nothing contributed is misspelt, unregistered or undescribed', () => {
  const known = ['commands', 'configuration', 'walkthroughs', 'menus', 'semanticTokenScopes', 'semanticTokenTypes'];
  const unknown = Object.keys(contributes).filter((it) => !known.includes(it) && it !== 'semanticTokenModifiers');
  assert.deepEqual(unknown, []);
  for (const { command, title, category } of contributes.commands) {
    assert.ok(sources.some((it) => it.includes(`'${command}'`)), `${command} is registered nowhere`);
    assert.ok(title && category === 'Traceline', command);
  }
  for (const [key, setting] of Object.entries(contributes.configuration.properties)) {
    assert.match(key, /^traceline\./);
    assert.ok(setting.type && 'default' in setting && (setting.description ?? setting.markdownDescription), key);
  }
});

test('what runs a program is restricted where the workspace is not trusted', () => {
  const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
  assert.equal(untrustedWorkspaces.supported, 'limited');
  assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, ['traceline.server.path']);
  assert.equal(virtualWorkspaces.supported, false);
  assert.ok(virtualWorkspaces.description.length > 20);
});

test('the oldest VS Code that is promised is the one that is compiled against', () => {
  assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
});

test('the package holds what it needs and no more', () => {
  const listed = execFileSync('python3', ['-m', 'zipfile', '-l', VSIX], { encoding: 'utf8' });
  const names = [...listed.matchAll(/^extension\/(\S+)/gm)].map((it) => it[1]);
  const steps = contributes.walkthroughs.flatMap((it) => it.steps).flatMap(({ media }) => (media.image ? Object.values(media.image) : media.markdown));
  const wanted = ['LICENSE.txt', 'changelog.md', 'readme.md', 'package.json', 'dist/extension.js', 'dist/connect.js', 'server/traceline', manifest.icon];
  assert.deepEqual(names.sort(), [...new Set([...wanted, ...steps])].sort());
});
