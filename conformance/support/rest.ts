/** A few calls of the REST API, as any client would make them. */
import { CLEW_API, type SearchAnswer, type TraceRow } from '@clew/core/api';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: isJson(response) ? JSON.parse(text) : text };
}

function isJson(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('application/json') === true;
}

export async function createExperiment(url: string, name: string): Promise<string> {
  const { body } = await call(url, 'POST', '/api/2.0/mlflow/experiments/create', { name });
  return (body as { readonly experiment_id: string }).experiment_id;
}

/** Every trace of an experiment that matches, page by page. */
export async function searchAll(
  url: string,
  experimentId: string,
  filter = '',
  maxResults = 500,
): Promise<readonly TraceRow[]> {
  const rows: TraceRow[] = [];
  for (let pageToken: string | undefined, isFirst = true; isFirst || pageToken !== undefined; isFirst = false) {
    const request = {
      experimentIds: [experimentId],
      filter,
      maxResults,
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    const { status, body } = await call(url, 'POST', `${CLEW_API}/traces/search`, request);
    if (status !== 200) throw new Error(`Search answered ${status}: ${JSON.stringify(body)}`);
    const answer = body as SearchAnswer;
    rows.push(...answer.traces);
    pageToken = answer.nextPageToken;
  }
  return rows;
}

/** One OTLP/JSON request with a root span, for tests that need some trace. */
export function someTrace(traceId: string, change: Record<string, unknown> = {}): object {
  const span = {
    traceId,
    spanId: 'b7ad6b7169203331',
    name: 'answer',
    kind: 1,
    startTimeUnixNano: '1762161330250000001',
    endTimeUnixNano: '1762161331454000000',
    status: { code: 1 },
    ...change,
  };
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: 'test' }, spans: [span] }] }] };
}
