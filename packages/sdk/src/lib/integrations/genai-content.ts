/** Gemini's requests and answers as span fields. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, mapAt, numberAt, textAt, type JsonMap } from './json-shape.ts';
import { tokenUsage } from './token-usage.ts';

export const geminiContent: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: (request) => {
    const config = mapAt(request, 'config');
    const tools = listAt(config, 'tools').flatMap(toChatTools);
    return {
      inputs: readableRequest(request),
      attributes: defined({
        [MLFLOW_KEYS.messageFormat]: 'gemini',
        [MLFLOW_KEYS.chatTools]: tools.length === 0 ? undefined : tools,
        'gen_ai.request.temperature': numberAt(config, 'temperature'),
        'gen_ai.request.top_p': numberAt(config, 'topP'),
        'gen_ai.request.top_k': numberAt(config, 'topK'),
        'gen_ai.request.max_tokens': numberAt(config, 'maxOutputTokens'),
        'gen_ai.request.frequency_penalty': numberAt(config, 'frequencyPenalty'),
        'gen_ai.request.presence_penalty': numberAt(config, 'presencePenalty'),
        'gen_ai.request.seed': numberAt(config, 'seed'),
        'gen_ai.request.choice.count': numberAt(config, 'candidateCount'),
        'gen_ai.request.stop_sequences': config['stopSequences'],
      }),
    };
  },
  describeResponse: (response) => {
    const model = textAt(response, 'modelVersion');
    const reasons = listAt(response, 'candidates').map((candidate) => textAt(candidate, 'finishReason'));
    // A prompt that is refused has no candidates.
    const blocked = textAt(mapAt(response, 'promptFeedback'), 'blockReason');
    const finishReasons = [...reasons, blocked].filter((reason) => reason !== undefined);
    return {
      outputs: readableResponse(response),
      attributes: defined({
        [MLFLOW_KEYS.model]: model,
        [OTEL_KEYS.responseModel]: model,
        [OTEL_KEYS.responseId]: textAt(response, 'responseId'),
        [OTEL_KEYS.finishReasons]: finishReasons.length === 0 ? undefined : finishReasons,
        ...usageAttributes(mapAt(response, 'usageMetadata')),
      }),
    };
  },
  createAssembler: createContentAssembler,
};

/** Vectors are never kept. */
export const geminiEmbedding: Exchange = {
  spanType: 'EMBEDDING',
  operation: 'embeddings',
  describeRequest: (request) => ({ inputs: readableRequest(request), attributes: {} }),
  describeResponse: (response) => {
    const embeddings = listAt(response, 'embeddings');
    const dimensions = listAt(embeddings[0], 'values').length;
    const counts = embeddings.map((embedding) => numberAt(mapAt(embedding, 'statistics'), 'tokenCount'));
    const known = counts.filter((count) => count !== undefined);
    return {
      outputs: { count: embeddings.length, dimensions },
      attributes: {
        [OTEL_KEYS.embeddingDimensions]: dimensions,
        ...(known.length === 0 ? {} : tokenUsage({ input: known.reduce((a, b) => a + b, 0), output: 0 })),
      },
    };
  },
};

export const geminiImages: Exchange = {
  spanType: 'LLM',
  operation: 'generate_content',
  describeRequest: (request) => ({
    inputs: readableRequest(request),
    attributes: { 'gen_ai.output.type': 'image' },
  }),
  describeResponse: (response) => ({
    outputs: { count: listAt(response, 'generatedImages').length },
    attributes: {},
  }),
};

/** Without what belongs to the client: signals and transport options, which may hold keys. */
function readableRequest(request: unknown): unknown {
  if (!isMap(request) || !isMap(request['config'])) return request;
  const { abortSignal: _signal, httpOptions: _options, ...config } = request['config'];
  return { ...request, config };
}

/** Own fields alone: the class has getters that warn when they are read. */
function readableResponse(response: unknown): unknown {
  if (!isMap(response)) return response;
  const { sdkHttpResponse: _http, automaticFunctionCallingHistory: _history, ...fields } = response;
  return fields;
}

function toChatTools(tool: unknown): readonly unknown[] {
  const declarations = listAt(tool, 'functionDeclarations');
  if (declarations.length === 0) return [tool];
  return declarations.map((declaration) => {
    const { name, description, parameters, parametersJsonSchema } = isMap(declaration) ? declaration : {};
    return {
      type: 'function',
      function: defined({ name, description, parameters: parameters ?? parametersJsonSchema }),
    };
  });
}

/** Gemini counts thoughts beside the output and tool prompts beside the prompt. */
function usageAttributes(usage: JsonMap): Readonly<Record<string, unknown>> {
  const input = numberAt(usage, 'promptTokenCount');
  const output = numberAt(usage, 'candidatesTokenCount');
  const thoughts = numberAt(usage, 'thoughtsTokenCount') ?? 0;
  if (input === undefined && output === undefined) return {};
  return tokenUsage({
    input: (input ?? 0) + (numberAt(usage, 'toolUsePromptTokenCount') ?? 0),
    output: (output ?? 0) + thoughts,
    total: numberAt(usage, 'totalTokenCount'),
    cacheRead: numberAt(usage, 'cachedContentTokenCount'),
    reasoning: thoughts,
  });
}

type Draft = { [key: string]: unknown };

/** Merges the partial responses of a stream: later fields win, parts are put one after another. */
function createContentAssembler(): StreamAssembler {
  const head: Draft = {};
  const candidates = new Map<number, { readonly fields: Draft; readonly parts: Draft[]; role: string }>();
  return {
    add(chunk) {
      if (!isMap(chunk)) return false;
      let isReadable = false;
      for (const [key, value] of Object.entries(chunk)) {
        if (key !== 'candidates' && value !== undefined && value !== null) head[key] = value;
      }
      for (const candidate of listAt(chunk, 'candidates')) {
        if (!isMap(candidate)) continue;
        const index = numberAt(candidate, 'index') ?? 0;
        const draft = candidates.get(index) ?? { fields: {}, parts: [], role: 'model' };
        candidates.set(index, draft);
        const { content, ...fields } = candidate;
        Object.assign(draft.fields, defined(fields));
        draft.role = textAt(content, 'role') ?? draft.role;
        for (const part of listAt(content, 'parts')) if (isMap(part) && addPart(draft.parts, part)) isReadable = true;
      }
      return isReadable;
    },
    build: () => ({
      ...head,
      candidates: [...candidates]
        .sort(([a], [b]) => a - b)
        .map(([, { fields, parts, role }]) => ({ content: { role, parts }, ...fields })),
    }),
  };
}

/** Text goes on where text of the same kind has been. @returns Whether there was something to read. */
function addPart(parts: Draft[], part: JsonMap): boolean {
  const last = parts.at(-1);
  const text = part['text'];
  if (typeof text !== 'string') {
    parts.push({ ...part });
    return true;
  }
  if (last !== undefined && typeof last['text'] === 'string' && last['thought'] === part['thought']) {
    Object.assign(last, part, { text: last['text'] + text });
  } else {
    parts.push({ ...part });
  }
  return text !== '';
}
