// What vscode-markdown-languageserver needs of its client beyond the protocol: Markdown tokens and files.
// Usage: node vscode-markdown.mjs NPM_FOLDER
import { spawn } from 'node:child_process';
import { readFile, readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = process.argv[2];
const markdown = createRequire(join(folder, 'from-here.js'))('markdown-it')({ html: true });
const entry = join(folder, 'node_modules/vscode-markdown-languageserver/dist/node/workerMain.js');
const server = spawn(process.execPath, [entry, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
server.on('exit', code => process.exit(code ?? 1));
server.stdin.on('error', () => {});
process.stdin.on('end', () => server.stdin.end());

/** Texts of the open documents by URI, as lines: the server parses those, not the files. */
const open = new Map();
let root = '';

/** Calls `take(message, bytes)` for each whole message of a stream. */
function messages(stream, take) {
  let waiting = [];
  let length = 0;
  let wanted = 0;
  stream.on('data', chunk => {
    waiting.push(chunk);
    length += chunk.length;
    if (length < wanted) return;
    let bytes = Buffer.concat(waiting);
    for (wanted = 0; ; ) {
      const head = bytes.indexOf('\r\n\r\n');
      if (head < 0) break;
      const body = head + 4;
      const end = body + Number(/content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))[1]);
      if (bytes.length < end) {
        wanted = end;
        break;
      }
      take(bytes.subarray(body, end), bytes.subarray(0, end));
      bytes = bytes.subarray(end);
    }
    waiting = [bytes];
    length = bytes.length;
  });
}

function apply(lines, { range, text }) {
  if (!range) return text.split('\n');
  const { start, end } = range;
  const last = lines[end.line] ?? '';
  const inserted = ((lines[start.line] ?? '').slice(0, start.character) + text + last.slice(end.character)).split('\n');
  // One line for one line is by far the most frequent edit, and must not move the thousands behind it.
  if (start.line === end.line && inserted.length === 1) lines[start.line] = inserted[0];
  else lines.splice(start.line, end.line - start.line + 1, ...inserted);
  return lines;
}

const heard = {
  initialize: ({ rootUri }) => { root = fileURLToPath(rootUri); },
  'textDocument/didOpen': ({ textDocument: { uri, text } }) => { open.set(uri, text.split('\n')); },
  'textDocument/didClose': ({ textDocument: { uri } }) => { open.delete(uri); },
  'textDocument/didChange': ({ textDocument: { uri }, contentChanges }) => { open.set(uri, contentChanges.reduce(apply, open.get(uri) ?? [''])); },
};

messages(process.stdin, (body, bytes) => {
  const { method, params } = JSON.parse(body);
  heard[method]?.(params);
  server.stdin.write(bytes);
});

const file = ({ uri }) => fileURLToPath(uri);
const answers = {
  'markdown/parse': async params => markdown.parse(params.text ?? open.get(params.uri)?.join('\n') ?? await readFile(file(params), 'utf8'), {}),
  'markdown/fs/readFile': async params => [...await readFile(file(params))],
  'markdown/fs/stat': params => stat(file(params)).then(found => ({ isDirectory: found.isDirectory() }), () => null),
  'markdown/fs/readDirectory': async params => (await readdir(file(params), { withFileTypes: true })).map(found => [found.name, { isDirectory: found.isDirectory() }]),
  'markdown/findMarkdownFilesInWorkspace': async () =>
    (await readdir(root, { recursive: true })).filter(name => name.endsWith('.md')).map(name => pathToFileURL(join(root, name)).href),
  'markdown/fs/watcher/create': () => null,
  'markdown/fs/watcher/delete': () => null,
};

async function answer({ id, method, params }) {
  let outcome;
  try {
    outcome = { result: (await answers[method](params)) ?? null };
  } catch (error) {
    outcome = { error: { code: -32000, message: String(error) } };
  }
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
}

messages(server.stdout, (body, bytes) => {
  // Only a request to the client begins like this; answers hold no method.
  const isOurs = body.toString('latin1', 0, 120).includes('"method":"markdown/');
  if (isOurs) answer(JSON.parse(body));
  else process.stdout.write(bytes);
});
