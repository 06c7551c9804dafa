// Which binary is started: the one of the setting, else the one inside the extension, else the one on the path.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

export const INSTALL_PAGE = 'https://github.com/traceline/traceline#readme';
const NAME = process.platform === 'win32' ? 'traceline.exe' : 'traceline';

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
  const places = [context.asAbsolutePath('server'), ...onPath].map((it) => path.join(it, NAME));
  const command = places.find(runs);
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
