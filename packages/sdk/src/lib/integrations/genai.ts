/** The `@google/genai` package: generation, streamed or not, embeddings and images, on Gemini and Vertex. */
import type { Exchange } from '../exchange.ts';
import { combineUndos, type Integration, type Undo } from '../integration.ts';
import { observeCalls, type CallFacts } from '../observe-call.ts';
import type { Recorder } from '../recorder.ts';
import { attempt } from '../quietly.ts';
import { exportOf, prototypeAt, valueAt } from './exports-shape.ts';
import { geminiContent, geminiEmbedding, geminiImages } from './genai-content.ts';
import { textAt } from './json-shape.ts';

export const genai: Integration = {
  module: '@google/genai',
  versions: '>=1 <4',
  files: ['dist/node/index.mjs', 'dist/node/index.cjs', 'dist/node/index.js'],
  install: installGenai,
};

/**
 * The public methods are arrow functions of each instance; these lie below them, on the prototype, one call each per
 * request. A chat and automatic function calling go through them too.
 */
const METHODS: readonly (readonly [method: string, exchange: Exchange])[] = [
  ['generateContentInternal', geminiContent],
  ['generateContentStreamInternal', geminiContent],
  ['embedContentInternal', geminiEmbedding],
  // Before 2 this one is on the prototype itself.
  ['embedContent', geminiEmbedding],
  ['generateImagesInternal', geminiImages],
];

function installGenai(exports: unknown, recorder: Recorder): Undo | undefined {
  const models = prototypeAt(exportOf(exports, 'Models'));
  return combineUndos(METHODS.map(([method, exchange]) => observeCalls(models, method, recorder, exchange, readFacts)));
}

function readFacts(models: unknown, [request]: readonly unknown[]): CallFacts {
  const options = valueAt(models, 'apiClient', 'clientOptions');
  const isVertex = valueAt(options, 'vertexai') === true || valueAt(options, 'enterprise') === true;
  const baseUrl = attempt(() => textAt(valueAt(options, 'httpOptions'), 'baseUrl'), undefined) ?? '';
  return {
    request,
    model: textAt(request, 'model')?.replace(/^(?:.*\/)?models\//, ''),
    provider: isVertex ? 'gcp.vertex_ai' : 'gcp.gemini',
    host: URL.canParse(baseUrl) ? new URL(baseUrl).host : '',
  };
}
