import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
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

/**
 * A large JSON answer, compressed at the least effort if the client takes gzip: for text made of numbers that is a
 * third of the time of the default and a tenth more bytes (decisions/007).
 */
export function quicklyCompressed(pieces: Iterable<string>, acceptEncoding: string | undefined): Response {
  const headers = { 'content-type': 'application/json', vary: 'accept-encoding' };
  const source = Readable.from(pieces, { objectMode: false });
  if (!/\bgzip\b/.test(acceptEncoding ?? '')) return new Response(toWeb(source), { headers });
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  source.on('error', (error) => gzip.destroy(error));
  return new Response(toWeb(source.pipe(gzip)), { headers: { ...headers, 'content-encoding': 'gzip' } });
}

function toWeb(readable: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>;
}
