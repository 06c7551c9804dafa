#!/usr/bin/env node
// Starts the binary that the package of this platform brought, as if it had been called itself.
'use strict';

const { spawn } = require('node:child_process');

function variant() {
  if (process.platform !== 'linux') return '';
  if (process.report) process.report.excludeNetwork = true;
  return process.report?.getReport().header.glibcVersionRuntime ? '' : '-musl';
}

function binary() {
  const name = `@traceline/${process.platform}-${process.arch}${variant()}`;
  try {
    return require.resolve(`${name}/traceline${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    console.error(`traceline: the package ${name} is not installed. If npm was told to leave out optional packages, install it by its name;`);
    console.error('if there is none for this platform: cargo install traceline');
    process.exit(2);
  }
}

const child = spawn(binary(), process.argv.slice(2), { stdio: 'inherit', windowsHide: true });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`traceline: ${error.message}`);
  process.exit(2);
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
