/** Spans of real agent runs, repeated under other trace ids until there are enough of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { must, parseTraceId, type Span } from '@clew/core';
import { decodeOtlpJson } from '../packages/server/src/otlp/decode-json.ts';

/** All of them where the whole collection lies beside the project, otherwise the sample in it. */
const WHOLE = fileURLToPath(new URL('../../shared/data/agent-traces', import.meta.url));
const FOLDER = fileURLToPath(new URL('../examples/agent-traces', import.meta.url));

export interface RealSpans {
  readonly spans: readonly Span[];
  readonly dataset: string;
}

/** Exactly `count` spans; each repetition has new trace ids, so that every trace is written once. */
export function realSpans(count: number): RealSpans {
  const files = filesIn(FOLDER);
  const originals = files.flatMap(readSpans);
  const spans: Span[] = [];
  for (let round = 0; spans.length < count; round += 1) {
    for (const span of originals.slice(0, count - spans.length)) spans.push(underAnotherTrace(span, round));
  }
  return {
    spans,
    dataset: `${count} spans: ${originals.length} real ones of ${files.length} files, repeated under other trace ids`,
  };
}

/** Each real span once. */
export function everyRealSpan(): readonly Span[] {
  return filesIn(existsSync(WHOLE) ? WHOLE : FOLDER).flatMap(readSpans);
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.otlp.jsonl.gz'))
    .sort()
    .map((name) => join(folder, name));
}

/** The requests of the sample in the project, OTLP/JSON as it was sent. */
export function realRequests(): readonly string[] {
  return filesIn(FOLDER).flatMap(readLines);
}

function readLines(file: string): readonly string[] {
  return gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

function readSpans(file: string): readonly Span[] {
  return readLines(file).flatMap((line) => {
    const batch = decodeOtlpJson(new TextEncoder().encode(line));
    if (!batch.ok) throw new Error(`${file}: ${batch.error.message}`);
    return batch.value.spans;
  });
}

function underAnotherTrace(span: Span, round: number): Span {
  const traceId = must(parseTraceId(span.traceId.slice(0, 24) + round.toString(16).padStart(8, '0')), 'a trace id');
  return { ...span, traceId };
}
