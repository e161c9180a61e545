/** OpenAI chat completions as span fields. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, numberAt, textAt, type JsonMap } from './json-shape.ts';
import { usageAttributes } from './openai-usage.ts';

export const chatCompletions: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: (request) => {
    const tools = listAt(request, 'tools');
    return {
      inputs: request,
      attributes: defined({
        [MLFLOW_KEYS.messageFormat]: 'openai',
        [MLFLOW_KEYS.chatTools]: tools.length === 0 ? undefined : tools,
        ...requestParameters(request),
      }),
    };
  },
  describeResponse: (response) => ({ outputs: response, attributes: responseAttributes(response) }),
  createAssembler: createChatAssembler,
};

/** Sampling settings under the GenAI names; most vendors copied OpenAI's. */
export function requestParameters(request: unknown): Readonly<Record<string, unknown>> {
  const stop = isMap(request) ? request['stop'] : undefined;
  return {
    'gen_ai.request.temperature': numberAt(request, 'temperature'),
    'gen_ai.request.top_p': numberAt(request, 'top_p'),
    'gen_ai.request.max_tokens': numberAt(request, 'max_completion_tokens') ?? numberAt(request, 'max_tokens'),
    'gen_ai.request.frequency_penalty': numberAt(request, 'frequency_penalty'),
    'gen_ai.request.presence_penalty': numberAt(request, 'presence_penalty'),
    'gen_ai.request.seed': numberAt(request, 'seed'),
    'gen_ai.request.choice.count': numberAt(request, 'n'),
    'gen_ai.request.stop_sequences': typeof stop === 'string' ? [stop] : stop,
  };
}

function responseAttributes(response: unknown): Readonly<Record<string, unknown>> {
  const reasons = listAt(response, 'choices').map((choice) => textAt(choice, 'finish_reason'));
  const finishReasons = reasons.filter((reason) => reason !== undefined);
  const model = textAt(response, 'model');
  return defined({
    [MLFLOW_KEYS.model]: model,
    [OTEL_KEYS.responseModel]: model,
    [OTEL_KEYS.responseId]: textAt(response, 'id'),
    [OTEL_KEYS.finishReasons]: finishReasons.length === 0 ? undefined : finishReasons,
    ...usageAttributes(isMap(response) ? response['usage'] : undefined),
  });
}

type Draft = { [key: string]: unknown };

interface ChoiceDraft {
  readonly message: Draft;
  readonly toolCalls: Map<number, ToolCallDraft>;
  readonly rest: Draft;
}

interface ToolCallDraft {
  readonly fields: Draft;
  readonly call: Draft;
}

/** Delta fields that are pieces of one text. Reasoning is not OpenAI's: DeepSeek, vLLM, OpenRouter and Groq send it. */
const TEXT_PIECES: ReadonlySet<string> = new Set(['content', 'refusal', 'reasoning_content', 'reasoning']);

/** Merges `chat.completion.chunk`s into the `chat.completion` they stand for. */
function createChatAssembler(): StreamAssembler {
  const head: Draft = {};
  const choices = new Map<number, ChoiceDraft>();

  function choiceAt(index: number): ChoiceDraft {
    const known = choices.get(index);
    if (known !== undefined) return known;
    const fresh: ChoiceDraft = { message: { role: 'assistant', content: null }, toolCalls: new Map(), rest: {} };
    choices.set(index, fresh);
    return fresh;
  }

  return {
    add(chunk) {
      if (!isMap(chunk)) return false;
      addHead(head, chunk);
      let isReadable = false;
      for (const choice of listAt(chunk, 'choices')) {
        if (!isMap(choice)) continue;
        const draft = choiceAt(numberAt(choice, 'index') ?? 0);
        addRest(draft.rest, choice);
        if (isMap(choice['delta']) && addDelta(draft, choice['delta'])) isReadable = true;
      }
      return isReadable;
    },
    build: () => ({
      ...head,
      object: 'chat.completion',
      choices: [...choices].sort(([a], [b]) => a - b).map(([index, draft]) => buildChoice(index, draft)),
    }),
  };
}

function addHead(head: Draft, chunk: JsonMap): void {
  for (const [key, value] of Object.entries(chunk)) {
    if (key === 'choices' || key === 'obfuscation' || value === null) continue;
    head[key] = value;
  }
  // Groq sends the usage apart from everybody else.
  const usage = isMap(chunk['x_groq']) ? chunk['x_groq']['usage'] : undefined;
  if (isMap(usage)) head['usage'] = usage;
}

/** Finish reason, log probabilities and whatever a server adds beside the delta. */
function addRest(rest: Draft, choice: JsonMap): void {
  for (const [key, value] of Object.entries(choice)) {
    if (key === 'delta' || key === 'index' || value === null) continue;
    if (key === 'logprobs' && isMap(value)) rest['logprobs'] = mergeLists(rest['logprobs'], value);
    else rest[key] = value;
  }
}

function mergeLists(former: unknown, next: JsonMap): Draft {
  const merged: Draft = isMap(former) ? { ...former } : {};
  for (const [key, value] of Object.entries(next)) {
    const known = merged[key];
    if (Array.isArray(known) && Array.isArray(value)) known.push(...(value as readonly unknown[]));
    else merged[key] = Array.isArray(value) ? [...(value as readonly unknown[])] : value;
  }
  return merged;
}

/** @returns Whether there was something to read. */
function addDelta({ message, toolCalls }: ChoiceDraft, delta: JsonMap): boolean {
  let isReadable = false;
  for (const [key, value] of Object.entries(delta)) {
    if (value === null || value === undefined) continue;
    if (key === 'tool_calls') {
      for (const piece of listAt(delta, key)) if (isMap(piece)) addToolCall(toolCalls, piece);
      isReadable = true;
    } else if (TEXT_PIECES.has(key) && typeof value === 'string') {
      const known = message[key];
      message[key] = typeof known === 'string' ? known + value : value;
      if (value !== '') isReadable = true;
    } else {
      const known = message[key];
      message[key] =
        Array.isArray(known) && Array.isArray(value) ? [...(known as unknown[]), ...(value as unknown[])] : value;
    }
  }
  return isReadable;
}

/** Arguments come in pieces; parallel calls are told apart by `index`. */
function addToolCall(toolCalls: Map<number, ToolCallDraft>, piece: JsonMap): void {
  // Some compatible servers send whole calls without an index, one after another.
  const index = numberAt(piece, 'index') ?? toolCalls.size;
  const draft = toolCalls.get(index) ?? { fields: {}, call: {} };
  toolCalls.set(index, draft);
  for (const [key, value] of Object.entries(piece)) {
    if (key !== 'index' && key !== 'function' && value !== null) draft.fields[key] = value;
  }
  if (!isMap(piece['function'])) return;
  for (const [key, value] of Object.entries(piece['function'])) {
    const known = draft.call[key];
    if (typeof known === 'string' && typeof value === 'string' && key === 'arguments') draft.call[key] = known + value;
    else if (value !== null && value !== '') draft.call[key] = value;
    else if (known === undefined) draft.call[key] = value;
  }
}

function buildChoice(index: number, { message, toolCalls, rest }: ChoiceDraft): Draft {
  const calls = [...toolCalls].sort(([a], [b]) => a - b).map(([, { fields, call }]) => ({ ...fields, function: call }));
  return { index, message: calls.length === 0 ? message : { ...message, tool_calls: calls }, ...rest };
}
