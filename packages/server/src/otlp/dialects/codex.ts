/** Codex CLI: no prompts or answers in its spans; tools leave an event. */
import type { Span, SpanMeaning, SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { decodePayload, identifier } from '../payload.ts';

export function readCodex({ name, attributes, events }: Span): Partial<SpanMeaning> {
  const tool = events.findLast((event) => event.name === 'codex.tool_result')?.attributes;
  return meaningOf({
    type: TYPES.get(name) ?? (tool === undefined ? 'UNKNOWN' : 'TOOL'),
    inputs: decodePayload(tool?.['arguments']),
    outputs: decodePayload(tool?.['output']),
    model: identifier(attributes['gen_ai.response.model'] ?? attributes['gen_ai.request.model'] ?? attributes['model']),
  });
}

const TYPES = new Map<string, SpanType>([
  ['session_task.turn', 'AGENT'],
  ['handle_responses', 'LLM'],
]);
