/** The `together-ai` package: OpenAI's shapes from a client of its own. */
import type { Integration } from '../integration.ts';
import { valueAt } from './exports-shape.ts';
import { rerank } from './cohere-rerank.ts';
import { chatCompletions } from './openai-chat.ts';
import { textCompletions } from './openai-completions.ts';
import { embeddings } from './openai-embeddings.ts';
import { images } from './openai-media.ts';
import { endpointOf, observeStainless, type StainlessMethod } from './stainless.ts';

export const together: Integration = {
  module: 'together-ai',
  versions: '>=0 <1',
  files: ['index.js', 'index.mjs'],
  install: (exports, recorder) =>
    observeStainless(
      valueAt(exports, 'Together') ?? valueAt(exports, 'default'),
      METHODS,
      endpointOf('together_ai'),
      recorder,
    ),
};

const METHODS: readonly StainlessMethod[] = [
  [['Chat', 'Completions'], 'create', chatCompletions],
  [['Completions'], 'create', textCompletions],
  [['Embeddings'], 'create', embeddings],
  [['Images'], 'create', images],
  [['Images'], 'generate', images],
  [['RerankResource'], 'create', rerank],
  [['Rerank'], 'create', rerank],
];
