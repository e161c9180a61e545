/** LiveKit Agents: voice turns. Newer versions put `pii` into the names of what people said. */
import type { Attributes, AttributeValue, Span, SpanMeaning, SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { decodePayload } from '../payload.ts';
import { operationType, readGenAiContent } from './gen-ai.ts';

export function readLivekit(span: Span): Partial<SpanMeaning> {
  const { attributes, name } = span;
  const type = operationType(attributes) ?? TYPES.get(name) ?? 'UNKNOWN';
  const standard = readGenAiContent(span, type);
  return meaningOf({
    type,
    inputs: standard.inputs ?? first(attributes, INPUTS),
    outputs: standard.outputs ?? first(attributes, OUTPUTS),
  });
}

const TYPES = new Map<string, SpanType>([
  ['agent_session', 'AGENT'],
  ['agent_turn', 'AGENT'],
  ['llm_node', 'CHAIN'],
  ['llm_request', 'LLM'],
  ['llm_request_run', 'LLM'],
  ['realtime_inference', 'LLM'],
  ['function_tool', 'TOOL'],
  ['job_entrypoint', 'WORKFLOW'],
]);

const INPUTS = ['function_tool.arguments', 'chat_ctx', 'user_input', 'user_transcript', 'input_text'];
const OUTPUTS = ['function_tool.output', 'response.text'];

function first(attributes: Attributes, fields: readonly string[]): AttributeValue | undefined {
  for (const field of fields) {
    const value = decodePayload(attributes[`lk.pii.${field}`] ?? attributes[`lk.${field}`]);
    if (value !== undefined) return value;
  }
  return undefined;
}
