import type { Span } from '@clew/core';
import type { FinishedTrace, SpanExporter } from './exporter.ts';

/** Keeps everything in memory: for tests. */
export interface MemoryExporter extends SpanExporter {
  /** Ended spans in the order they ended. */
  readonly spans: readonly Span[];
  /** Traces whose root has ended, in that order. */
  readonly traces: readonly FinishedTrace[];
  clear(): void;
}

/**
 * An exporter for tests.
 *
 * @example
 * ```ts
 * const memory = createMemoryExporter();
 * init({ exporter: memory });
 * withSpan({ name: 'work' }, () => 42);
 * await flush();
 * memory.spans[0]?.name; // 'work'
 * ```
 */
export function createMemoryExporter(): MemoryExporter {
  const spans: Span[] = [];
  const traces: FinishedTrace[] = [];
  return {
    spans,
    traces,
    export(batch) {
      spans.push(...batch.spans);
      traces.push(...batch.traces);
      return Promise.resolve({ sentSpans: batch.spans.length, retries: 0, lost: [] });
    },
    clear() {
      spans.length = 0;
      traces.length = 0;
    },
  };
}
