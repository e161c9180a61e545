/** Real agent runs: the whole set where it is, the sample that comes with the project elsewhere. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { root } from './run-server.ts';

const WHOLE = join(root, '../shared/data/agent-traces');
const SAMPLE = join(root, 'examples/agent-traces');

/** Paths of all files, in order of name. */
export function listAgentTraces(folder: string = existsSync(WHOLE) ? WHOLE : SAMPLE): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.otlp.jsonl.gz'))
    .sort()
    .map((name) => join(folder, name));
}

/** A file of the sample that comes with the project. */
export function sampleFile(name: string): string {
  return join(SAMPLE, name);
}

export interface Counts {
  readonly traces: number;
  readonly spans: number;
  /** Spans whose status is ERROR. */
  readonly errorSpans: number;
  /** Traces whose root span's status is ERROR. */
  readonly errorTraces: number;
}

interface OtlpLine {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status?: { readonly code?: number };
}

/** Counts what is in a file by nothing but `JSON.parse`, so that no code of ours can agree with itself. */
export async function countFile(file: string): Promise<Counts> {
  const traces = new Set<string>();
  const spans = new Set<string>();
  let errorSpans = 0;
  let errorTraces = 0;
  for await (const line of createInterface({
    input: createReadStream(file).pipe(createGunzip()),
    crlfDelay: Infinity,
  })) {
    if (line.trim() === '') continue;
    for (const span of (JSON.parse(line) as OtlpLine).resourceSpans.flatMap((resource) =>
      resource.scopeSpans.flatMap((scope) => scope.spans),
    )) {
      traces.add(span.traceId);
      spans.add(`${span.traceId}/${span.spanId}`);
      if (span.status?.code !== 2) continue;
      errorSpans += 1;
      if ((span.parentSpanId ?? '') === '') errorTraces += 1;
    }
  }
  return { traces: traces.size, spans: spans.size, errorSpans, errorTraces };
}
