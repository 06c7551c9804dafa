// One server for all folders of the window: its client, its log and what the status bar says of it.
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ServerState } from './connect';
import { findServer, INSTALL_PAGE } from './server';

const DOCUMENTS = [{ scheme: 'file', language: 'markdown' }];

export class Session {
  readonly log = vscode.window.createOutputChannel('Traceline', { log: true });
  private readonly status = vscode.languages.createLanguageStatusItem('traceline', DOCUMENTS);
  private client: LanguageClient | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly context: vscode.ExtensionContext) {
    this.status.name = 'Traceline';
    context.subscriptions.push(this.log, this.status);
  }

  /** Starts the server anew. Calls queue up, so that two never start two. */
  restart(): Promise<void> {
    this.turn = this.stop().then(() => this.start());
    return this.turn;
  }

  /** Also done with a server that is dead or hangs. */
  stop(): Promise<void> {
    this.turn = this.turn.then(() => this.client?.dispose()).catch((error) => this.log.warn(`${error}`));
    return this.turn;
  }

  private async start(): Promise<void> {
    const server = findServer(this.context);
    if ('fault' in server) return this.miss(server.fault);
    // A bundle of its own, loaded only here: the library is most of the extension.
    const { connect } = await import('./connect');
    this.log.info(`starts ${server.command}`);
    const { command } = server;
    const tell = (state: ServerState, version?: string) => this.show(state, version ?? command);
    this.client = connect(command, { documentSelector: DOCUMENTS, outputChannel: this.log }, tell);
    await this.client.start().catch((error) => this.miss(`${command} does not start: ${error.message ?? error}`));
  }

  private show(state: ServerState, detail: string): void {
    const stopped = state === 'stopped';
    const text = state === 'running' ? 'Traceline' : `Traceline: ${state}`;
    const severity = vscode.LanguageStatusSeverity[stopped ? 'Error' : 'Information'];
    const [title, command] = stopped ? ['Restart', 'traceline.restart'] : ['Show Log', 'traceline.showLog'];
    Object.assign(this.status, { text, detail, busy: state === 'starting', severity, command: { title, command } });
  }

  /** Says what is wrong and offers what can be done; does not wait for the answer. */
  private miss(fault: string): void {
    this.log.error(fault);
    this.show('stopped', fault);
    const offers: Record<string, () => unknown> = {
      'How to Install': () => vscode.env.openExternal(vscode.Uri.parse(INSTALL_PAGE)),
      'Set Path': () => vscode.commands.executeCommand('workbench.action.openSettings', 'traceline.server.path'),
      'Show Log': () => this.log.show(),
    };
    vscode.window.showErrorMessage(`Traceline: ${fault}`, ...Object.keys(offers)).then((it) => it && offers[it]?.());
  }
}
