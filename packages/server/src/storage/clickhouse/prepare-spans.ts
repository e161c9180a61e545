/**
 * The costly part of writing spans, which needs no connection and may run in another thread: each becomes the bytes of
 * a line of JSON. Only its version, which says when it was written, is filled in later.
 */
import { toSpanFact } from '../span-fact.ts';
import type { PreparedSpan, SpanWrite } from '../span-store.ts';
import { encodeRow } from './encode-row.ts';
import { toSpanRow, UNSET_VERSION } from './span-row.ts';

/** Where the digits of the version stand in a line. */
const VERSION_AT = '{"version":"'.length;

/** Lines end with a line feed; those of one call share a buffer. */
export function prepareSpans(writes: readonly SpanWrite[]): readonly PreparedSpan[] {
  const drafts = writes.map((write) => {
    const fact = toSpanFact(write);
    return { traceId: write.span.traceId, fact, line: `${encodeRow(toSpanRow(write, fact))}\n` };
  });
  const size = drafts.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
  // Not from a pool: the buffer goes to another thread as a whole.
  const bytes = Buffer.allocUnsafeSlow(size);
  let end = 0;
  return drafts.map(({ traceId, fact, line }): PreparedSpan => {
    const begin = end;
    end += bytes.write(line, begin);
    return { traceId, fact, content: new Uint8Array(bytes.buffer, begin, end - begin) };
  });
}

/** The bytes of a prepared span, from now on with this version. */
export function withVersion({ content }: PreparedSpan, version: bigint): Uint8Array {
  if (!(content instanceof Uint8Array)) throw new Error('This span was prepared for another kind of store');
  const digits = version.toString().padStart(UNSET_VERSION.length, '0');
  for (let at = 0; at < digits.length; at += 1) content[VERSION_AT + at] = digits.charCodeAt(at);
  return content;
}
