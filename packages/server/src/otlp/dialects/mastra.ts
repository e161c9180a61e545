/** Mastra: `mastra.span.type`, and each type's content under its own name. */
import { type Attributes, type Span, type SpanMeaning, type SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { decodePayload, identifier } from '../payload.ts';
import { readGenAiContent } from './gen-ai.ts';

export function readMastra(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const word = identifier(attributes['mastra.span.type']) ?? '';
  const type = TYPES.get(word) ?? 'UNKNOWN';
  const tool = type === 'TOOL' ? readGenAiContent(span, type) : {};
  return meaningOf({
    type,
    inputs: tool.inputs ?? own(attributes, word, 'input'),
    outputs: tool.outputs ?? own(attributes, word, 'output'),
  });
}

const TYPES = new Map<string, SpanType>([
  ['agent_run', 'AGENT'],
  ['model_generation', 'CHAIN'],
  ['model_step', 'CHAIN'],
  ['model_inference', 'CHAT_MODEL'],
  ['tool_call', 'TOOL'],
  ['mcp_tool_call', 'TOOL'],
  ['workflow_run', 'WORKFLOW'],
  ['workflow_step', 'TASK'],
  ['memory_operation', 'MEMORY'],
  ['rag_embedding', 'EMBEDDING'],
  ['rag_vector_operation', 'RETRIEVER'],
  ['scorer_run', 'EVALUATOR'],
  ['processor_run', 'CHAIN'],
]);

function own(attributes: Attributes, word: string, side: 'input' | 'output'): SpanMeaning['inputs'] {
  return decodePayload(attributes[`mastra.${word}.${side}`]);
}
