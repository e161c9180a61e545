/** Spans of the Model Context Protocol that carry no GenAI operation: tool calls, and everything that keeps it going. */
import type { Span, SpanMeaning } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { decodePayload } from '../payload.ts';

export function readMcp({ attributes }: Span): Partial<SpanMeaning> {
  return meaningOf({
    type: attributes['mcp.method.name'] === 'tools/call' ? 'TOOL' : 'UNKNOWN',
    inputs: decodePayload(attributes['mcp.request.argument']),
    outputs: decodePayload(attributes['mcp.response.value']),
  });
}
