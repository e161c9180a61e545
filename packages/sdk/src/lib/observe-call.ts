/**
 * One call of a vendor's client, from its arguments to the end of its answer.
 *
 * The vendor's knowledge comes as an {@link Exchange} of pure functions; this file holds the timing, the context and
 * the rule that nothing we do may change the call.
 */
import { CLEW_KEYS, MLFLOW_KEYS, OTEL_KEYS } from './keys.ts';
import type { Exchange, SpanFields, StreamAssembler } from './exchange.ts';
import type { LiveSpan } from './live-span.ts';
import { isApiPromise, observeApiPromise, type ApiObserver } from './observe-api-promise.ts';
import { observeMethod } from './observe-method.ts';
import { isAnyStream, observeStream, type AnyStream, type StreamEnd } from './observe-stream.ts';
import { observeResult } from './observe.ts';
import { quietly } from './quietly.ts';
import type { Recorder } from './recorder.ts';
import { describeVendorError, isAbort } from './vendor-error.ts';

export interface CallFacts {
  readonly request: unknown;
  readonly model: string | undefined;
  readonly provider: string;
  /** Host and port of the server. */
  readonly host: string;
}

/** How to read a call's facts from the client it is made on and its arguments. */
export type FactsReader = (self: unknown, args: readonly unknown[]) => CallFacts;

/**
 * Puts a span around every call of a method.
 *
 * @returns Puts the method back; `undefined` where there is no such method.
 */
export function observeCalls(
  target: unknown,
  name: string,
  recorder: Recorder,
  exchange: Exchange,
  readFacts: FactsReader,
): (() => void) | undefined {
  return observeMethod(target, name, (original) => {
    return function observed(this: unknown, ...args) {
      return observeCall(
        recorder,
        exchange,
        () => readFacts(this, args),
        () => original.apply(this, args),
      );
    };
  });
}

/**
 * Makes the call inside a span and gives back what it returned.
 *
 * @param readFacts - May fail: then the call is made without a span.
 */
export function observeCall(
  recorder: Recorder,
  exchange: Exchange,
  readFacts: () => CallFacts,
  call: () => unknown,
): unknown {
  const span = startCallSpan(recorder, exchange, readFacts);
  if (span === undefined) return call();
  const started = recorder.tracer.clock.monotonicNanos();
  let result: unknown;
  try {
    result = span.run(call);
  } catch (error) {
    quietly(() => failSpan(recorder, span, error));
    throw error;
  }
  const observer = createCallObserver(recorder, exchange, span, started);
  return isApiPromise(result) ? observeApiPromise(result, observer) : observeResult(result, observer);
}

function startCallSpan(recorder: Recorder, exchange: Exchange, readFacts: () => CallFacts): LiveSpan | undefined {
  const { operation, spanType } = exchange;
  let span: LiveSpan | undefined;
  quietly(() => {
    const { request, model, provider, host } = readFacts();
    span = recorder.tracer.startSpan({
      name: model === undefined ? operation : `${operation} ${model}`,
      spanType,
      kind: 'client',
    });
    span.setAttributes({ [OTEL_KEYS.operation]: operation, [MLFLOW_KEYS.provider]: provider });
    span.setAttribute(OTEL_KEYS.provider, provider);
    if (host !== '') span.setAttribute(OTEL_KEYS.serverAddress, host);
    if (model !== undefined) span.setAttributes({ [OTEL_KEYS.requestModel]: model, [MLFLOW_KEYS.model]: model });
    writeFields(recorder, span, exchange.describeRequest(request));
  });
  return span;
}

