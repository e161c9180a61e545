/** Microsoft Agent Framework: GenAI spans, and workflows with their executors. */
import type { Span, SpanMeaning, SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { operationType, readGenAiContent } from './gen-ai.ts';

export function readAgentFramework(span: Span): Partial<SpanMeaning> {
  const type = typeOf(span);
  return meaningOf({ type, ...readGenAiContent(span, type) });
}

function typeOf({ attributes }: Span): SpanType | undefined {
  const operation = operationType(attributes);
  if (operation !== undefined) return operation;
  if (attributes['executor.id'] !== undefined) return 'TASK';
  return attributes['workflow.id'] === undefined ? undefined : 'WORKFLOW';
}
