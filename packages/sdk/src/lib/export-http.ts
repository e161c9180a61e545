/**
 * Sends batches to a Clew or MLflow server: the spans as OTLP/JSON, then each finished trace as StartTraceV3.
 *
 * The second call may only follow the first: a server that knows a trace by its header alone has nothing to show.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parseExperimentId, type ExperimentId, type Span } from '@clew/core';
import type { Settings } from './config.ts';
import type { ExportLoss, ExportReport, FinishedTrace, SpanExporter } from './exporter.ts';
import { createHttpClient, type HttpClient, type HttpReply } from './http-client.ts';
import { encodeRequest, encodeSpan } from './otlp-json.ts';
import { attempt } from './quietly.ts';
import { startTraceJson } from './start-trace-json.ts';

const compress = promisify(gzip);

/** Text encoded before the event loop gets its turn: about 1 ms. */
const SLICE_CHARACTERS = 256 * 1024;
/** Bodies below are sent as they are: compressing them saves less than a packet. */
const MIN_COMPRESSED_BYTES = 1024;
/** StartTraceV3 requests under way at once. */
const TRACE_REQUESTS = 8;

export type HttpExporterSettings = Pick<Settings, 'trackingUri' | 'experiment' | 'headers' | 'timeoutMillis'>;

export function createHttpExporter(settings: HttpExporterSettings, random: () => number): SpanExporter {
  const http = createHttpClient(settings.timeoutMillis, random);
  const experiment = createExperimentLookup(settings, http);

  async function sendSpans(spans: readonly Span[], experimentId: ExperimentId): Promise<ExportReport> {
    const first = spans[0];
    if (first === undefined) return NOTHING;
    const encoded = await encodeInSlices(spans);
    const body = Buffer.from(encodeRequest(first.resource, first.scope, encoded));
    const isCompressed = body.length >= MIN_COMPRESSED_BYTES;
    const reply = await http.send({
      method: 'POST',
      url: `${settings.trackingUri}/v1/traces`,
      headers: {
        ...settings.headers,
        'content-type': 'application/json',
        'x-mlflow-experiment-id': experimentId,
        ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      },
      body: isCompressed ? await compress(body) : body,
    });
    if (reply.kind === 'answer' && reply.status === 413 && spans.length > 1) {
      const half = Math.ceil(spans.length / 2);
      const [left, right] = [spans.slice(0, half), spans.slice(half)];
      return sum(await sendSpans(left, experimentId), await sendSpans(right, experimentId));
    }
    return sum(judge(reply, encoded.length), notEncoded(spans.length - encoded.length));
  }

  async function sendTrace(trace: FinishedTrace, experimentId: ExperimentId): Promise<ExportReport> {
    const reply = await http.send({
      method: 'POST',
      url: `${settings.trackingUri}/api/3.0/mlflow/traces`,
      headers: { ...settings.headers, 'content-type': 'application/json' },
      body: startTraceJson(trace, experimentId),
    });
    const { retries, lost } = judge(reply, 0);
    return { sentSpans: 0, retries, lost };
  }

  return {
    async export({ spans, traces }) {
      const found = await experiment.resolve();
      if (found.kind === 'failed') return { sentSpans: 0, retries: 0, lost: [{ spans: spans.length, ...found.loss }] };
      let report = await sendSpans(spans, found.id);
      // Nobody there: each header would wait as long in vain, and has nothing to stand on.
      if (report.lost.some(({ reason }) => reason === 'unreachable')) return report;
      for (let at = 0; at < traces.length; at += TRACE_REQUESTS) {
        const some = traces.slice(at, at + TRACE_REQUESTS);
        const reports = await Promise.all(some.map((trace) => sendTrace(trace, found.id)));
        report = reports.reduce(sum, report);
      }
      return report;
    },
    hurry: () => http.hurry(),
  };
}

const NOTHING: ExportReport = { sentSpans: 0, retries: 0, lost: [] };

function sum(a: ExportReport, b: ExportReport): ExportReport {
  return { sentSpans: a.sentSpans + b.sentSpans, retries: a.retries + b.retries, lost: [...a.lost, ...b.lost] };
}

