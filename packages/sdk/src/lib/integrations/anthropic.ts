/** The `@anthropic-ai/sdk` package: messages, plain and beta. */
import { combineUndos, type Integration, type Undo } from '../integration.ts';
import { tellOfParsedResponse } from '../observe-api-promise.ts';
import { observeMethod } from '../observe-method.ts';
import { quietly } from '../quietly.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { valueAt } from './exports-shape.ts';
import { textAt } from './json-shape.ts';
import { hostOf, observeStainless, type ReadEndpoint, type StainlessMethod } from './stainless.ts';

export const anthropic: Integration = {
  module: '@anthropic-ai/sdk',
  versions: '>=0 <2',
  files: ['index.js', 'index.mjs', 'client.js', 'client.mjs', 'core/streaming.js', 'core/streaming.mjs'],
  install: (exports, recorder) =>
    combineUndos([
      observeStainless(clientOf(exports), METHODS, endpointOfClient, recorder),
      observeStreams(valueAt(exports, 'Stream')),
    ]),
};

function clientOf(exports: unknown): unknown {
  return valueAt(exports, 'Anthropic') ?? valueAt(exports, 'default');
}

/** Where threads and the streaming tool runner make a stream of a response. */
function observeStreams(streamClass: unknown): Undo | undefined {
  return observeMethod(streamClass, 'fromSSEResponse', (original) => {
    return function fromSSEResponse(this: unknown, ...args) {
      const stream = original.apply(this, args);
      quietly(() => tellOfParsedResponse(args[0], stream));
      return stream;
    };
  });
}

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
