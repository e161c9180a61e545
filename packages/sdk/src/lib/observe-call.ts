/**
 * One call of a vendor's client, from its arguments to the end of its answer.
 *
 * The vendor's knowledge comes as an {@link Exchange} of pure functions; this file holds the timing, the context and
 * the rule that nothing we do may change the call.
 */
import { CLEW_KEYS, MLFLOW_KEYS, OTEL_KEYS } from './keys.ts';
import type { Exchange, SpanFields } from './exchange.ts';
import type { LiveSpan } from './live-span.ts';
import { isApiPromise, observeApiPromise, type ApiObserver } from './observe-api-promise.ts';
import { isApiStream, observeStream, type ApiStream, type StreamEnd } from './observe-stream.ts';
import { observeResult } from './observe.ts';
import { quietly } from './quietly.ts';
import type { Tracer } from './tracer.ts';

export interface CallFacts {
  readonly request: unknown;
  readonly model: string | undefined;
  readonly provider: string;
  /** Host and port of the server. */
  readonly host: string;
}

/**
 * Makes the call inside a span and gives back what it returned.
 *
 * @param readFacts - May fail: then the call is made without a span.
 */
export function observeCall(
  tracer: Tracer,
  exchange: Exchange,
  readFacts: () => CallFacts,
  call: () => unknown,
): unknown {
  const span = startCallSpan(tracer, exchange, readFacts);
  if (span === undefined) return call();
  const started = tracer.clock.monotonicNanos();
  let result: unknown;
  try {
    result = span.run(call);
  } catch (error) {
    quietly(() => failSpan(span, error));
    throw error;
  }
  const observer = createCallObserver(tracer, exchange, span, started);
  return isApiPromise(result) ? observeApiPromise(result, observer) : observeResult(result, observer);
}

function startCallSpan(tracer: Tracer, exchange: Exchange, readFacts: () => CallFacts): LiveSpan | undefined {
  const { operation, spanType } = exchange;
  let span: LiveSpan | undefined;
  quietly(() => {
    const { request, model, provider, host } = readFacts();
    span = tracer.startSpan({
      name: model === undefined ? operation : `${operation} ${model}`,
      spanType,
      kind: 'client',
    });
    span.setAttributes({ [OTEL_KEYS.operation]: operation, [MLFLOW_KEYS.provider]: provider });
    span.setAttribute(OTEL_KEYS.provider, provider);
    if (host !== '') span.setAttribute(OTEL_KEYS.serverAddress, host);
    if (model !== undefined) span.setAttributes({ [OTEL_KEYS.requestModel]: model, [MLFLOW_KEYS.model]: model });
    writeFields(span, exchange.describeRequest(request));
  });
  return span;
}

function createCallObserver(tracer: Tracer, exchange: Exchange, span: LiveSpan, started: bigint): ApiObserver {
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
        if (isApiStream(value)) watchStream(tracer, exchange, span, value, started);
        else finishSpan(span, exchange.describeResponse(value));
      });
    },
    onError: (error) => quietly(() => failSpan(span, error)),
  };
}

function watchStream(tracer: Tracer, exchange: Exchange, span: LiveSpan, stream: ApiStream, started: bigint): void {
  const assembler = exchange.createAssembler?.();
  if (assembler === undefined) return span.end();
  let isWaiting = true;
  let items = 0;
  observeStream(stream, (fn) => span.run(fn), {
    onItem(item) {
      items += 1;
      const isReadable = assembler.add(item);
      if (!isReadable || !isWaiting) return;
      isWaiting = false;
      span.setAttribute(CLEW_KEYS.timeToFirstToken, Number(tracer.clock.monotonicNanos() - started) / 1e9);
    },
    onEnd(how) {
      span.setAttribute(CLEW_KEYS.streamItems, items);
      // What arrived before a failure is worth as much as a whole answer to whoever looks for the cause.
      const fields = items === 0 ? undefined : exchange.describeResponse(assembler.build());
      if (fields !== undefined) writeFields(span, fields);
      endStreamSpan(span, how, fields?.failure);
    },
  });
}

function endStreamSpan(span: LiveSpan, how: StreamEnd, failure: string | undefined): void {
  switch (how.kind) {
    case 'failed':
      return failSpan(span, how.error);
    case 'aborted':
      span.setAttribute(OTEL_KEYS.errorType, 'aborted');
      span.setStatus('ERROR', 'The stream was aborted');
      span.end();
      return;
    case 'left':
      span.setAttribute(CLEW_KEYS.streamAbandoned, true);
      span.end();
      return;
    default:
      endSpan(span, failure);
  }
}

function finishSpan(span: LiveSpan, fields: SpanFields): void {
  writeFields(span, fields);
  endSpan(span, fields.failure);
}

function endSpan(span: LiveSpan, failure: string | undefined): void {
  if (failure !== undefined) span.setStatus('ERROR', failure);
  span.end();
}

function writeFields(span: LiveSpan, fields: SpanFields): void {
  if (fields.inputs !== undefined) span.setInputs(fields.inputs);
  if (fields.outputs !== undefined) span.setOutputs(fields.outputs);
  span.setAttributes(fields.attributes);
}

/** Stainless errors carry the HTTP status and the parsed body. */
function failSpan(span: LiveSpan, error: unknown): void {
  span.recordException(error);
  if (error instanceof Error) {
    const { status, error: body } = error as Error & { readonly status?: unknown; readonly error?: unknown };
    span.setAttribute(OTEL_KEYS.errorType, error.constructor.name);
    if (typeof status === 'number') span.setAttribute(OTEL_KEYS.statusCode, status);
    if (body !== undefined) span.setAttribute(CLEW_KEYS.errorBody, body);
  }
  span.end();
}
