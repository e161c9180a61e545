import type { MarkdownNode } from '../trace/markdown-node.ts';
import type { MarkdownAnswer, MarkdownRequest } from '../worker/markdown-worker.ts';

/** Milliseconds after which a text is taken to be an attack, and its parser is thrown away. */
const PATIENCE = 1_000;
/** Parsed texts kept for scrolling back and forth. */
const KEPT = 300;

export interface MarkdownClient {
  /** What is known already, without waiting. */
  known(text: string): readonly MarkdownNode[] | undefined;
  /** `undefined` when the text takes too long: show it as it is. */
  parse(text: string): Promise<readonly MarkdownNode[] | undefined>;
}

/** Parses in a worker that starts with the first text. */
export function createMarkdownClient(): MarkdownClient {
  const cache = new Map<string, readonly MarkdownNode[]>();
  const waiting = new Map<number, (nodes: readonly MarkdownNode[] | undefined) => void>();
  let worker: Worker | undefined;
  let lastId = 0;

  const start = (): Worker => {
    const started = new Worker(new URL('../worker/markdown-worker.ts', import.meta.url), { type: 'module' });
    started.addEventListener('message', ({ data }: MessageEvent<MarkdownAnswer>) => {
      waiting.get(data.id)?.(data.nodes);
      waiting.delete(data.id);
    });
    return started;
  };
  const giveUp = (): void => {
    worker?.terminate();
    worker = undefined;
    for (const answer of waiting.values()) answer(undefined);
    waiting.clear();
  };

  return {
    known: (text) => cache.get(text),
    parse(text) {
      worker ??= start();
      lastId += 1;
      const request: MarkdownRequest = { id: lastId, text };
      const target = worker;
      return new Promise((resolve) => {
        const timer = setTimeout(giveUp, PATIENCE);
        waiting.set(request.id, (nodes) => {
          clearTimeout(timer);
          if (cache.size >= KEPT) cache.clear();
          if (nodes !== undefined) cache.set(text, nodes);
          resolve(nodes);
        });
        target.postMessage(request, { transfer: [] });
      });
    },
  };
}
