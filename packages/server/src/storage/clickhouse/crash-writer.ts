/**
 * Writes batches until it is killed, and prints the number of each once it was acknowledged. For `crash.test.ts`.
 *
 * Arguments: the data folder, the number of the first batch.
 */
import { must, parseExperimentId, parseSpanId, parseTraceId, type TraceId } from '@clew/core';
import { sampleHeader, sampleSpan, writeBatch, writeHeaders } from '../contract/samples.ts';
import { openChdbStore } from './connect-chdb.ts';

/** Spans of one batch, all of one trace. */
export const BATCH_SPANS = 50;

export function traceOfBatch(batch: number): TraceId {
  return must(parseTraceId((batch + 1).toString(16).padStart(32, '0')), 'a trace id');
}

function spanOfBatch(batch: number, index: number) {
  const spanId = must(parseSpanId((index + 1).toString(16).padStart(16, '0')), 'a span id');
  return sampleSpan({ traceId: traceOfBatch(batch), spanId, name: `batch ${batch}` });
}

async function writeForever(folder: string, first: number): Promise<void> {
  const store = await openChdbStore({ path: folder });
  const experimentId = must(parseExperimentId('crash'), 'an experiment id');
  for (let batch = first; ; batch += 1) {
    const spans = Array.from({ length: BATCH_SPANS }, (_, index) => spanOfBatch(batch, index));
    await writeBatch(store, {
      spans: spans.map((span) => ({ span, experimentId })),
      tags: [{ traceId: traceOfBatch(batch), key: 'batch', value: String(batch) }],
    });
    await writeHeaders(store, [sampleHeader({ traceId: traceOfBatch(batch), experimentId, spanCount: BATCH_SPANS })]);
    process.stdout.write(`${batch}\n`);
  }
}

const [, script, folder, first] = process.argv;
if (script?.endsWith('crash-writer.ts') === true && folder !== undefined) await writeForever(folder, Number(first));
