/** A provider that answers every chat completion with one recorded answer: frameworks word their requests as they like. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { root } from '../support/run-server.ts';

const RECORDING = join(root, 'examples/recordings/openai/chat.completions-2a84d419.json');

export interface ReplayedProvider {
  readonly url: string;
  close(): void;
}

export async function replayAnyChat(): Promise<ReplayedProvider> {
  const { response_body: answer } = JSON.parse(readFileSync(RECORDING, 'utf8')) as { readonly response_body: string };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const isChat = request.url?.endsWith('/chat/completions') === true;
      response.writeHead(isChat ? 200 : 404, { 'content-type': 'application/json' });
      response.end(isChat ? answer : '{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
