/** The `@anthropic-ai/sdk` package: messages, plain and beta. */
import type { Integration } from '../integration.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { valueAt } from './exports-shape.ts';
import { textAt } from './json-shape.ts';
import { hostOf, observeStainless, type ReadEndpoint, type StainlessMethod } from './stainless.ts';

export const anthropic: Integration = {
  module: '@anthropic-ai/sdk',
  versions: '>=0 <2',
  files: ['index.js', 'index.mjs', 'client.js', 'client.mjs'],
  install: (exports, recorder) =>
    observeStainless(valueAt(exports, 'Anthropic') ?? valueAt(exports, 'default'), METHODS, endpointOfClient, recorder),
};

/** `stream`, `parse` and the tool runner call these. */
const METHODS: readonly StainlessMethod[] = [
  [['Messages'], 'create', anthropicMessages],
  [['Beta', 'Messages'], 'create', anthropicMessages],
];

/** The clients for Bedrock and Vertex reuse these classes. */
const endpointOfClient: ReadEndpoint = (client) => {
  const host = hostOf(textAt(client, 'baseURL'));
  if (host.includes('amazonaws.com')) return { provider: 'aws.bedrock', host };
  return { provider: host.includes('googleapis.com') ? 'gcp.vertex_ai' : 'anthropic', host };
};
