/** The `cohere-ai` package: chat of both APIs, embeddings and reranking. */
import type { Exchange } from '../exchange.ts';
import { combineUndos, type Integration, type Undo } from '../integration.ts';
import { observeCalls, type CallFacts } from '../observe-call.ts';
import type { Recorder } from '../recorder.ts';
import { cohereChat, cohereEmbeddings } from './cohere-chat.ts';
import { rerank } from './cohere-rerank.ts';
import { exportOf, prototypeAt, valueAt } from './exports-shape.ts';
import { isMap, textAt } from './json-shape.ts';
import { hostOf } from './stainless.ts';
import { toSnakeKeys } from './snake-keys.ts';

export const cohere: Integration = {
  module: 'cohere-ai',
  versions: '>=7 <9',
  files: ['index.js'],
  install: installCohere,
};

const METHODS: readonly (readonly [method: string, exchange: Exchange])[] = [
  ['chat', unwrapping(cohereChat)],
  ['chatStream', unwrapping(cohereChat)],
  ['embed', unwrapping(cohereEmbeddings)],
  ['rerank', unwrapping(rerank)],
];

function installCohere(exports: unknown, recorder: Recorder): Undo | undefined {
  const ClientV2 = exportOf(exports, 'CohereClientV2');
  // The class of the second API is not exported, only reached through a client. Making one sends nothing.
  const client: unknown =
    typeof ClientV2 === 'function' ? Reflect.construct(ClientV2, [{ token: 'unused' }]) : undefined;
  const second = prototypeOf(valueAt(client, 'clientV2'));
  // `CohereClient` is a subclass by hand of the generated class, which others extend too.
  const first = prototypeOf(prototypeAt(exportOf(exports, 'CohereClient')));
  return combineUndos([second, first].flatMap((target) => METHODS.map((method) => observe(target, method, recorder))));
}

/**
 * Since 8 the public methods wrap a private one, so that `withRawResponse()` works; clients bind the public ones when
 * they are made, and call the private ones late.
 */
function observe(target: unknown, [method, exchange]: (typeof METHODS)[number], recorder: Recorder): Undo | undefined {
  return (
    observeCalls(target, `__${method}`, recorder, exchange, readFacts) ??
    observeCalls(target, method, recorder, exchange, readFacts)
  );
}

function prototypeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (Object.getPrototypeOf(value) as unknown) : undefined;
}

/** The private methods give `{data, rawResponse}`. Names are spelled as the API spells them. */
function unwrapping(exchange: Exchange): Exchange {
  return {
    ...exchange,
    describeRequest: (request) => exchange.describeRequest(toSnakeKeys(request)),
    describeResponse: (response) => exchange.describeResponse(toSnakeKeys(unwrap(response))),
    streamIn: unwrap,
  };
}

function unwrap(response: unknown): unknown {
  return isMap(response) && 'rawResponse' in response ? response['data'] : response;
}

function readFacts(client: unknown, [request]: readonly unknown[]): CallFacts {
  const environment = valueAt(client, '_options', 'environment') ?? valueAt(client, '_options', 'baseUrl');
  return {
    request,
    model: textAt(request, 'model'),
    provider: 'cohere',
    host: hostOf(typeof environment === 'string' ? environment : undefined) || 'api.cohere.com',
  };
}
