/** A thread that prepares OTLP requests for the ClickHouse stores (`prepare-in-threads.ts`). */
import { parentPort } from 'node:worker_threads';
import { must } from '@clew/core';
import { prepareRequest, type OtlpRequest } from './ingest/prepare-request.ts';
import type { PreparedAnswer } from './prepare-in-threads.ts';
import { prepareSpans } from './storage/clickhouse/prepare-spans.ts';

const port = must(parentPort, 'a parent thread');

port.on('message', (request: OtlpRequest) => {
  port.postMessage(...answer(request));
});

function answer(request: OtlpRequest): [PreparedAnswer, ArrayBuffer[]] {
  try {
    const result = prepareRequest(request, prepareSpans);
    return [{ result }, result.ok ? buffersOf(result.value.spans.map((span) => span.content)) : []];
  } catch (error) {
    return [{ failure: error }, []];
  }
}

/** Handed over rather than copied. */
function buffersOf(contents: readonly unknown[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const content of contents) {
    if (content instanceof Uint8Array && content.buffer instanceof ArrayBuffer) buffers.add(content.buffer);
  }
  return [...buffers];
}
