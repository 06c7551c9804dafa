// The protocol's client, and the commands that the protocol has no words for.
import * as vscode from 'vscode';
import { LanguageClient, type Location, type Position, RevealOutputChannelOn, State } from 'vscode-languageclient/node';

const STATES: Record<number, ServerState> = { [State.Running]: 'running', [State.Starting]: 'starting' };
export type ServerState = 'starting' | 'running' | 'stopped';
type Question = { name: string; title: string; prompt: string; choices?: (vscode.QuickPickItem & { value: string })[] };
type Next = (name: string, args: unknown[]) => vscode.ProviderResult<{ questions?: Question[] } & Location[]>;
type Own = { documentSelector: { language: string; scheme: string }[]; outputChannel: vscode.LogOutputChannel };
const OWN = { commands: { commands: ['traceline.retire', 'traceline.showReferences'] } };
export function connect(command: string, own: Own, tell: (state: ServerState, version?: string) => void) {
  const shell = /\.(cmd|bat)$/i.test(command); // which would split a path at its blanks
  const executable = { command: shell ? `"${command}"` : command, args: ['server'], options: { shell } };
  const reveal = { revealOutputChannelOn: RevealOutputChannelOn.Never };
  const shown = { ...own, traceOutputChannel: traceChannel(own.outputChannel), ...reveal };
  const middleware = { executeCommand: (...args: [string, unknown[], Next]) => execute(client, ...args) };
  const client: LanguageClient = new LanguageClient('traceline', 'Traceline', executable, { ...shown, middleware });
  const fillClientCapabilities = (it: { experimental?: unknown }) => void Object.assign(it, { experimental: OWN });
  client.registerFeature({ fillClientCapabilities, initialize() {}, getState: () => ({ kind: 'static' }), clear() {} });
  client.onDidChangeState((it) => tell(STATES[it.newState] ?? 'stopped', client.initializeResult?.serverInfo?.version));
  return client;
}

/** Asks the user what the server wants to know, one thing after the other; nothing where one is left open. */
async function ask(questions: Question[]): Promise<Record<string, string> | undefined> {
  const said: Record<string, string> = {};
  for (const { name, title, prompt, choices } of questions) {
    const list = { title, placeHolder: prompt, matchOnDescription: true, ignoreFocusOut: true };
    const line = { title, prompt, ignoreFocusOut: true, validateInput: (it: string) => (it.trim() ? '' : prompt) };
    const picked = choices && (await vscode.window.showQuickPick(choices, list))?.value;
    const answer = choices ? picked : await vscode.window.showInputBox(line);
    if (answer === undefined) return undefined;
    said[name] = answer;
  }
  return said;
}

/** Opens the editor's own list of places that are answered, in its types, and asks the user what the server wants to know. */
async function execute({ protocol2CodeConverter: to }: LanguageClient, name: string, args: unknown[], next: Next) {
  const answer = await next(name, args);
  if (name === 'traceline.showReferences') {
    const places = answer?.map((it) => to.asLocation(it));
    const all = [to.asUri(args[0] as string), to.asPosition(args[1] as Position), places];
    return vscode.commands.executeCommand('editor.action.showReferences', ...all);
  }
  const said = answer?.questions && (await ask(answer.questions));
  return answer?.questions ? said && next(name, [...args, said]) : answer;
}

/** Where messages are traced to. Its level follows the setting, where the library wants the log's own level changed. */
function traceChannel(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const wanted = () => vscode.workspace.getConfiguration('traceline').get('trace.server') !== 'off';
  const level = () => vscode.LogLevel[wanted() ? 'Trace' : 'Info'];
  const onDidChangeLogLevel = (tell: (level: vscode.LogLevel) => void) =>
    vscode.workspace.onDidChangeConfiguration((it) => it.affectsConfiguration('traceline.trace') && tell(level()));
  const trace = { value: log.info.bind(log) };
  return Object.create(log, { logLevel: { get: level }, onDidChangeLogLevel: { value: onDidChangeLogLevel }, trace });
}
