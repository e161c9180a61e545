/** Reads request bodies within bounds: sizes are checked while bytes arrive and while they inflate. */
import { createGunzip, createInflate } from 'node:zlib';
import { Readable } from 'node:stream';
import { TracingError } from '@clew/core';

export interface BodyLimits {
  /** Bytes of one body after decompression. Default 128 MiB. */
  readonly maxBodyBytes: number;
  /** Bytes of all bodies being read or ingested at once; more are refused with `overloaded`. Default 512 MiB. */
  readonly maxInFlightBytes: number;
}

export const DEFAULT_BODY_LIMITS: BodyLimits = { maxBodyBytes: 128 * 1024 * 1024, maxInFlightBytes: 512 * 1024 * 1024 };

export interface BodyReader {
  /**
   * Reads a body, undoes its `Content-Encoding` and hands it to a task; its bytes count as in flight until then.
   *
   * @throws {TracingError} `too_large` past the size limit, `overloaded` when too much is in flight, `malformed` for a
   * corrupt or unknown encoding.
   */
  withBody<T>(request: Request, task: (bytes: Uint8Array) => Promise<T>): Promise<T>;
}

export function createBodyReader(limits: BodyLimits = DEFAULT_BODY_LIMITS): BodyReader {
  let inFlightBytes = 0;

  function reserve(bytes: number): void {
    if (inFlightBytes + bytes > limits.maxInFlightBytes && inFlightBytes > 0) {
      throw new TracingError(
        'overloaded',
        `Cannot take ${bytes} more bytes: ${inFlightBytes} are being worked on already`,
      );
    }
    inFlightBytes += bytes;
  }

  return {
    async withBody(request, task) {
      let held = 0;
      const hold = (bytes: number): void => {
        if (held + bytes > limits.maxBodyBytes) {
          throw new TracingError(
            'too_large',
            `Request body is too large: expected at most ${limits.maxBodyBytes} bytes after decompression`,
          );
        }
        reserve(bytes);
        held += bytes;
      };
      try {
        checkDeclaredLength(request, limits.maxBodyBytes);
        return await task(await collect(decoded(request), hold));
      } finally {
        inFlightBytes -= held;
      }
    },
  };
}

function checkDeclaredLength(request: Request, maxBodyBytes: number): void {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBodyBytes) {
    throw new TracingError(
      'too_large',
      `Request body of ${declared} bytes is too large: expected at most ${maxBodyBytes}`,
    );
  }
}

function decoded(request: Request): AsyncIterable<Uint8Array> {
  const source = request.body === null ? Readable.from([]) : Readable.fromWeb(request.body);
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  switch (encoding) {
    case 'identity':
    case '':
      return source;
    case 'gzip':
    case 'x-gzip':
      return inflating(source, createGunzip(), encoding);
    case 'deflate':
      return inflating(source, createInflate(), encoding);
    default:
      source.destroy();
      throw new TracingError(
        'malformed',
        `Unsupported Content-Encoding "${encoding.slice(0, 40)}": expected gzip, deflate or none`,
      );
  }
}

async function* inflating(
  source: Readable,
  inflate: ReturnType<typeof createGunzip>,
  encoding: string,
): AsyncIterable<Uint8Array> {
  source.on('error', (error) => inflate.destroy(error));
  source.pipe(inflate);
  try {
    yield* inflate;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')) {
      throw new TracingError('malformed', `Cannot decompress the ${encoding} request body: ${error.message}`);
    }
    throw error;
  } finally {
    // Leaving early, past a limit, must stop the sender too.
    source.destroy();
    inflate.destroy();
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>, hold: (bytes: number) => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    hold(chunk.length);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
