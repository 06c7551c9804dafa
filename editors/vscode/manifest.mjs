// Writes the parts of package.json that follow from the server: node manifest.mjs BINARY [--check]
//
// Its version, the settings that the server reads, and the names of the files that wake the extension up. With --check
// nothing is written, and the exit code is 1 where package.json is stale.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const [binary, flag] = process.argv.slice(2);
const file = new URL('package.json', import.meta.url);
const before = fs.readFileSync(file, 'utf8');
const manifest = JSON.parse(before);
const run = (...args) => execFileSync(binary, args, { encoding: 'utf8' });

manifest.version = run('--version').trim().split(' ')[1];
manifest.activationEvents = ['onLanguage:markdown', ...wakers().map((name) => `workspaceContains:**/${name}`)];
const properties = manifest.contributes.configuration.properties;
for (const key of Object.keys(properties)) if (!isClients(key)) delete properties[key];
Object.assign(properties, settings());

const after = `${JSON.stringify(manifest, null, 2)}\n`;
if (flag === '--check') {
  if (after !== before) console.error('package.json is stale: node editors/vscode/manifest.mjs BINARY writes it anew');
  process.exit(after === before ? 0 : 1);
}
fs.writeFileSync(file, after);

/** Settings that are the extension's own; all others are the server's. */
function isClients(key) {
  return key === 'traceline.server.path' || key.startsWith('traceline.trace.');
}

/** What the server reads, from the schema of its own types: each of its properties is a setting. */
function settings() {
  // VS Code knows nothing of Rust's sizes of numbers; their bounds are told beside.
  const plain = (key, value) => (key === 'format' ? undefined : value);
  const { properties } = JSON.parse(run('config', 'settings'), plain);
  const setting = ([key, { description, ...schema }]) => {
    // Rust's words for it, in which code stands in back-quotes.
    const said = { ...schema, markdownDescription: description, scope: 'window' };
    return [`traceline.${key}`, { ...said, default: schema.default ?? (schema.type === 'object' ? {} : undefined) }];
  };
  return Object.fromEntries(Object.entries(properties).map(setting));
}

/** Names of files that define something, plus those that are seldom without: each in small and in capital letters. */
function wakers() {
  const dialect = fs.readFileSync(new URL('../../server/engine/dialects/plan.toml', import.meta.url), 'utf8');
  const list = /^spec = \[([^\]]*)\]$/m.exec(dialect)[1];
  // Names in ASCII alone: others, and folders, are found once the extension is awake, and each costs a search.
  const specs = [...list.matchAll(/"([^"]*)"/g)]
    .map(([, name]) => name)
    .filter((name) => /^[\x21-\x2e\x30-\x7e]+$/.test(name));
  const names = [...specs, 'plan.md', 'tasks.md'];
  return [...names, ...names.map((it) => it.toUpperCase().replace('.MD', '.md')), 'traceline.toml', '.traceline.toml'];
}
