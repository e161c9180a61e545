/** The `groq-sdk` package: OpenAI's shapes from a client of its own. */
import type { Integration } from '../integration.ts';
import { valueAt } from './exports-shape.ts';
import { chatCompletions } from './openai-chat.ts';
import { embeddings } from './openai-embeddings.ts';
import { speech, transcriptions } from './openai-media.ts';
import { endpointOf, observeStainless, type StainlessMethod } from './stainless.ts';

export const groq: Integration = {
  module: 'groq-sdk',
  versions: '>=0 <2',
  files: ['index.js', 'index.mjs'],
  install: (exports, recorder) =>
    observeStainless(valueAt(exports, 'Groq') ?? valueAt(exports, 'default'), METHODS, endpointOf('groq'), recorder),
};

const METHODS: readonly StainlessMethod[] = [
  [['Chat', 'Completions'], 'create', chatCompletions],
  [['Embeddings'], 'create', embeddings],
  [['Audio', 'Speech'], 'create', speech],
  [['Audio', 'Transcriptions'], 'create', transcriptions],
  [['Audio', 'Translations'], 'create', transcriptions],
];
