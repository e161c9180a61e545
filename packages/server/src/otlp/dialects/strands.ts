/** Strands Agents: GenAI spans with Bedrock's blocks in their events, and cycles of an agent's loop between them. */
import type { Span, SpanMeaning } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { operationType, readGenAiContent } from './gen-ai.ts';

export function readStrands(span: Span): Partial<SpanMeaning> {
  const isCycle = span.name === 'execute_event_loop_cycle' || span.name === 'execute_agent_loop_cycle';
  const type = operationType(span.attributes) ?? (isCycle ? 'CHAIN' : undefined);
  return meaningOf({ type, ...readGenAiContent(span, type) });
}
