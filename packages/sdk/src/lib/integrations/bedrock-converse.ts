/** Bedrock's Converse as span fields. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, mapAt, numberAt, textAt, type JsonMap } from './json-shape.ts';
import { tokenUsage } from './token-usage.ts';

export const converse: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: (request) => {
    const config = mapAt(request, 'inferenceConfig');
    const tools = listAt(mapAt(request, 'toolConfig'), 'tools').map(toChatTool);
    return {
      inputs: request,
      attributes: defined({
        [MLFLOW_KEYS.messageFormat]: 'bedrock',
        [MLFLOW_KEYS.chatTools]: tools.length === 0 ? undefined : tools,
        'gen_ai.request.temperature': numberAt(config, 'temperature'),
        'gen_ai.request.top_p': numberAt(config, 'topP'),
        'gen_ai.request.max_tokens': numberAt(config, 'maxTokens'),
        'gen_ai.request.stop_sequences': config['stopSequences'],
      }),
    };
  },
  describeResponse: (response) => {
    const { $metadata: _metadata, ...outputs } = isMap(response) ? response : {};
    const reason = textAt(response, 'stopReason');
    return {
      outputs,
      attributes: defined({
        [OTEL_KEYS.responseId]: textAt(mapAt(response, '$metadata'), 'requestId'),
        [OTEL_KEYS.finishReasons]: reason === undefined ? undefined : [reason],
        ...converseUsage(mapAt(response, 'usage')),
      }),
    };
  },
  streamIn: (response) => (isMap(response) ? (response['stream'] ?? response) : response),
  createAssembler: createConverseAssembler,
};

/** Bedrock counts cached input apart, as Anthropic does. */
function converseUsage(usage: JsonMap): Readonly<Record<string, unknown>> {
  const input = numberAt(usage, 'inputTokens');
  const cacheRead = numberAt(usage, 'cacheReadInputTokens') ?? numberAt(usage, 'cacheReadInputTokenCount') ?? 0;
  const cacheWrite = numberAt(usage, 'cacheWriteInputTokens') ?? numberAt(usage, 'cacheWriteInputTokenCount') ?? 0;
  return tokenUsage({
    input: input === undefined ? undefined : input + cacheRead + cacheWrite,
    output: numberAt(usage, 'outputTokens'),
    cacheRead,
    cacheWrite,
  });
}

function toChatTool(tool: unknown): unknown {
  const { name, description, inputSchema } = mapAt(tool, 'toolSpec');
  if (name === undefined) return tool;
  return {
    type: 'function',
    function: defined({ name, description, parameters: isMap(inputSchema) ? inputSchema['json'] : undefined }),
  };
}

type Draft = { [key: string]: unknown };

/** Merges the events of a stream into the answer they stand for. */
function createConverseAssembler(whole?: unknown): StreamAssembler {
  // Ids are beside the stream, not in it.
  const response: Draft = { $metadata: mapAt(whole, '$metadata') };
  const blocks = new Map<number, Draft>();
  let role = 'assistant';
  return {
    add(event) {
      const start = mapAt(event, 'contentBlockStart');
      const delta = mapAt(event, 'contentBlockDelta');
      const startIndex = numberAt(start, 'contentBlockIndex');
      role = textAt(mapAt(event, 'messageStart'), 'role') ?? role;
      if (startIndex !== undefined) blocks.set(startIndex, { ...mapAt(start, 'start') });
      const reason = textAt(mapAt(event, 'messageStop'), 'stopReason');
      if (reason !== undefined) response['stopReason'] = reason;
      Object.assign(response, mapAt(event, 'metadata'));
      const index = numberAt(delta, 'contentBlockIndex');
      return index !== undefined && addDelta(blocks, index, mapAt(delta, 'delta'));
    },
    build() {
      const content = [...blocks].sort(([a], [b]) => a - b).map(([, block]) => finishBlock(block));
      return { output: { message: { role, content } }, ...response };
    },
  };
}

/** @returns Whether there was something to read. */
function addDelta(blocks: Map<number, Draft>, index: number, delta: JsonMap): boolean {
  const block = blocks.get(index) ?? {};
  blocks.set(index, block);
  const text = textAt(delta, 'text');
  const input = textAt(mapAt(delta, 'toolUse'), 'input');
  const thought = mapAt(delta, 'reasoningContent');
  if (text !== undefined) block['text'] = (textAt(block, 'text') ?? '') + text;
  if (input !== undefined) {
    const known = mapAt(block, 'toolUse');
    block['toolUse'] = { ...known, input: (textAt(known, 'input') ?? '') + input };
  }
  if (delta['reasoningContent'] !== undefined) block['reasoningContent'] = addThought(block, thought);
  return text !== undefined || input !== undefined || textAt(thought, 'text') !== undefined;
}

/** Streamed flat, answered nested: `{reasoningText: {text, signature}}`. */
function addThought(block: Draft, thought: JsonMap): Draft {
  const known = mapAt(mapAt(block, 'reasoningContent'), 'reasoningText');
  const { text, signature, ...rest } = thought;
  return {
    ...rest,
    reasoningText: defined({
      ...known,
      text: typeof text === 'string' ? (textAt(known, 'text') ?? '') + text : known['text'],
      signature: signature ?? known['signature'],
    }),
  };
}

function finishBlock(block: Draft): Draft {
  const call = mapAt(block, 'toolUse');
  const input = textAt(call, 'input');
  if (input === undefined) return block;
  try {
    return { ...block, toolUse: { ...call, input: JSON.parse(input) as unknown } };
  } catch {
    // Cut short: the text says how far it came.
    return block;
  }
}
