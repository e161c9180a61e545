import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createBodyReader } from './body.ts';

const LIMITS = { maxBodyBytes: 1000, maxInFlightBytes: 1500 };

function post(body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>, encoding?: string): Request {
  // Node's fetch asks for `duplex` beside a stream; the DOM's type does not know it.
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: 'POST',
    body,
    headers: encoding === undefined ? {} : { 'content-encoding': encoding },
    duplex: 'half',
  };
  return new Request('http://localhost/', init);
}

function bytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).fill(7);
}

function zipped(content: Uint8Array, zip: (content: Uint8Array) => Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zip(content));
}

async function read(request: Request): Promise<number> {
  return createBodyReader(LIMITS).withBody(request, (body) => Promise.resolve(body.length));
}

describe('withBody()', () => {
  test.each([
    { why: 'a plain body', request: () => post(bytes(10)), length: 10 },
    { why: 'a gzipped body', request: () => post(zipped(bytes(900), gzipSync), 'gzip'), length: 900 },
    { why: 'a deflated body', request: () => post(zipped(bytes(900), deflateSync), 'deflate'), length: 900 },
    { why: 'an empty body', request: () => post(bytes(0)), length: 0 },
  ])('hands over $why', async ({ request, length }) => {
    await expect(read(request())).resolves.toBe(length);
  });

  test.each([
    { why: 'a body past the limit', request: () => post(bytes(1001)), code: 'too_large' },
    {
      why: 'a small body that inflates past the limit',
      request: () => post(zipped(bytes(1_000_000), gzipSync), 'gzip'),
      code: 'too_large',
    },
    {
      why: 'a gzip cut short',
      request: () => post(zipped(bytes(900), gzipSync).slice(0, 15), 'gzip'),
      code: 'malformed',
    },
    { why: 'what is no gzip', request: () => post(bytes(50), 'gzip'), code: 'malformed' },
    { why: 'an unknown encoding', request: () => post(bytes(50), 'br'), code: 'malformed' },
  ])('refuses $why', async ({ request, code }) => {
    await expect(read(request())).rejects.toMatchObject({ code });
  });

  test('stops reading a bomb at the limit', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 100;
        controller.enqueue(bytes(100));
      },
    });
    await expect(read(post(endless))).rejects.toMatchObject({ code: 'too_large' });
    expect(sent).toBeLessThan(200_000);
  });

  test('refuses more bytes at once than it may hold, and takes them again afterwards', async () => {
    const reader = createBodyReader(LIMITS);
    await reader.withBody(post(bytes(900)), async () => {
      await expect(reader.withBody(post(bytes(900)), () => Promise.resolve())).rejects.toMatchObject({
        code: 'overloaded',
      });
    });
    await expect(reader.withBody(post(bytes(900)), (body) => Promise.resolve(body.length))).resolves.toBe(900);
  });
});
