// The protocol's client, and the one command that the protocol has no words for.
import * as vscode from 'vscode';
import { LanguageClient, type Location, type Position, RevealOutputChannelOn, State } from 'vscode-languageclient/node';

export type ServerState = 'starting' | 'running' | 'stopped';
export function connect(
  command: string,
  documentSelector: { language: string; scheme: string }[],
  outputChannel: vscode.LogOutputChannel,
  tell: (state: ServerState, version?: string) => void,
): LanguageClient {
  const shell = /\.(cmd|bat)$/i.test(command); // which would split a path at its blanks
  const executable = { command: shell ? `"${command}"` : command, args: ['server'], options: { shell } };
  const client: LanguageClient = new LanguageClient('traceline', 'Traceline', executable, {
    documentSelector,
    outputChannel,
    traceOutputChannel: traceChannel(outputChannel),
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      executeCommand: (name, args, next) =>
        name === 'traceline.showReferences' ? showReferences(client, args, next(name, args)) : next(name, args),
    },
  });
  client.onDidChangeState(({ newState }) => {
    const state = newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped';
    tell(state, client.initializeResult?.serverInfo?.version);
  });
  return client;
}

/** Opens the editor's own list of what the server answers, in the editor's types rather than the protocol's. */
async function showReferences(client: LanguageClient, [uri, at]: unknown[], answer: unknown): Promise<unknown> {
  const convert = client.protocol2CodeConverter;
  const places = ((await answer) as Location[]).map((it) => convert.asLocation(it));
  const from = [convert.asUri(uri as string), convert.asPosition(at as Position)];
  return vscode.commands.executeCommand('editor.action.showReferences', ...from, places);
}

/** Where messages are traced to. Its level follows the setting, where the library wants the log's own level changed. */
function traceChannel(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const wanted = () => vscode.workspace.getConfiguration('traceline').get('trace.server') !== 'off';
  const level = () => vscode.LogLevel[wanted() ? 'Trace' : 'Info'];
  return Object.create(log, {
    logLevel: { get: level },
    onDidChangeLogLevel: {
      value: (tell: (level: vscode.LogLevel) => void) =>
        vscode.workspace.onDidChangeConfiguration((it) => it.affectsConfiguration('traceline.trace') && tell(level())),
    },
    trace: { value: log.info.bind(log) },
  });
}
