/** What senders send: small requests that make many traces grow side by side. */

export interface Request {
  readonly body: string;
  readonly spans: readonly SentSpan[];
}

export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly isError: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Workload {
  next(): Request;
  acknowledge(request: Request): void;
  /** Takes back what got no answer, to be sent again. */
  giveBack(request: Request): void;
  unacknowledged(): readonly Request[];
  acknowledgedSpans(): number;
  acknowledgedTraces(): ReadonlyMap<string, readonly SentSpan[]>;
}

/** Traces that grow at the same time, and the requests each takes to be whole. */
const OPEN_TRACES = 8;
const REQUESTS_A_TRACE = 6;
const SPANS_A_REQUEST = 12;
const SECOND = 1_000_000_000n;

export function createWorkload(): Workload {
  const again: Request[] = [];
  const traces = new Map<string, SentSpan[]>();
  let made = 0;
  let acknowledged = 0;

  function make(): Request {
    const round = Math.floor(made / (OPEN_TRACES * REQUESTS_A_TRACE));
    const part = Math.floor(made / OPEN_TRACES) % REQUESTS_A_TRACE;
    const trace = round * OPEN_TRACES + (made % OPEN_TRACES) + 1;
    made += 1;
    const spans = Array.from({ length: SPANS_A_REQUEST }, (_, at) => spanOf(trace, part * SPANS_A_REQUEST + at));
    return { body: JSON.stringify(toOtlp(spans)), spans };
  }

  return {
    next: () => again.shift() ?? make(),
    acknowledge({ spans }) {
      acknowledged += spans.length;
      for (const span of spans) {
        const known = traces.get(span.traceId);
        if (known === undefined) traces.set(span.traceId, [span]);
        else known.push(span);
      }
    },
    giveBack(request) {
      again.push(request);
    },
    unacknowledged: () => [...again],
    acknowledgedSpans: () => acknowledged,
    acknowledgedTraces: () => traces,
  };
}

/** The root is the last span of its trace to be sent; all others hang under it, so that each call's tokens count. */
function spanOf(trace: number, index: number): SentSpan {
  const last = REQUESTS_A_TRACE * SPANS_A_REQUEST - 1;
  const start = 1_760_000_000n * SECOND + BigInt(trace) * SECOND - BigInt(index) * 1000n;
  return {
    traceId: hex(trace, 32),
    spanId: hex(trace * 1000 + index + 1, 16),
    ...(index === last ? {} : { parentSpanId: hex(trace * 1000 + last + 1, 16) }),
    startNanos: start,
    endNanos: start + BigInt(index + 1) * 1_000_000n,
    isError: index % 10 === 7,
    inputTokens: index % 4 === 0 ? 100 + index : 0,
    outputTokens: index % 4 === 0 ? 10 + (trace % 7) : 0,
  };
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

function toOtlp(spans: readonly SentSpan[]): object {
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: 'crash' }, spans: spans.map(toOtlpSpan) }] }] };
}

function toOtlpSpan(span: SentSpan): object {
  const isCall = span.inputTokens > 0;
  const attributes = isCall
    ? [
        { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
        { key: 'gen_ai.usage.input_tokens', value: { intValue: span.inputTokens } },
        { key: 'gen_ai.usage.output_tokens', value: { intValue: span.outputTokens } },
      ]
    : [];
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: `span ${span.spanId}`,
    kind: 1,
    startTimeUnixNano: String(span.startNanos),
    endTimeUnixNano: String(span.endNanos),
    status: span.isError ? { code: 2, message: 'boom' } : { code: 1 },
    attributes: [...attributes, { key: 'padding', value: { stringValue: 'x'.repeat(400) } }],
  };
}
