/** The `ollama` package: chat, generation and embeddings of a local server. */
import type { Exchange } from '../exchange.ts';
import { combineUndos, type Integration, type Undo } from '../integration.ts';
import { observeCalls, type CallFacts } from '../observe-call.ts';
import type { Recorder } from '../recorder.ts';
import { exportOf, prototypeAt, valueAt } from './exports-shape.ts';
import { textAt } from './json-shape.ts';
import { ollamaChat, ollamaEmbeddings, ollamaGenerate } from './ollama-chat.ts';
import { hostOf } from './stainless.ts';

export const ollama: Integration = {
  module: 'ollama',
  versions: '>=0 <1',
  files: ['dist/index.mjs', 'dist/index.cjs'],
  install: installOllama,
};

const METHODS: readonly (readonly [method: string, exchange: Exchange])[] = [
  ['chat', ollamaChat],
  ['generate', ollamaGenerate],
  ['embed', ollamaEmbeddings],
  ['embeddings', ollamaEmbeddings],
];

function installOllama(exports: unknown, recorder: Recorder): Undo | undefined {
  const own = prototypeAt(exportOf(exports, 'Ollama'));
  if (typeof own !== 'object' || own === null) return undefined;
  // The class for Node extends one that both share with the browser's.
  const shared: unknown = Object.getPrototypeOf(own);
  return combineUndos(
    METHODS.map(([method, exchange]) => {
      const target = Object.hasOwn(own, method) ? own : shared;
      return observeCalls(target, method, recorder, exchange, readFacts);
    }),
  );
}

function readFacts(client: unknown, [request]: readonly unknown[]): CallFacts {
  return {
    request,
    model: textAt(request, 'model'),
    provider: 'ollama',
    host: hostOf(textAt(valueAt(client, 'config'), 'host')),
  };
}
