/** A tracing server of one page: takes what the SDK sends and keeps it in memory, for tests and for a look at the wire. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span with its attributes as plain JSON; integers are numbers. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
}

export interface CollectedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Collector {
  readonly url: string;
  readonly requests: readonly CollectedRequest[];
  /** Spans of all requests that were answered with success, in their order. */
  readonly spans: readonly CollectedSpan[];
  /** `trace_info` of all StartTraceV3 requests that were. */
  readonly traces: readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
}

export interface CollectorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** @param answer - Decides on a request before it is taken; `undefined` takes it. Default: takes all. */
export async function startCollector(
  answer: (request: CollectedRequest) => CollectorAnswer | undefined = () => undefined,
): Promise<Collector> {
  const requests: CollectedRequest[] = [];
  const spans: CollectedSpan[] = [];
  const traces: Readonly<Record<string, unknown>>[] = [];

  function take(request: CollectedRequest): CollectorAnswer {
    requests.push(request);
    const own = answer(request);
    if (own !== undefined) return own;
    if (request.path === '/v1/traces') spans.push(...readSpans(request.body));
    else if (request.path === '/api/3.0/mlflow/traces') traces.push((request.body as StartTraceBody).trace.trace_info);
    else return { status: 404, body: { error_code: 'ENDPOINT_NOT_FOUND' } };
    return { status: 200, body: {} };
  }

  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then((body) => {
      const { method = '', url: path = '', headers } = incoming;
      const { status, headers: extra, body: text = {} } = take({ method, path, headers, body });
      outgoing.writeHead(status, { 'content-type': 'application/json', ...extra }).end(JSON.stringify(text));
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    spans,
    traces,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface StartTraceBody {
  readonly trace: { readonly trace_info: Readonly<Record<string, unknown>> };
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = (incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

type AnyValue = Readonly<Record<string, unknown>>;
interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}
interface SpanJson extends Omit<CollectedSpan, 'attributes' | 'events'> {
  readonly attributes: readonly KeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes: readonly KeyValue[] }[];
}
interface ExportRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly SpanJson[] }[] }[];
}

function readSpans(body: unknown): readonly CollectedSpan[] {
  const { resourceSpans } = body as ExportRequest;
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(readSpan)));
}

function readSpan({ attributes, events = [], ...span }: SpanJson): CollectedSpan {
  return {
    ...span,
    attributes: readPairs(attributes),
    events: events.map((event) => ({ name: event.name, attributes: readPairs(event.attributes) })),
  };
}

function readPairs(pairs: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: AnyValue): unknown {
  const [kind, content] = Object.entries(value)[0] ?? ['null', null];
  switch (kind) {
    case 'intValue':
      return Number(content);
    case 'arrayValue':
      return (content as { readonly values: readonly AnyValue[] }).values.map(readValue);
    case 'kvlistValue':
      return readPairs((content as { readonly values: readonly KeyValue[] }).values);
    default:
      return content;
  }
}
