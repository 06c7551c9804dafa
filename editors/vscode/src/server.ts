// Which program is started: that of the setting, else the one inside the extension, else one on the path (npm's `.cmd` too).
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

export const INSTALL_PAGE = 'https://github.com/traceline/traceline#readme';
const ENDS = process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE;.CMD').toLowerCase().split(';') : [''];

export function findServer(context: vscode.ExtensionContext): { command: string } | { fault: string } {
  // Restricted in package.json: in a window that is not trusted, VS Code leaves out what the workspace says here.
  const set = vscode.workspace.getConfiguration('traceline').get('server.path', '').trim();
  if (set !== '') {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const command = set.replace(/^~(?=[/\\])/, os.homedir()).replace('${workspaceFolder}', folder);
    if (!path.isAbsolute(command)) return { fault: `traceline.server.path must be an absolute path, not ${set}` };
    return runs(command) ? { command } : { fault: `there is no program at ${command} (traceline.server.path)` };
  }
  const onPath = (process.env.PATH ?? '').split(path.delimiter).filter((it) => path.isAbsolute(it));
  const folders = [context.asAbsolutePath('server'), ...onPath];
  const command = folders.flatMap((it) => ENDS.map((end) => path.join(it, `traceline${end}`))).find(runs);
  return command ? { command } : { fault: 'the server `traceline` is neither in the extension nor on the PATH' };
}

function runs(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
