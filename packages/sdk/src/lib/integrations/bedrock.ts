/** The `@aws-sdk/client-bedrock-runtime` package: Converse and InvokeModel, streamed or not. */
import type { Exchange } from '../exchange.ts';
import type { Integration, Undo } from '../integration.ts';
import { observeCall, type CallFacts } from '../observe-call.ts';
import { observeMethod } from '../observe-method.ts';
import type { Recorder } from '../recorder.ts';
import type { Method } from '../replace-method.ts';
import { converse } from './bedrock-converse.ts';
import { invokeEmbedding, invokeModel } from './bedrock-invoke.ts';
import { exportOf, prototypeAt, valueAt } from './exports-shape.ts';
import { mapAt, textAt } from './json-shape.ts';

export const bedrock: Integration = {
  module: '@aws-sdk/client-bedrock-runtime',
  versions: '>=3 <4',
  files: ['dist-cjs/index.js', 'dist-es/index.js'],
  install: installBedrock,
};

const COMMANDS: readonly (readonly [command: string, pick: (model: string) => Exchange])[] = [
  ['ConverseCommand', () => converse],
  ['ConverseStreamCommand', () => converse],
  ['InvokeModelCommand', pickInvoke],
  ['InvokeModelWithResponseStreamCommand', pickInvoke],
];

/** Everything goes through `send`, which all of AWS's clients inherit: ours is put on this one's prototype alone. */
function installBedrock(exports: unknown, recorder: Recorder): Undo | undefined {
  const classes = COMMANDS.map(([name, pick]) => ({ type: exportOf(exports, name), pick }));
  const exchangeOf = (command: unknown): Exchange | undefined => {
    const found = classes.find(({ type }) => typeof type === 'function' && command instanceof type);
    return found?.pick(textAt(mapAt(command, 'input'), 'modelId') ?? '');
  };
  return observeMethod(prototypeAt(exportOf(exports, 'BedrockRuntimeClient')), 'send', (original) => {
    return function send(this: unknown, ...args) {
      const exchange = exchangeOf(args[0]);
      if (exchange === undefined) return original.apply(this, args);
      const callback = args.findLast((argument) => typeof argument === 'function');
      const call =
        callback === undefined ? () => original.apply(this, args) : () => asPromise(original, this, args, callback);
      const result = observeCall(recorder, exchange, () => readFacts(this, args[0]), call);
      if (callback === undefined) return result;
      void answer(result, callback as Callback);
      return undefined;
    };
  });
}

type Callback = (error: unknown, output?: unknown) => void;

/** The same call with a callback of ours in place of the user's. */
function asPromise(original: Method, self: unknown, args: readonly unknown[], callback: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ours: Callback = (error, output) => {
      if (error instanceof Error) reject(error);
      else resolve(output);
    };
    original.apply(
      self,
      args.map((argument) => (argument === callback ? ours : argument)),
    );
  });
}

async function answer(result: unknown, callback: Callback): Promise<void> {
  const settled = await settle(result);
  try {
    callback(...settled);
  } catch {
    // AWS's client swallows what a callback throws; so do we.
  }
}

async function settle(result: unknown): Promise<Parameters<Callback>> {
  try {
    return [null, await result];
  } catch (error) {
    return [error];
  }
}

function pickInvoke(model: string): Exchange {
  return /embed/i.test(model) ? invokeEmbedding : invokeModel;
}

function readFacts(client: unknown, command: unknown): CallFacts {
  const request = valueAt(command, 'input');
  const endpoint = valueAt(client, 'initConfig', 'endpoint');
  return {
    request,
    // An inference profile's ARN ends in what people call it.
    model: textAt(request, 'modelId')?.split('/').at(-1),
    provider: 'aws.bedrock',
    host: typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint).host : '',
  };
}
