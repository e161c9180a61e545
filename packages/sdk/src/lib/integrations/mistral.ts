/** The `@mistralai/mistralai` package: chat, agents, fill-in-the-middle and embeddings. */
import type { Exchange } from '../exchange.ts';
import { combineUndos, type Integration, type Undo } from '../integration.ts';
import { observeCalls, type CallFacts } from '../observe-call.ts';
import type { Recorder } from '../recorder.ts';
import { exportOf, valueAt } from './exports-shape.ts';
import { textAt } from './json-shape.ts';
import { mistralChat, mistralEmbeddings } from './mistral-chat.ts';

export const mistral: Integration = {
  module: '@mistralai/mistralai',
  versions: '>=1 <3',
  files: ['esm/index.js', 'index.js'],
  install: installMistral,
};

/** `parse` does not go through `complete`, nor `parseStream` through `stream`. */
const METHODS: readonly (readonly [part: string, method: string, exchange: Exchange])[] = [
  ['chat', 'complete', mistralChat],
  ['chat', 'stream', mistralChat],
  ['chat', 'parse', mistralChat],
  ['chat', 'parseStream', mistralChat],
  ['agents', 'complete', mistralChat],
  ['agents', 'stream', mistralChat],
  ['fim', 'complete', mistralChat],
  ['fim', 'stream', mistralChat],
  ['embeddings', 'create', mistralEmbeddings],
];

function installMistral(exports: unknown, recorder: Recorder): Undo | undefined {
  const Mistral = exportOf(exports, 'Mistral');
  if (typeof Mistral !== 'function') return undefined;
  // The parts' classes are not exported, only reached through a client. Making one sends nothing.
  const client: unknown = Reflect.construct(Mistral, [{ apiKey: 'unused' }]);
  return combineUndos(
    METHODS.map(([part, method, exchange]) =>
      observeCalls(prototypeOf(valueAt(client, part)), method, recorder, exchange, readFacts),
    ),
  );
}

function prototypeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (Object.getPrototypeOf(value) as unknown) : undefined;
}

function readFacts(part: unknown, [request]: readonly unknown[]): CallFacts {
  const baseUrl = valueAt(part, '_baseURL');
  return {
    request,
    model: textAt(request, 'model') ?? textAt(request, 'agentId'),
    provider: 'mistral_ai',
    host: baseUrl instanceof URL ? baseUrl.host : '',
  };
}
