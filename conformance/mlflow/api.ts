/** A server under test, by nothing but its URL. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { encodeOtlp, type OtlpSpan } from './otlp-protobuf.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON, or `undefined`. */
  readonly json: unknown;
  /** The value at a path such as `trace.spans.0.name`. */
  at(path: string): unknown;
}

export type Json = Readonly<Record<string, unknown>>;

export interface Api {
  readonly url: string;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** `POST /api/3.0/mlflow/…` and `POST /api/2.0/mlflow/…`. */
  post3(path: string, body: unknown): Promise<Answer>;
  post2(path: string, body: unknown): Promise<Answer>;
  get3(path: string): Promise<Answer>;
  get2(path: string): Promise<Answer>;
  /** Sends a path as it is: nothing resolves its dots. The body travels with any method. */
  raw(method: string, path: string, body?: string): Promise<{ readonly status: number; readonly text: string }>;
  newExperiment(): Promise<string>;
  /** OTLP as protobuf. */
  sendSpans(experiment: string, spans: readonly OtlpSpan[], options?: SendOptions): Promise<Answer>;
  sendJson(experiment: string, spans: readonly object[], resource?: readonly object[]): Promise<Answer>;
  /** StartTraceV3 with some of its fields changed. */
  startTrace(experiment: string, traceId: string, change?: Json): Promise<Answer>;
  search(experiment: string, filter: string, more?: Json): Promise<Answer>;
  /** Ids found, in order; fails unless the search succeeds. */
  find(experiment: string, filter: string, more?: Json): Promise<readonly string[]>;
  /** The header of a trace. */
  info(traceId: string): Promise<Json>;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly resource?: Readonly<Record<string, unknown>>;
}

export function createApi(url: string): Api {
  const call: Api['call'] = async (method, path, body, headers = {}) => {
    const isBytes = body instanceof Uint8Array || typeof body === 'string';
    const response = await fetch(url + path, {
      method,
      headers: { ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isBytes ? (body as string) : JSON.stringify(body) }),
    });
    return toAnswer(response);
  };
  const api: Api = {
    url,
    call,
    post3: (path, body) => call('POST', `/api/3.0/mlflow/${path}`, body),
    post2: (path, body) => call('POST', `/api/2.0/mlflow/${path}`, body),
    get3: (path) => call('GET', `/api/3.0/mlflow/${path}`),
    get2: (path) => call('GET', `/api/2.0/mlflow/${path}`),
    raw: (method, path, body) => sendRaw(url, method, path, body),

    async newExperiment() {
      const answer = await api.post2('experiments/create', { name: `conformance ${randomHex(8)}` });
      return String(answer.at('experiment_id'));
    },

    sendSpans: (experiment, spans, { headers = {}, resource = {} } = {}) =>
      call('POST', '/v1/traces', encodeOtlp(spans, resource), {
        'content-type': 'application/x-protobuf',
        'x-mlflow-experiment-id': experiment,
        ...headers,
      }),

    sendJson: (experiment, spans, resource = []) =>
      call(
        'POST',
        '/v1/traces',
        { resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ spans }] }] },
        { 'x-mlflow-experiment-id': experiment },
      ),

    startTrace: (experiment, traceId, change = {}) =>
      api.post3('traces', {
        trace: {
          trace_info: {
            trace_id: traceId,
            trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } },
            request_time: '2025-11-03T09:15:30.250Z',
            execution_duration: '1.204s',
            state: 'OK',
            trace_metadata: {},
            tags: {},
            ...change,
          },
        },
      }),

    search: (experiment, filter, more = {}) =>
      api.post3('traces/search', {
        locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } }],
        filter,
        ...more,
      }),

    async find(experiment, filter, more = {}) {
      const answer = await api.search(experiment, filter, more);
      if (answer.status !== 200) throw new Error(`The search for ${filter} answered ${answer.status}: ${answer.text}`);
      return ((answer.at('traces') ?? []) as readonly Json[]).map((trace) => String(trace['trace_id']));
    },

    async info(traceId) {
      return ((await api.get3(`traces/${traceId}`)).at('trace.trace_info') ?? {}) as Json;
    },
  };
  return api;
}

export function randomHex(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);
}

/** An id no server has seen: 32 hex digits. */
export function newTrace(): string {
  return randomHex(32);
}

/** A finished root span of 1.204 s, with some of its fields changed. */
export function span(traceId: string, change: Partial<OtlpSpan> = {}): OtlpSpan {
  return {
    traceId,
    spanId: randomHex(16),
    name: 'answer',
    start: 1_762_161_330_250_000_000n,
    end: 1_762_161_331_454_000_000n,
    status: 1,
    attributes: {},
    ...change,
  };
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    at: (path) =>
      path
        .split('.')
        .reduce<unknown>(
          (value, key) => (typeof value === 'object' && value !== null ? (value as Json)[key] : undefined),
          json,
        ),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function sendRaw(
  url: string,
  method: string,
  path: string,
  body?: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path,
        headers:
          body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
