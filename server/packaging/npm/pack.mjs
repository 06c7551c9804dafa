#!/usr/bin/env node
// Makes npm's packages: node server/packaging/npm/pack.mjs OUT PLATFORM=BINARY...
//
// `traceline` is a few lines of JavaScript that start the binary of `@traceline/PLATFORM`, which npm chooses by system, processor
// and libc. Name, version and all else come from the workspace's Cargo.toml. Each package is a .tgz in OUT, to publish or install.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLATFORMS = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'linux-x64-musl': { os: 'linux', cpu: 'x64', libc: 'musl' },
  'linux-arm64-musl': { os: 'linux', cpu: 'arm64', libc: 'musl' },
  'darwin-x64': { os: 'darwin', cpu: 'x64' },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64' },
  'win32-x64': { os: 'win32', cpu: 'x64' },
};

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const [out, ...given] = process.argv.slice(2);
if (!out || given.length === 0) stop('usage: pack.mjs OUT PLATFORM=BINARY...');

function stop(words) {
  console.error(words);
  process.exit(2);
}

// The keys of one table of a Cargo.toml that are plain strings or lists of them.
function table(file, name) {
  const text = readFileSync(join(root, file), 'utf8');
  const part = text.split(/^\[/m).find((it) => it.startsWith(`${name}]`)) ?? stop(`${file} has no [${name}]`);
  const entries = [...part.matchAll(/^([\w-]+) = ("[^"]*"|\[[^\]]*\])/gm)];
  return Object.fromEntries(entries.map(([, key, value]) => [key, JSON.parse(value)]));
}

const workspace = table('Cargo.toml', 'workspace.package');
const { description } = table('server/traceline/Cargo.toml', 'package');
const shared = {
  version: workspace.version,
  license: workspace.license,
  homepage: workspace.homepage,
  repository: { type: 'git', url: `git+${workspace.repository}.git` },
};

// Packs what `fill` puts into a new folder, with its package.json and the licences.
function pack(manifest, fill) {
  const folder = mkdtempSync(join(tmpdir(), 'traceline-npm-'));
  try {
    fill(folder);
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...shared }, null, 2)}\n`);
    for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, licence), join(folder, licence));
    mkdirSync(out, { recursive: true });
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['pack', '--silent', '--pack-destination', resolve(out)], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const executable = (from, to) => {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
};

for (const pair of given) {
  const [platform, binary] = pair.split(/=(.*)/s);
  const { os, cpu, libc } = PLATFORMS[platform] ?? stop(`${platform} is none of ${Object.keys(PLATFORMS).join(', ')}`);
  const file = os === 'win32' ? 'traceline.exe' : 'traceline';
  const manifest = {
    name: `@traceline/${platform}`,
    description: `The binary of traceline for ${platform}`,
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    files: [file],
    preferUnplugged: true,
  };
  pack(manifest, (folder) => {
    executable(binary, join(folder, file));
    writeFileSync(join(folder, 'README.md'), `# @traceline/${platform}\n\nThe binary of [traceline](${workspace.homepage}) for ${platform}.\n`);
  });
}

const main = {
  name: 'traceline',
  description,
  keywords: workspace.keywords,
  bin: { traceline: 'traceline.js' },
  files: ['traceline.js'],
  engines: { node: '>=18' },
  optionalDependencies: Object.fromEntries(Object.keys(PLATFORMS).map((it) => [`@traceline/${it}`, workspace.version])),
};
pack(main, (folder) => {
  executable(join(here, 'traceline.js'), join(folder, 'traceline.js'));
  copyFileSync(join(here, 'README.md'), join(folder, 'README.md'));
});
