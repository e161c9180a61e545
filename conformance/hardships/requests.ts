/** Requests as exporters send them: the answer as a whole, or none from a server that is gone. */
import type { Request } from '../crash/workload.ts';

export interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

export async function sendSpans(url: string, body: string, experimentId = '0'): Promise<Reply | undefined> {
  return send(url, 'POST', '/v1/traces', body, { 'x-mlflow-experiment-id': experimentId });
}

/** @returns nothing when the server gave no answer. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply | undefined> {
  try {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after') ?? undefined,
      body: await response.text(),
    };
  } catch {
    return undefined;
  }
}

/** Where a sender takes requests from, and what it does with the answers. */
export interface Load {
  next(): Request;
  onReply(request: Request, reply: Reply | undefined): void;
}

/** Sends requests side by side, as many as there are senders, until the promise is asked for. */
export function startSending(url: string, senders: number, load: Load): { stop(): Promise<void> } {
  const over = new AbortController();
  const sending = Array.from({ length: senders }, async () => {
    while (!over.signal.aborted) {
      const request = load.next();
      load.onReply(request, await sendSpans(url, request.body));
    }
  });
  return {
    async stop() {
      over.abort();
      await Promise.all(sending);
    },
  };
}

/** Runs a task for each number below a count, so many at a time. */
export async function forEachBelow(count: number, atOnce: number, task: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await task(next++);
    }),
  );
}
