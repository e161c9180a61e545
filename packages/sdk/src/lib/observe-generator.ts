/**
 * Generators, sync and async: the span lives from the first step to the last.
 *
 * It is active only while the generator's own body runs, so what the consumer does between two items does not nest
 * below it. A generator that is never started has done nothing and leaves no span.
 */
import { CLEW_KEYS } from './keys.ts';
import type { LiveSpan } from './live-span.ts';
import { attempt, quietly } from './quietly.ts';

type AnyGenerator = Generator<unknown, unknown, unknown> | AsyncGenerator<unknown, unknown, unknown>;
type Step = (value?: unknown) => unknown;

export interface GeneratorObservation {
  /** Called at the first step. */
  start(): LiveSpan;
  /** Items to outputs. Default: the list of items. */
  readonly reduce?: ((items: readonly unknown[]) => unknown) | undefined;
}

/** Items kept for the outputs; all are counted. */
const MAX_ITEMS = 1000;

export function isGenerator(value: unknown): value is AnyGenerator {
  const tag = attempt(() => Object.prototype.toString.call(value), '');
  return tag === '[object Generator]' || tag === '[object AsyncGenerator]';
}

/** Gives back a generator of the same prototype that steps the original. */
export function observeGenerator<T extends AnyGenerator>(generator: T, observation: GeneratorObservation): T {
  const recording = createRecording(observation);
  const isAsync = Symbol.asyncIterator in generator;

  function stepping(name: 'next' | 'return' | 'throw'): Step {
    return (value) => {
      // Returning or throwing before the first step runs none of the body.
      const span = name === 'next' ? recording.begin() : recording.span();
      const step = (): unknown => (generator[name] as Step).call(generator, value);
      if (span === undefined) return step();
      return isAsync ? stepAsync(span, step, name) : stepSync(span, step, name);
    };
  }

  function stepSync(span: LiveSpan, step: () => unknown, name: string): unknown {
    try {
      const result = span.run(step);
      recording.onStep(result as IteratorResult<unknown>, name);
      return result;
    } catch (error) {
      recording.onError(error);
      throw error;
    }
  }

  async function stepAsync(span: LiveSpan, step: () => unknown, name: string): Promise<unknown> {
    try {
      const result = await span.run(step);
      recording.onStep(result as IteratorResult<unknown>, name);
      return result;
    } catch (error) {
      recording.onError(error);
      throw error;
    }
  }

  return Object.create(Object.getPrototypeOf(generator) as object, {
    next: { value: stepping('next') },
    return: { value: stepping('return') },
    throw: { value: stepping('throw') },
  }) as T;
}

interface Recording {
  begin(): LiveSpan;
  span(): LiveSpan | undefined;
  onStep(result: IteratorResult<unknown>, name: string): void;
  onError(error: unknown): void;
}

function createRecording(observation: GeneratorObservation): Recording {
  const { reduce } = observation;
  const items: unknown[] = [];
  let count = 0;
  let span: LiveSpan | undefined;

  function finish(isAbandoned: boolean, returned: unknown): void {
    if (span === undefined || span.endTime !== undefined) return;
    span.setAttribute(CLEW_KEYS.streamItems, count);
    if (isAbandoned) span.setAttribute(CLEW_KEYS.streamAbandoned, true);
    if (!span.hasOutputs) span.setOutputs(outputsOf(returned));
    span.end();
  }

  function outputsOf(returned: unknown): unknown {
    if (reduce === undefined) return returned === undefined ? items : { items, returned };
    try {
      return reduce(items);
    } catch {
      return items;
    }
  }

  return {
    begin: () => (span ??= observation.start()),
    span: () => span,
    onStep(result, name) {
      quietly(() => {
        if (result.done === true) return finish(name === 'return', result.value);
        count += 1;
        if (items.length < MAX_ITEMS) items.push(result.value);
      });
    },
    onError(error) {
      quietly(() => {
        span?.recordException(error);
        finish(false, undefined);
      });
    },
  };
}
