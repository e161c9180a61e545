/** The `openai` package: chat completions, responses, completions, embeddings, images, audio and moderations. */
import type { Undo, Integration } from '../integration.ts';
import type { Recorder } from '../recorder.ts';
import { valueAt } from './exports-shape.ts';
import { isMap, textAt } from './json-shape.ts';
import { chatCompletions } from './openai-chat.ts';
import { textCompletions } from './openai-completions.ts';
import { embeddings } from './openai-embeddings.ts';
import { images, moderations, speech, transcriptions } from './openai-media.ts';
import { findEndpoint } from './openai-provider.ts';
import { responses } from './openai-responses.ts';
import { observeStainless, type StainlessMethod } from './stainless.ts';

export const openai: Integration = {
  module: 'openai',
  versions: '>=4 <8',
  files: ['index.js', 'index.mjs', 'client.js', 'client.mjs'],
  install: installOpenai,
};

/** The same in all majors. `parse`, `stream` and `runTools` call these. */
const METHODS: readonly StainlessMethod[] = [
  [['Chat', 'Completions'], 'create', chatCompletions],
  [['Responses'], 'create', responses],
  [['Completions'], 'create', textCompletions],
  [['Embeddings'], 'create', embeddings],
  [['Images'], 'generate', images],
  [['Images'], 'edit', images],
  [['Images'], 'createVariation', images],
  [['Audio', 'Speech'], 'create', speech],
  [['Audio', 'Transcriptions'], 'create', transcriptions],
  [['Audio', 'Translations'], 'create', transcriptions],
  [['Moderations'], 'create', moderations],
];

function installOpenai(exports: unknown, recorder: Recorder): Undo | undefined {
  const client = valueAt(exports, 'OpenAI') ?? valueAt(exports, 'default');
  return observeStainless(client, METHODS, endpointOfClient, recorder);
}

function endpointOfClient(client: unknown): ReturnType<typeof findEndpoint> {
  return findEndpoint(textAt(client, 'baseURL') ?? '', isMap(client) && 'deploymentName' in client);
}
