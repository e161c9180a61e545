/** What waits to be sent, bounded by count and by memory. */
import type { LiveSpan } from './live-span.ts';

export interface QueueLimits {
  readonly maxSpans: number;
  readonly maxBytes: number;
}

export interface SpanQueue {
  /** `false` when there is no room: the span is not kept. */
  push(span: LiveSpan): boolean;
  /** Takes out the oldest spans: up to `maxSpans`, and no more than `maxBytes` unless the first alone is larger. */
  take(maxSpans: number, maxBytes: number): readonly LiveSpan[];
  readonly length: number;
}

export function createSpanQueue(limits: QueueLimits): SpanQueue {
  let spans: LiveSpan[] = [];
  let bytes = 0;
  return {
    push(span) {
      if (spans.length >= limits.maxSpans || bytes + span.bytes > limits.maxBytes) return false;
      spans.push(span);
      bytes += span.bytes;
      return true;
    },
    take(maxSpans, maxBytes) {
      let taken = 0;
      let takenBytes = 0;
      for (const span of spans) {
        if (taken >= maxSpans || (taken > 0 && takenBytes + span.bytes > maxBytes)) break;
        taken += 1;
        takenBytes += span.bytes;
      }
      const batch = spans.slice(0, taken);
      spans = spans.slice(taken);
      bytes -= takenBytes;
      return batch;
    },
    get length() {
      return spans.length;
    },
  };
}
