/** Anthropic's messages as span fields; Bedrock and Vertex serve the same shapes. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, mapAt, numberAt, textAt } from './json-shape.ts';
import { tokenUsage } from './token-usage.ts';

export const anthropicMessages: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: (request) => {
    const tools = listAt(request, 'tools').map(toChatTool);
    return {
      inputs: request,
      attributes: defined({
        [MLFLOW_KEYS.messageFormat]: 'anthropic',
        [MLFLOW_KEYS.chatTools]: tools.length === 0 ? undefined : tools,
        'gen_ai.request.temperature': numberAt(request, 'temperature'),
        'gen_ai.request.top_p': numberAt(request, 'top_p'),
        'gen_ai.request.top_k': numberAt(request, 'top_k'),
        'gen_ai.request.max_tokens': numberAt(request, 'max_tokens'),
        'gen_ai.request.stop_sequences': isMap(request) ? request['stop_sequences'] : undefined,
      }),
    };
  },
  describeResponse: (response) => {
    const model = textAt(response, 'model');
    const reason = textAt(response, 'stop_reason');
    return {
      outputs: response,
      attributes: defined({
        [MLFLOW_KEYS.model]: model,
        [OTEL_KEYS.responseModel]: model,
        [OTEL_KEYS.responseId]: textAt(response, 'id'),
        [OTEL_KEYS.finishReasons]: reason === undefined ? undefined : [reason],
        ...anthropicUsage(isMap(response) ? response['usage'] : undefined),
      }),
    };
  },
  createAssembler: createMessageAssembler,
};

/** Anthropic counts cached input apart: what was read from the cache and written to it is input too. */
export function anthropicUsage(usage: unknown): Readonly<Record<string, unknown>> {
  const cacheRead = numberAt(usage, 'cache_read_input_tokens') ?? 0;
  const cacheWrite = numberAt(usage, 'cache_creation_input_tokens') ?? 0;
  const input = numberAt(usage, 'input_tokens');
  return tokenUsage({
    input: input === undefined ? undefined : input + cacheRead + cacheWrite,
    output: numberAt(usage, 'output_tokens'),
    cacheRead,
    cacheWrite,
    reasoning: numberAt(mapAt(usage, 'output_tokens_details'), 'thinking_tokens'),
  });
}

/** Tools of the user's own; the server's tools have a type and no schema. */
function toChatTool(tool: unknown): unknown {
  if (!isMap(tool) || tool['input_schema'] === undefined) return tool;
  const { name, description, input_schema: parameters } = tool;
  return { type: 'function', function: defined({ name, description, parameters }) };
}

type Draft = { [key: string]: unknown };

/** Merges the events of a stream into the message they stand for. */
export function createMessageAssembler(): StreamAssembler {
  let message: Draft = {};
  const blocks = new Map<number, Draft>();
  const inputs = new Map<number, string>();

  return {
    add(event) {
      const index = numberAt(event, 'index') ?? 0;
      switch (textAt(event, 'type')) {
        case 'message_start':
          message = { ...mapAt(event, 'message') };
          return false;
        case 'content_block_start':
          blocks.set(index, { ...mapAt(event, 'content_block') });
          return textAt(mapAt(event, 'content_block'), 'type')?.endsWith('tool_use') === true;
        case 'content_block_delta':
          return addDelta(blocks.get(index) ?? {}, inputs, index, mapAt(event, 'delta'));
        case 'message_delta':
          Object.assign(message, mapAt(event, 'delta'));
          message['usage'] = { ...mapAt(message, 'usage'), ...defined(mapAt(event, 'usage')) };
          return false;
        default:
          return false;
      }
    },
    build() {
      const content = [...blocks]
        .sort(([a], [b]) => a - b)
        .map(([index, block]) => {
          const text = inputs.get(index);
          return text === undefined ? block : { ...block, input: parseInput(text) };
        });
      return { ...message, content };
    },
  };
}

/** Delta fields that are pieces of one text in the block. */
const TEXT_PIECES = ['text', 'thinking', 'signature'] as const;

/** @returns Whether there was something to read. */
function addDelta(block: Draft, inputs: Map<number, string>, index: number, delta: Readonly<Draft>): boolean {
  const json = textAt(delta, 'partial_json');
  if (json !== undefined) inputs.set(index, (inputs.get(index) ?? '') + json);
  for (const key of TEXT_PIECES) {
    const piece = textAt(delta, key);
    if (piece !== undefined) block[key] = (textAt(block, key) ?? '') + piece;
  }
  if (delta['citation'] !== undefined) block['citations'] = [...listAt(block, 'citations'), delta['citation']];
  return textAt(delta, 'text') !== undefined || textAt(delta, 'thinking') !== undefined || json !== undefined;
}

/** Cut short, it stays the text it is. */
function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
