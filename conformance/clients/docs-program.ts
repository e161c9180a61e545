import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/run-server.ts';

/** The Python snippets of docs/mlflow.md as one program that talks to a server under test. */
export function readDocsProgram(url: string): string {
  const text = readFileSync(join(root, 'docs/mlflow.md'), 'utf8');
  const blocks = [...text.matchAll(/```python\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return `${blocks.join('\n').replaceAll('http://127.0.0.1:5000', url)}\nprint('{"done": true}')\n`;
}
