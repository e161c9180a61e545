/** `POST /v1/traces`: OTLP over HTTP, protobuf and JSON (contract section 1.8, OTLP specification 1.7). */
import { PbfWriter } from 'pbf';
import type { Context, Hono } from 'hono';
import { TracingError } from '@clew/core';
import type { OtlpRequest } from '../ingest/prepare-request.ts';
import type { RejectedSpan } from '../otlp/batch.ts';
import type { PreparedSpan } from '../storage/span-store.ts';
import { toOtlpProblem } from './problem.ts';
import { mediaType } from './request-message.ts';
import type { Services } from './routes.ts';
import { linkToRun } from './trace-links.ts';

const EXPERIMENT_HEADER = 'x-mlflow-experiment-id';
/** Traces whose root is in the request belong to this run, too. */
const RUN_HEADER = 'x-mlflow-run-id';
/** Reasons told to the sender; the rest is counted. */
const TOLD_REASONS = 5;

/**
 * The experiment is named by a header, as MLflow's clients do; senders that cannot set one name it in the path
 * (`/experiments/7/v1/traces`).
 */
export function otlpRoutes(app: Hono, services: Services): void {
  for (const path of ['/v1/traces', '/v1/traces/', '/experiments/:experiment_id/v1/traces']) {
    app.post(path, (context) => ingest(services, context));
  }
}

async function ingest(services: Services, context: Context): Promise<Response> {
  const request = context.req.raw;
  const named = context.req.param('experiment_id') ?? request.headers.get(EXPERIMENT_HEADER) ?? '';
  if (named === '') return missingExperiment();
  try {
    const wire = wireOf(request);
    const { experimentId } = await services.experiments.requireActive(named);
    return await services.bodies.withBody(request, async (bytes) => {
      const prepared = await services.prepare({ bytes, wire, experimentId });
      if (!prepared.ok) throw new TracingError('malformed', prepared.error.message);
      const { spans, rejected } = prepared.value;
      const nameless = rejected.find((span) => span.problem === 'identity');
      if (nameless !== undefined) return unprocessable(nameless);
      await services.pipeline.writePrepared(spans);
      await linkRoots(services, spans, request.headers.get(RUN_HEADER) ?? '');
      return ANSWERS[wire](rejected);
    });
  } catch (error) {
    return toOtlpProblem(error, services.report);
  }
}

/** An unknown run is no reason to refuse spans, which are stored already. */
async function linkRoots(services: Services, spans: readonly PreparedSpan[], runId: string): Promise<void> {
  if (runId === '' || (await services.runs.find(runId)) === undefined) return;
  const roots = spans.filter(({ fact }) => fact.parentSpanId === undefined);
  await linkToRun(services, [...new Set(roots.map(({ traceId }) => traceId))], runId);
}

function wireOf(request: Request): OtlpRequest['wire'] {
  const type = mediaType(request);
  if (type === 'application/x-protobuf') return 'protobuf';
  if (type === 'application/json') return 'json';
  throw new TracingError(
    'malformed',
    `Unsupported Content-Type "${type.slice(0, 100)}": expected application/x-protobuf or application/json`,
  );
}

const ANSWERS: Readonly<Record<OtlpRequest['wire'], (rejected: readonly RejectedSpan[]) => Response>> = {
  protobuf: answerProtobuf,
  json: answerJson,
};

/** `ExportTraceServiceResponse`: empty, or `partial_success` (1) with `rejected_spans` (1) and `error_message` (2). */
function answerProtobuf(rejected: readonly RejectedSpan[]): Response {
  const writer = new PbfWriter();
  if (rejected.length > 0) {
    writer.writeMessage(
      1,
      (count: number, inner: PbfWriter) => {
        inner.writeVarintField(1, count);
        // Not as a string: the writer's own UTF-8 is wrong for some characters beyond U+FFFF.
        inner.writeBytesField(2, new TextEncoder().encode(tellReasons(rejected)));
      },
      rejected.length,
    );
  }
  return new Response(new Uint8Array(writer.finish()), { headers: { 'content-type': 'application/x-protobuf' } });
}

function answerJson(rejected: readonly RejectedSpan[]): Response {
  if (rejected.length === 0) return Response.json({});
  return Response.json({
    partialSuccess: { rejectedSpans: String(rejected.length), errorMessage: tellReasons(rejected) },
  });
}

function tellReasons(rejected: readonly RejectedSpan[]): string {
  const told = rejected.slice(0, TOLD_REASONS).map((span) => `span ${span.index}: ${span.reason}`);
  const untold = rejected.length - told.length;
  return [...told, ...(untold > 0 ? [`and ${untold} more`] : [])].join('; ');
}

/** The form FastAPI gives a missing header, which MLflow's clients were written against. */
function missingExperiment(): Response {
  const detail = [{ type: 'missing', loc: ['header', EXPERIMENT_HEADER], msg: 'Field required', input: null }];
  return Response.json({ detail }, { status: 422 });
}

function unprocessable(span: RejectedSpan): Response {
  return Response.json({ detail: `span ${span.index}: ${span.reason}` }, { status: 422 });
}
