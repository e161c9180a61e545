import { writeJson } from '@clew/core/wire';

/** A JSON answer; 64-bit integers stand as numbers, exact in the text. */
export function jsonResponse(body: unknown, status = 200): Response {
  return new Response(writeJson(body), { status, headers: { 'content-type': 'application/json' } });
}

/** A JSON answer written piece by piece, for answers that need not fit in memory. A failure breaks the connection. */
export function streamedJson(pieces: AsyncIterable<string>): Response {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}
