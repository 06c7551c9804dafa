// Mocha inside VS Code's extension host, with the extension installed from its package: VS Code calls `run`.
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');
const vscode = require('vscode');

const FOLDER = vscode.workspace.workspaceFolders[0].uri;
const TASKS = vscode.Uri.joinPath(FOLDER, 'specs/login/tasks.md');
const settings = () => vscode.workspace.getConfiguration('traceline');
const set = (key, value) => settings().update(key, value, vscode.ConfigurationTarget.Workspace);

exports.run = async () => {
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, color: false });
  mocha.suite.emit('pre-require', globalThis, __filename, mocha);
  define();
  const failures = await new Promise((done) => mocha.run(done));
  if (failures > 0) throw new Error(`${failures} failed`);
};

/** Servers that this extension host has started. */
function servers() {
  return fs.readdirSync('/proc').flatMap((id) => {
    try {
      const parent = Number(fs.readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
      const program = fs.readlinkSync(`/proc/${id}/exe`);
      return parent === process.pid && path.basename(program) === 'traceline' ? [{ id: Number(id), program }] : [];
    } catch {
      return [];
    }
  });
}

/** Whether one server runs, and it is such a one. */
function isOnly(wanted) {
  const [one, ...more] = servers();
  return one !== undefined && more.length === 0 && wanted(one);
}

/** Waits until `look` answers something; `what` says what is missing otherwise. */
async function until(what, look) {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((done) => setTimeout(done, 40))) {
    const seen = await look();
    if (seen) return seen;
  }
  throw new Error(`${what()}: not in 15 s`);
}

const rules = () => vscode.languages.getDiagnostics(TASKS).map((it) => it.code?.value ?? it.code);
const found = (...wanted) =>
  until(() => `findings ${wanted}, not ${rules()}`, () => `${rules().sort()}` === `${wanted.sort()}`);

function define() {
  suite('traceline', () => {
    let extension;
    suiteSetup(async () => {
      extension = vscode.extensions.getExtension('traceline.traceline');
      await extension.activate();
      await until(() => 'a server', () => servers().length === 1);
    });

    test('finds what is wrong in files that nobody opened', async () => {
      assert.equal(vscode.workspace.textDocuments.filter((it) => it.languageId === 'markdown').length, 0);
      await found('unknown-requirement', 'duplicate-reference');
    });

    test('is up in less than 50 ms of its own', () => {
      const marks = globalThis.MonacoPerformanceMarks.getMarks();
      const at = (name) => marks.findLast((it) => it.name === `code/extHost/${name}/traceline.traceline`).startTime;
      const load = at('didLoadExtensionCode') - at('willLoadExtensionCode');
      const activate = at('didActivateExtension') - at('willActivateExtension');
      console.log(`  activation: ${load} ms to load the code, ${activate} ms to activate`);
      assert.ok(load + activate < 50);
    });

    test('runs the server that came with it', () => {
      const [{ program }] = servers();
      assert.equal(program, path.join(extension.extensionPath, 'server/traceline'));
    });

    test('has its commands', async () => {
      const all = await vscode.commands.getCommands(true);
      for (const { command } of extension.packageJSON.contributes.commands) assert.ok(all.includes(command), command);
    });

    test('restarts on command, with one server afterwards', async () => {
      const [before] = servers();
      await vscode.commands.executeCommand('traceline.restart');
      const [after, ...more] = servers();
      assert.notEqual(after.id, before.id);
      assert.deepEqual(more, []);
      await found('unknown-requirement', 'duplicate-reference');
    });

    test('heeds the levels of rules, at once and back', async () => {
      await set('rules', { 'duplicate-reference': 'off', 'unknown-requirement': 'error' });
      await found('unknown-requirement');
      await until(() => 'an error', () => {
        const [finding] = vscode.languages.getDiagnostics(TASKS);
        return finding?.severity === vscode.DiagnosticSeverity.Error;
      });
      await set('rules', undefined);
      await found('unknown-requirement', 'duplicate-reference');
    });

    test('starts the server that the setting names, as soon as it does', async () => {
      const other = path.join(FOLDER.fsPath, 'traceline');
      fs.copyFileSync(servers()[0].program, other);
      fs.chmodSync(other, 0o755);
      await set('server.path', '${workspaceFolder}/traceline');
      await until(() => 'the other server', () => isOnly((it) => it.program === other));
      await set('server.path', undefined);
      await until(() => 'its own server', () => isOnly((it) => it.program !== other));
    });

    test('writes messages to the log when asked to', async () => {
      const logs = () => {
        const folder = path.resolve(FOLDER.fsPath, '../data/data/logs');
        const files = fs.readdirSync(folder, { recursive: true }).filter((it) => it.endsWith('Traceline.log'));
        return files.map((it) => fs.readFileSync(path.join(folder, it), 'utf8')).join('');
      };
      assert.match(logs(), /starts .*server\/traceline/);
      assert.doesNotMatch(logs(), /textDocument\/hover/);
      await set('trace.server', 'messages');
      await vscode.workspace.openTextDocument(TASKS);
      const hover = () =>
        vscode.commands.executeCommand('vscode.executeHoverProvider', TASKS, new vscode.Position(5, 20));
      await until(() => 'a trace', async () => (await hover()).length > 0 && /textDocument\/hover/.test(logs()));
      await set('trace.server', undefined);
    });

    test('starts a server again that was killed, and tells it what is open and not saved', async () => {
      const document = await vscode.workspace.openTextDocument(TASKS);
      await vscode.window.showTextDocument(document);
      const edit = new vscode.WorkspaceEdit();
      const line = document.lineAt(document.lineCount - 2).text;
      edit.insert(TASKS, new vscode.Position(document.lineCount - 2, line.indexOf('_Req') + 15), 'FR-7.7, ');
      await vscode.workspace.applyEdit(edit);
      await found('unknown-requirement', 'unknown-requirement', 'duplicate-reference');
      const [before] = servers();
      process.kill(before.id, 'SIGKILL');
      await until(() => 'another server', () => isOnly((it) => it.id !== before.id));
      await found('unknown-requirement', 'unknown-requirement', 'duplicate-reference');
      await until(() => 'an answer', async () => {
        const at = new vscode.Position(5, 20);
        return (await vscode.commands.executeCommand('vscode.executeHoverProvider', TASKS, at)).length > 0;
      });
      assert.equal(document.isDirty, true);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await until(
        () => `a document as on disk, dirty ${document.isDirty}, active ${vscode.window.activeTextEditor?.document.uri}`,
        () => !document.isDirty && !document.getText().includes('FR-7.7'),
      );
      await found('unknown-requirement', 'duplicate-reference');
    });
  });
}
