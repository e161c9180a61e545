/** The `openai` package: chat completions, responses and embeddings. */
import { observeCall, type CallFacts } from '../observe-call.ts';
import { observeMethod } from '../observe-method.ts';
import type { Tracer } from '../tracer.ts';
import type { Exchange } from '../exchange.ts';
import type { Integration } from '../integration.ts';
import { isMap, mapAt, textAt } from './json-shape.ts';
import { chatCompletions } from './openai-chat.ts';
import { embeddings } from './openai-embeddings.ts';
import { findEndpoint } from './openai-provider.ts';
import { responses } from './openai-responses.ts';

export const openai: Integration = {
  module: 'openai',
  versions: '>=4 <8',
  files: ['index.js', 'index.mjs', 'client.js', 'client.mjs'],
  install: installOpenai,
};

/** Where the classes hang on the client class; the same in all majors. `parse`, `stream` and `runTools` call these. */
const METHODS: readonly (readonly [path: readonly string[], exchange: Exchange])[] = [
  [['Chat', 'Completions'], chatCompletions],
  [['Responses'], responses],
  [['Embeddings'], embeddings],
];

function installOpenai(exports: unknown, tracer: Tracer): () => void {
  const client = propertyOf(exports, 'OpenAI') ?? propertyOf(exports, 'default');
  const undos = METHODS.map(([path, exchange]) => {
    const prototype = propertyOf(path.reduce(propertyOf, client), 'prototype');
    if (typeof prototype !== 'object' || prototype === null) return () => {};
    return observeMethod(prototype, 'create', (original) => {
      return function create(this: unknown, ...args) {
        const [request] = args;
        const facts = (): CallFacts => ({ request, model: textAt(request, 'model'), ...endpointOf(this) });
        return observeCall(tracer, exchange, facts, () => original.apply(this, args));
      };
    });
  });
  return () => undos.forEach((undo) => undo());
}

function propertyOf(value: unknown, name: string): unknown {
  const hasProperties = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return hasProperties ? (Reflect.get(value, name) as unknown) : undefined;
}

function endpointOf(resource: unknown): ReturnType<typeof findEndpoint> {
  const client = mapAt(resource, '_client');
  const baseUrl = textAt(client, 'baseURL') ?? '';
  return findEndpoint(baseUrl, isMap(client) && 'deploymentName' in client);
}
