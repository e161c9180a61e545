/** Spans of real agent runs, repeated under other trace ids until there are enough of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { must, parseTraceId, type Span } from '@clew/core';
import { decodeOtlpJson } from '../packages/server/src/otlp/decode-json.ts';

const FOLDER = fileURLToPath(new URL('../examples/agent-traces', import.meta.url));

export interface RealSpans {
  readonly spans: readonly Span[];
  readonly dataset: string;
}

/** Exactly `count` spans; each repetition has new trace ids, so that every trace is written once. */
export function realSpans(count: number): RealSpans {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.otlp.jsonl.gz'))
    .sort();
  const originals = files.flatMap((name) => readSpans(join(FOLDER, name)));
  const spans: Span[] = [];
  for (let round = 0; spans.length < count; round += 1) {
    for (const span of originals.slice(0, count - spans.length)) spans.push(underAnotherTrace(span, round));
  }
  return {
    spans,
    dataset: `${count} spans: ${originals.length} real ones of ${files.length} files, repeated under other trace ids`,
  };
}

function readSpans(file: string): readonly Span[] {
  const lines = gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  return lines.flatMap((line) => {
    const batch = decodeOtlpJson(new TextEncoder().encode(line));
    if (!batch.ok) throw new Error(`${file}: ${batch.error.message}`);
    return batch.value.spans;
  });
}

function underAnotherTrace(span: Span, round: number): Span {
  const traceId = must(parseTraceId(span.traceId.slice(0, 24) + round.toString(16).padStart(8, '0')), 'a trace id');
  return { ...span, traceId };
}
