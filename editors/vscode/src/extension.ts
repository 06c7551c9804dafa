// Starts the server in a window that holds documents for it, and stays out of every other one.
import * as vscode from 'vscode';
import { Session } from './session';

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const start = () => {
    session ??= new Session(context);
    return session.restart();
  };
  const showLog = () => (session ? session.log.show() : start().then(() => session?.log.show()));

  // The files that wake VS Code up are listed once, in package.json. Any Markdown file wakes it up as well, so that a
  // document written into an empty folder is seen.
  const events: string[] = context.extension.packageJSON.activationEvents;
  const wanted = events.filter((it) => it.startsWith('workspaceContains:')).map((it) => it.split(':')[1]);
  const pattern = `{${wanted.join(',')}}`;
  const isWanted = (it: vscode.TextDocument) => vscode.languages.match({ scheme: 'file', pattern }, it) > 0;
  const look = async () => {
    const open = vscode.workspace.textDocuments.some(isWanted);
    const found = open || (await vscode.workspace.findFiles(pattern, undefined, 1)).length > 0;
    if (found && session === undefined) start();
  };
  // A folder counts as well: of what is written together with it, VS Code may tell the folder alone.
  let soon: NodeJS.Timeout | undefined;
  const created = vscode.workspace.createFileSystemWatcher('**/*', false, true, true);
  context.subscriptions.push(
    created,
    created.onDidCreate((it) => {
      if (session !== undefined || !/(\/[^.]+|\.md|\.toml)$/.test(it.path)) return;
      clearTimeout(soon);
      soon = setTimeout(look, 300);
    }),
    vscode.commands.registerCommand('traceline.restart', start),
    vscode.commands.registerCommand('traceline.showLog', showLog),
    vscode.workspace.onDidOpenTextDocument((it) => session === undefined && isWanted(it) && start()),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    // Also told when the workspace becomes trusted, and a path that it sets begins to count.
    vscode.workspace.onDidChangeConfiguration(
      (it) => session && it.affectsConfiguration('traceline.server.path') && start(),
    ),
  );
  look();
}

export const deactivate = (): Promise<void> | undefined => session?.stop();
