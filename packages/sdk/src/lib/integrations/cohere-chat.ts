/** Cohere's chat of both APIs, and embeddings, as span fields. Names as the API spells them. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, mapAt, numberAt, textAt, type JsonMap } from './json-shape.ts';
import { toSnakeKeys } from './snake-keys.ts';
import { tokenUsage } from './token-usage.ts';

export const cohereChat: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: (request) => {
    const tools = listAt(request, 'tools');
    return {
      inputs: request,
      attributes: defined({
        [MLFLOW_KEYS.messageFormat]: 'cohere',
        [MLFLOW_KEYS.chatTools]: tools.length === 0 ? undefined : tools,
        'gen_ai.request.temperature': numberAt(request, 'temperature'),
        'gen_ai.request.top_p': numberAt(request, 'p'),
        'gen_ai.request.top_k': numberAt(request, 'k'),
        'gen_ai.request.max_tokens': numberAt(request, 'max_tokens'),
        'gen_ai.request.frequency_penalty': numberAt(request, 'frequency_penalty'),
        'gen_ai.request.presence_penalty': numberAt(request, 'presence_penalty'),
        'gen_ai.request.seed': numberAt(request, 'seed'),
        'gen_ai.request.stop_sequences': isMap(request) ? request['stop_sequences'] : undefined,
      }),
    };
  },
  describeResponse: (response) => {
    const reason = textAt(response, 'finish_reason');
    return {
      outputs: response,
      attributes: defined({
        [OTEL_KEYS.responseId]: textAt(response, 'id') ?? textAt(response, 'response_id'),
        [OTEL_KEYS.finishReasons]: reason === undefined ? undefined : [reason],
        ...chatUsage(response),
      }),
      ...(reason?.startsWith('ERROR') === true ? { failure: `The model ended with ${reason}` } : {}),
    };
  },
  createAssembler: createChatAssembler,
};

/** Vectors are never kept. */
export const cohereEmbeddings: Exchange = {
  spanType: 'EMBEDDING',
  operation: 'embeddings',
  describeRequest: (request) => ({ inputs: request, attributes: {} }),
  describeResponse: (response) => {
    const found = isMap(response) ? response['embeddings'] : undefined;
    // By type since the second API: `{float: [[…]], int8: [[…]]}`.
    const lists = isMap(found) ? Object.values(found).filter((list) => Array.isArray(list)) : [found];
    const vectors: readonly unknown[] = Array.isArray(lists[0]) ? (lists[0] as readonly unknown[]) : [];
    const dimensions = Array.isArray(vectors[0]) ? vectors[0].length : undefined;
    const input = numberAt(mapAt(mapAt(response, 'meta'), 'billed_units'), 'input_tokens');
    return {
      outputs: { id: textAt(response, 'id'), count: vectors.length, dimensions },
      attributes: defined({
        [OTEL_KEYS.responseId]: textAt(response, 'id'),
        [OTEL_KEYS.embeddingDimensions]: dimensions,
        ...(input === undefined ? {} : tokenUsage({ input, output: 0 })),
      }),
    };
  },
};

/** Tokens read and written by the model, not those billed: Cohere does not bill all of them. */
function chatUsage(response: unknown): Readonly<Record<string, unknown>> {
  const usage = { ...mapAt(response, 'meta'), ...mapAt(response, 'usage') };
  const tokens = { ...mapAt(usage, 'billed_units'), ...mapAt(usage, 'tokens') };
  return tokenUsage({
    input: numberAt(tokens, 'input_tokens'),
    output: numberAt(tokens, 'output_tokens'),
    cacheRead: numberAt(usage, 'cached_tokens'),
  });
}

type Draft = { [key: string]: unknown };

/** Merges the events of either API's stream. The first one's last event carries the whole response. */
function createChatAssembler(): StreamAssembler {
  const response: Draft = {};
  const blocks = new Map<number, Draft>();
  const calls = new Map<number, Draft>();
  let plan = '';
  let firstText = '';
  let whole: JsonMap | undefined;

  /** @returns Whether there was something to read. */
  function addSecond(event: JsonMap, type: string): boolean {
    const delta = mapAt(event, 'delta');
    const message = mapAt(delta, 'message');
    const index = numberAt(event, 'index') ?? 0;
    switch (type) {
      case 'message-start':
        Object.assign(response, defined({ id: event['id'] }));
        return false;
      case 'content-start':
        blocks.set(index, { ...mapAt(message, 'content') });
        return false;
      case 'content-delta':
        return addTexts(blocks, index, mapAt(message, 'content'));
      case 'tool-plan-delta':
        plan += textAt(message, 'tool_plan') ?? '';
        return plan !== '';
      case 'tool-call-start':
        calls.set(index, { ...mapAt(message, 'tool_calls') });
        return true;
      case 'tool-call-delta':
        return addArguments(calls.get(index) ?? {}, mapAt(message, 'tool_calls'));
      case 'message-end':
        Object.assign(response, delta);
        return false;
      default:
        return false;
    }
  }

  function addFirst(event: JsonMap, type: string): boolean {
    if (type === 'stream-start') Object.assign(response, defined({ generation_id: event['generation_id'] }));
    if (type === 'text-generation') firstText += textAt(event, 'text') ?? '';
    if (type === 'stream-end') whole = mapAt(event, 'response');
    return type === 'text-generation';
  }

  function buildMessage(): Draft {
    const content = [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
    const toolCalls = [...calls].sort(([a], [b]) => a - b).map(([, call]) => call);
    return {
      role: 'assistant',
      ...(content.length === 0 ? {} : { content }),
      ...(plan === '' ? {} : { tool_plan: plan }),
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
    };
  }

  return {
    add(item) {
      const event = toSnakeKeys(item);
      if (!isMap(event)) return false;
      const type = textAt(event, 'type');
      return type === undefined ? addFirst(event, textAt(event, 'event_type') ?? '') : addSecond(event, type);
    },
    build() {
      if (whole !== undefined) return whole;
      if (firstText !== '') return { ...response, text: firstText };
      return { ...response, message: buildMessage() };
    },
  };
}

function addTexts(blocks: Map<number, Draft>, index: number, piece: JsonMap): boolean {
  const block = blocks.get(index) ?? {};
  blocks.set(index, block);
  let isReadable = false;
  for (const key of ['text', 'thinking']) {
    const text = textAt(piece, key);
    if (text === undefined) continue;
    block[key] = (textAt(block, key) ?? '') + text;
    isReadable = true;
  }
  return isReadable;
}

function addArguments(call: Draft, piece: JsonMap): boolean {
  const text = textAt(mapAt(piece, 'function'), 'arguments') ?? '';
  const known = mapAt(call, 'function');
  call['function'] = { ...known, arguments: (textAt(known, 'arguments') ?? '') + text };
  return text !== '';
}
