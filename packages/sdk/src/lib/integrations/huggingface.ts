/**
 * The `@huggingface/inference` package.
 *
 * Its client copies plain functions into each instance as fixed properties, so nothing can be replaced later: the
 * functions themselves are, in the files that define them, before clients are made.
 */
import type { Exchange } from '../exchange.ts';
import { combineUndos, type Integration, type Undo } from '../integration.ts';
import { observeCalls, type CallFacts } from '../observe-call.ts';
import type { Recorder } from '../recorder.ts';
import { huggingFaceChat, huggingFaceEmbedding, huggingFaceText } from './huggingface-tasks.ts';
import { mapAt, textAt } from './json-shape.ts';
import { hostOf } from './stainless.ts';

const TASKS: readonly (readonly [task: string, exchange: Exchange])[] = [
  ['chatCompletion', huggingFaceChat],
  ['chatCompletionStream', huggingFaceChat],
  ['textGeneration', huggingFaceText],
  ['textGenerationStream', huggingFaceText],
  ['featureExtraction', huggingFaceEmbedding],
];

export const huggingface: Integration = {
  module: '@huggingface/inference',
  versions: '>=3 <5',
  files: TASKS.flatMap(([task]) => [`dist/esm/tasks/nlp/${task}.js`, `dist/commonjs/tasks/nlp/${task}.js`]),
  functions: TASKS.map(([task]) => task),
  install: installHuggingFace,
};

/** `exports` is one of the files above: CommonJS exports, or an object that stands for the module's own bindings. */
function installHuggingFace(exports: unknown, recorder: Recorder): Undo | undefined {
  return combineUndos(TASKS.map(([task, exchange]) => observeCalls(exports, task, recorder, exchange, readFacts)));
}

function readFacts(_self: unknown, [request, options]: readonly unknown[]): CallFacts {
  const { accessToken: _token, ...rest } = mapAt({ request }, 'request');
  return {
    request: rest,
    model: textAt(rest, 'model'),
    provider: textAt(rest, 'provider') ?? 'huggingface',
    host: hostOf(textAt(rest, 'endpointUrl') ?? textAt(options, 'endpointUrl')) || 'router.huggingface.co',
  };
}
