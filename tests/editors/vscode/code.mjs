// A real VS Code with the extension just built, and a browser whose pages are its windows.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Window } from './window.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.resolve(HERE, '../../..');
/** The VS Code to test in, as ./run says, and the Node that it runs on: newer ones bring their own. */
const HOME = path.join(ROOT, 'tests/.cache', `vscode-${process.env.TRACELINE_VSCODE}`);
const CODE = path.join(HOME, 'node_modules/code-server/lib/vscode');
const OWN_NODE = path.join(HOME, 'node_modules/node/bin/node');
const NODE = fs.existsSync(OWN_NODE) ? OWN_NODE : process.execPath;
export const WORKSPACE = path.join(ROOT, 'tests/editors/workspace');
export const VSIX = process.env.TRACELINE_VSIX;

// Quiet, so that nothing lies over what a test looks at, and nothing is looked up outside.
const SETTINGS = {
  'chat.disableAIFeatures': true,
  // They arrive late and move the text. Where they are what is looked at, they are on.
  'editor.codeLens': false,
  'editor.inlayHints.enabled': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // In a browser, VS Code saves what is not saved a second after the edit.
  'files.autoSave': 'off',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Starts VS Code with `settings` of the user's; none of the extension with `vsix: undefined`. */
export async function start({ settings = {}, vsix = VSIX, env = {}, flags = [] } = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traceline-vscode-'));
  const data = path.join(home, 'data');
  // The window is one on another machine, and there the settings of a machine are that machine's. In the user's own settings they
  // count until VS Code knows that they are such, and then no more: whoever starts later finds none.
  const isMachines = ([key]) => key === 'traceline.server.path';
  const write = (whose, all) => {
    fs.mkdirSync(path.join(data, 'data', whose), { recursive: true });
    fs.writeFileSync(path.join(data, 'data', whose, 'settings.json'), JSON.stringify(Object.fromEntries(all)));
  };
  const all = Object.entries({ ...SETTINGS, ...settings });
  write('Machine', all.filter(isMachines));
  write('User', all.filter((it) => !isMachines(it)));
  const main = path.join(CODE, 'out/server-main.js');
  const folders = ['--server-data-dir', data, '--extensions-dir', path.join(home, 'extensions')];
  const common = [main, '--accept-server-license-terms', ...folders];
  if (vsix !== undefined) {
    const told = spawnSync(NODE, [...common, '--install-extension', vsix], { encoding: 'utf8' });
    if (!told.stdout.includes('successfully installed')) throw new Error(`${vsix}: ${told.stdout}${told.stderr}`);
  }

  const port = await freePort();
  const network = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  const server = spawn(NODE, [...common, ...network, '--telemetry-level', 'off', ...flags], {
    // A gallery without an address is none.
    env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...env },
    // A group of its own, so that extension hosts and language servers end with it, however this process ends.
    detached: true,
  });
  const kill = () => {
    try {
      process.kill(-server.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  process.once('exit', kill);
  let log = '';
  server.stderr.on('data', (data) => (log += data));
  await new Promise((done, fail) => {
    server.stdout.on('data', (data) => String((log += data)).includes('agent listening') && done());
    server.once('exit', (code) => fail(new Error(`VS Code exited with ${code}: ${log}`)));
  });

  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const authority = `127.0.0.1:${port}`;
  const windows = [];
  return {
    home,
    authority,
    /** All that were opened. */
    windows,
    /** What VS Code has written into its logs: of the server, of each extension host and of the extensions. */
    logs() {
      const folder = path.join(data, 'data/logs');
      const files = fs.readdirSync(folder, { recursive: true }).filter((it) => it.endsWith('.log'));
      return [`# stderr\n${log}`, ...files.map((it) => `# ${it}\n${fs.readFileSync(path.join(folder, it), 'utf8')}`)].join('\n');
    },
    /** The language servers that run in the windows. */
    servers: () => processes(server.pid).filter((it) => path.basename(it.program) === 'traceline'),
    /** A copy of `folder`, to be changed by a test. */
    copy(folder = WORKSPACE) {
      const to = fs.mkdtempSync(path.join(home, 'workspace-'));
      fs.cpSync(folder, to, { recursive: true });
      return to;
    },
    /** A window on `folder`, and on `file` in it. */
    async window(folder, file, { payload = [], size = { width: 1280, height: 800 }, scale = 1, prepare, workspace } = {}) {
      const context = await browser.newContext({ viewport: size, deviceScaleFactor: scale });
      const page = await context.newPage();
      await page.route((url) => url.hostname !== '127.0.0.1', (route) => route.abort());
      await prepare?.(page);
      const window = new Window(page, folder, (file) => `vscode-remote://${authority}${file}`);
      windows.push(window);
      await window.load(`http://${authority}/`, file, payload, workspace);
      return window;
    },
    async stop() {
      // As a user stops it, so that sessions end as they should.
      const pages = browser.contexts().flatMap((it) => it.pages());
      await Promise.all(pages.map((it) => it.close({ runBeforeUnload: true })));
      const isLeft = (it) => /^(traceline|python)/.test(path.basename(it.program));
      for (let n = 0; n < 100 && processes(server.pid).some(isLeft); n++) await new Promise((done) => setTimeout(done, 20));
      await browser.close();
      server.removeAllListeners('exit');
      kill();
      process.removeListener('exit', kill);
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A test about the window that `look` answers: where it fails, what was on screen is kept. */
export function step(name, look, act) {
  test(name, async () => {
    try {
      await act();
    } catch (error) {
      throw await explained(error, name, look());
    }
  });
}

/** A test in a VS Code of its own, whose windows are those that `act` opens by `code.window`. */
export function alone(name, settings, act) {
  test(name, async () => {
    const code = await start(settings);
    try {
      await act(code);
    } catch (error) {
      throw await explained(error, name, code.windows.at(-1), code);
    } finally {
      await code.stop();
    }
  });
}

/** The error with where to find what was on screen, and what VS Code has logged. */
async function explained(error, name, window, code) {
  const kept = path.join(ROOT, 'tests/.results', `vscode ${process.env.TRACELINE_VSCODE} ${name}`);
  await window?.page.screenshot({ path: `${kept}.png` }).catch(() => {});
  error.message += `\n(on screen: ${kept}.png)`;
  if (code !== undefined) {
    fs.writeFileSync(`${kept}.log`, code.logs());
    error.message += `\n(logged: ${kept}.log)`;
  }
  return error;
}

/** Programs of a process group, with the time that each has worked, in hundredths of a second. */
function processes(group) {
  const read = (id) => {
    try {
      const fields = fs.readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ');
      if (Number(fields[2]) !== group) return undefined;
      return { id, program: fs.readlinkSync(`/proc/${id}/exe`), worked: Number(fields[11]) + Number(fields[12]) };
    } catch {
      return undefined; // it has ended, or is not ours to look at
    }
  };
  const ids = fs.readdirSync('/proc').filter((it) => /^\d+$/.test(it));
  return ids.map((it) => read(Number(it))).filter((it) => it !== undefined);
}

function freePort() {
  return new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
