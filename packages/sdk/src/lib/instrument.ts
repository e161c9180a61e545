/** Puts a span around user code: functions, blocks, methods. */
import type { LiveSpan } from './live-span.ts';
import { isGenerator, observeGenerator } from './observe-generator.ts';
import { observeResult } from './observe.ts';
import { attempt } from './quietly.ts';
import type { Span, SpanOptions } from './span.ts';
import type { Tracer } from './tracer.ts';
import { MLFLOW_KEYS } from './keys.ts';

export type AnyFunction = (...args: never[]) => unknown;

export interface TraceOptions<Args extends readonly unknown[] = readonly never[]> extends Omit<SpanOptions, 'inputs'> {
  /**
   * Names for positional arguments, in order. Default: one object argument is taken as it is, anything else becomes
   * `{args: [...]}`. The source is never parsed: minifiers rename parameters.
   */
  readonly argNames?: readonly string[];
  /** Inputs from the arguments, in place of the above. */
  readonly inputs?: (...args: Args) => unknown;
  /** For generators: outputs from all items. Default: the list of items, at most 1000. */
  readonly outputReducer?: (items: readonly unknown[]) => unknown;
}

/** Runs `fn` in a span that ends with it: at once, or when the promise it returns settles. */
export function runInSpan<T>(tracer: Tracer, options: SpanOptions, fn: (span: Span) => T): T {
  const span = tracer.startSpan(options);
  return watch(span, () => fn(span));
}

/**
 * A function that behaves as `fn` does and leaves a span of each call.
 *
 * A proxy, so that name, length, own properties and `new` are those of the original.
 */
export function wrapFunction<F extends AnyFunction>(tracer: () => Tracer, fn: F, options: TraceOptions<never>): F {
  return new Proxy(fn, {
    apply(target, self: unknown, args: unknown[]): unknown {
      const call = (): unknown => Reflect.apply(target, self, args);
      return callTraced(tracer(), call, spanOptions(target, args, options), options.outputReducer);
    },
  });
}

function callTraced(
  tracer: Tracer,
  call: () => unknown,
  options: SpanOptions,
  reduce: ((items: readonly unknown[]) => unknown) | undefined,
): unknown {
  const parent = tracer.active.get();
  const span = tracer.startSpan(options);
  const result = watch(span, call, isGenerator);
  if (!isGenerator(result)) return result;
  // Calling a generator function runs none of its body: the span is the iteration's.
  return observeGenerator(result, { start: () => tracer.startSpan({ ...options, parent: parent ?? null }), reduce });
}

/** @param isLeftOpen - Results for which the span is given up without ending. */
function watch<T>(span: LiveSpan, fn: () => T, isLeftOpen: (result: unknown) => boolean = () => false): T {
  let result: T;
  try {
    result = span.run(fn);
  } catch (error) {
    span.recordException(error);
    span.end();
    throw error;
  }
  if (isLeftOpen(result)) return result;
  return observeResult(result, {
    onValue(value) {
      if (!span.hasOutputs) span.setOutputs(value);
      span.end();
    },
    onError(error) {
      span.recordException(error);
      span.end();
    },
  });
}

function spanOptions(fn: AnyFunction, args: readonly unknown[], options: TraceOptions<never>): SpanOptions {
  const { argNames: _argNames, inputs: _inputs, outputReducer: _outputReducer, ...rest } = options;
  const functionName = fn.name === '' ? undefined : fn.name;
  const name = options.name ?? functionName;
  return {
    ...rest,
    ...(name === undefined ? {} : { name }),
    inputs: attempt(() => inputsOf(args, options), { args }),
    attributes: {
      ...options.attributes,
      ...(functionName === undefined ? {} : { [MLFLOW_KEYS.functionName]: functionName }),
    },
  };
}

function inputsOf(args: readonly unknown[], { argNames, inputs }: TraceOptions<never>): unknown {
  if (inputs !== undefined) return (inputs as (...given: readonly unknown[]) => unknown)(...args);
  if (argNames !== undefined) {
    return Object.fromEntries(args.map((value, at) => [argNames[at] ?? `arg${at}`, value]));
  }
  const [only] = args;
  if (args.length === 1 && isPlainObject(only)) return only;
  return args.length === 0 ? {} : { args };
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
