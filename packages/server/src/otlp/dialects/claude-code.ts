/** Claude Code and the Claude Agent SDK: bare attribute names, and input counts without cached tokens. */
import { createAttributes, type Attributes, type Span, type SpanMeaning, type SpanType } from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { decodePayload, identifier, presentValue } from '../payload.ts';
import { toCount } from '../span-fields.ts';
import { toTokenUsage } from '../token-usage.ts';

export function readClaudeCode(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const word = identifier(attributes['span.type'])?.replace(/^claude_code\./, '') ?? '';
  const type = TYPES.get(word) ?? 'UNKNOWN';
  switch (type) {
    case 'AGENT':
      return meaningOf({ type, inputs: decodePayload(attributes['user_prompt']) });
    case 'TOOL':
      return meaningOf({ type, inputs: toolInput(attributes), outputs: toolOutput(span) });
    case 'LLM':
      return meaningOf({
        type,
        inputs: decodePayload(attributes['new_context']),
        outputs: decodePayload(attributes['response.model_output']),
        model: identifier(attributes['gen_ai.response.model'] ?? attributes['model']),
        usage: toTokenUsage(
          {
            input: toCount(attributes['input_tokens']),
            output: toCount(attributes['output_tokens']),
            cacheRead: toCount(attributes['cache_read_tokens']),
            cacheWrite: toCount(attributes['cache_creation_tokens']),
          },
          'exclusive',
        ),
      });
    default:
      return { type };
  }
}

const TYPES = new Map<string, SpanType>([
  ['interaction', 'AGENT'],
  ['llm_request', 'LLM'],
  ['tool', 'TOOL'],
]);

const TOOL_INPUTS = ['full_command', 'file_path', 'skill_name', 'subagent_type'];

function toolInput(attributes: Attributes): SpanMeaning['inputs'] {
  const whole = decodePayload(attributes['tool_input']);
  if (whole !== undefined) return whole;
  const parts = createAttributes();
  for (const key of TOOL_INPUTS) {
    const value = presentValue(attributes[key]);
    if (value !== undefined) parts[key] = value;
  }
  return presentValue(parts);
}

function toolOutput({ events }: Span): SpanMeaning['outputs'] {
  const event = events.findLast(({ name }) => name === 'tool.output')?.attributes;
  return decodePayload(event?.['output']) ?? decodePayload(event?.['content']) ?? decodePayload(event?.['diff']);
}