function createCallObserver(recorder: Recorder, exchange: Exchange, span: LiveSpan, started: bigint): ApiObserver {
  return {
    onResponse(response) {
      quietly(() => {
        span.setAttribute(OTEL_KEYS.statusCode, response.status);
        const requestId = response.headers.get('x-request-id');
        if (requestId !== null) span.setAttribute(OTEL_KEYS.requestId, [requestId]);
      });
    },
    onRawResponse: () => quietly(() => span.end()),
    onValue(value) {
      quietly(() => {
        const stream = exchange.streamIn === undefined ? value : exchange.streamIn(value);
        if (!isAnyStream(stream)) return finishSpan(recorder, span, exchange.describeResponse(value));
        const assembler = exchange.createAssembler?.(value);
        if (assembler === undefined) span.end();
        else watchStream(recorder, { exchange, assembler, span, stream, started });
      });
    },
    onError: (error) => quietly(() => failSpan(recorder, span, error)),
  };
}

interface StreamWatch {
  readonly exchange: Exchange;
  readonly assembler: StreamAssembler;
  readonly span: LiveSpan;
  readonly stream: AnyStream;
  /** When the call was made, in monotonic nanoseconds. */
  readonly started: bigint;
}

function watchStream(recorder: Recorder, { exchange, assembler, span, stream, started }: StreamWatch): void {
  let isWaiting = true;
  let items = 0;
  observeStream(stream, (fn) => span.run(fn), {
    onItem(item) {
      items += 1;
      const isReadable = assembler.add(item);
      if (!isReadable || !isWaiting) return;
      isWaiting = false;
      span.setAttribute(CLEW_KEYS.timeToFirstToken, Number(recorder.tracer.clock.monotonicNanos() - started) / 1e9);
    },
    onEnd(how) {
      span.setAttribute(CLEW_KEYS.streamItems, items);
      // What arrived before a failure is worth as much as a whole answer to whoever looks for the cause.
      const fields = items === 0 ? undefined : exchange.describeResponse(assembler.build());
      if (fields !== undefined) writeFields(recorder, span, fields);
      endStreamSpan(recorder, span, how, fields?.failure);
    },
  });
}

function endStreamSpan(recorder: Recorder, span: LiveSpan, how: StreamEnd, failure: string | undefined): void {
  switch (how.kind) {
    case 'failed':
      return failSpan(recorder, span, how.error);
    case 'aborted':
      return abortSpan(span, 'The stream was aborted');
    case 'left':
      span.setAttribute(CLEW_KEYS.streamAbandoned, true);
      span.end();
      return;
    default:
      endSpan(span, failure);
  }
}

function finishSpan(recorder: Recorder, span: LiveSpan, fields: SpanFields): void {
  writeFields(recorder, span, fields);
  endSpan(span, fields.failure);
}

function endSpan(span: LiveSpan, failure: string | undefined): void {
  if (failure !== undefined) span.setStatus('ERROR', failure);
  span.end();
}

function abortSpan(span: LiveSpan, message: string): void {
  span.setAttribute(OTEL_KEYS.errorType, 'aborted');
  span.setStatus('ERROR', message);
  span.end();
}

function writeFields({ keepsInputs, keepsOutputs }: Recorder, span: LiveSpan, fields: SpanFields): void {
  if (keepsInputs && fields.inputs !== undefined) span.setInputs(fields.inputs);
  if (keepsOutputs && fields.outputs !== undefined) span.setOutputs(fields.outputs);
  // Tool definitions are part of what was asked.
  const { [MLFLOW_KEYS.chatTools]: tools, ...attributes } = fields.attributes;
  span.setAttributes(keepsInputs && tools !== undefined ? fields.attributes : attributes);
}

function failSpan({ keepsOutputs }: Recorder, span: LiveSpan, error: unknown): void {
  if (isAbort(error)) return abortSpan(span, 'The call was aborted');
  span.recordException(error);
  if (error instanceof Error) {
    const { type, status, body } = describeVendorError(error);
    span.setAttribute(OTEL_KEYS.errorType, type);
    if (status !== undefined) span.setAttribute(OTEL_KEYS.statusCode, status);
    if (body !== undefined && keepsOutputs) span.setAttribute(CLEW_KEYS.errorBody, body);
  }
  span.end();
}