/** Spans that cannot be encoded are left out: one must not take the others down. */
async function encodeInSlices(spans: readonly Span[]): Promise<readonly string[]> {
  const encoded: string[] = [];
  let characters = 0;
  for (const span of spans) {
    const text = attempt(() => encodeSpan(span), undefined);
    if (text === undefined) continue;
    encoded.push(text);
    characters += text.length;
    if (characters > SLICE_CHARACTERS) {
      characters = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return encoded;
}

function notEncoded(spans: number): ExportReport {
  if (spans === 0) return NOTHING;
  return { sentSpans: 0, retries: 0, lost: [{ spans, reason: 'internal error', detail: 'a span cannot be encoded' }] };
}

/** `spans` is how many the request carried; 0 for a trace header. */
function judge(reply: HttpReply, spans: number): ExportReport {
  const { retries } = reply;
  if (reply.kind === 'unreachable') {
    return { sentSpans: 0, retries, lost: [{ spans, reason: 'unreachable', detail: reply.detail }] };
  }
  if (reply.status >= 200 && reply.status < 300) {
    const rejected = spans === 0 ? undefined : readRejected(reply.text, spans);
    if (rejected === undefined) return { sentSpans: spans, retries, lost: [] };
    return { sentSpans: spans - rejected.spans, retries, lost: [rejected] };
  }
  const detail = `HTTP ${reply.status} ${reply.text.slice(0, 300)}`;
  return { sentSpans: 0, retries, lost: [{ spans, reason: 'refused', detail }] };
}

/** OTLP partial success: `{"partialSuccess": {"rejectedSpans": "3", "errorMessage": "…"}}`. */
function readRejected(text: string, spans: number): ExportLoss | undefined {
  const partial = field(parseJson(text), 'partialSuccess');
  const rejected = Number(field(partial, 'rejectedSpans') ?? 0);
  if (!(rejected > 0)) return undefined;
  const message = field(partial, 'errorMessage');
  const detail = typeof message === 'string' ? message : 'partial success';
  return { spans: Math.min(rejected, spans), reason: 'refused', detail };
}

type Found =
  | { readonly kind: 'found'; readonly id: ExperimentId }
  | { readonly kind: 'failed'; readonly loss: Omit<ExportLoss, 'spans'> };

/** Turns a name into an id once; an id needs no look-up. */
function createExperimentLookup(settings: HttpExporterSettings, http: HttpClient): { resolve(): Promise<Found> } {
  const { experiment, trackingUri, headers } = settings;
  let known: Found | undefined = experiment.kind === 'id' ? { kind: 'found', id: experiment.id } : undefined;
  const experiments = `${trackingUri}/api/2.0/mlflow/experiments`;

  async function byName(name: string): Promise<Found> {
    const url = `${experiments}/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const got = await http.send({ method: 'GET', url, headers });
    if (got.kind !== 'answer' || got.status !== 404) {
      return readId(got, (body) => field(field(body, 'experiment'), 'experiment_id'));
    }
    const created = await http.send({
      method: 'POST',
      url: `${experiments}/create`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    // Another process may have created it in between.
    if (created.kind === 'answer' && created.text.includes('RESOURCE_ALREADY_EXISTS')) return byName(name);
    return readId(created, (body) => field(body, 'experiment_id'));
  }

  return {
    async resolve() {
      if (known !== undefined) return known;
      const found = await byName(experiment.kind === 'name' ? experiment.name : '');
      if (found.kind === 'found') known = found;
      return found;
    },
  };
}

function readId(reply: HttpReply, pick: (body: unknown) => unknown): Found {
  if (reply.kind === 'unreachable') return { kind: 'failed', loss: { reason: 'unreachable', detail: reply.detail } };
  const id = pick(parseJson(reply.text));
  const parsed = typeof id === 'string' ? parseExperimentId(id) : undefined;
  if (parsed !== undefined) return { kind: 'found', id: parsed };
  const detail = `cannot find the experiment: HTTP ${reply.status} ${reply.text.slice(0, 300)}`;
  return { kind: 'failed', loss: { reason: 'refused', detail } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
