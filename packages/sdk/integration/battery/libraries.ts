/** The libraries that are put through the battery, and what their spans must say. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export type Version = 'highest' | 'lowest';

type Attributes = Readonly<Record<string, unknown>>;

export interface ExpectedCall {
  /** Attributes a span must have, among others. */
  readonly attributes: Attributes;
  /** What the model said. */
  readonly text: string;
}

export interface Library {
  /** Package name. */
  readonly name: string;
  readonly driver: string;
  readonly provider: string;
  readonly plain: ExpectedCall;
  readonly stream: ExpectedCall;
  /** Names of the tools that `tools` calls. */
  readonly tools?: readonly string[];
  readonly streamedTools?: readonly string[];
  /** The status of a refusal. */
  readonly refusal: number;
  /** Answers have an id. Default `true`. */
  readonly hasResponseId?: boolean;
  /** Versions in which clients made before `autolog()` are not observed. */
  readonly missesExisting?: readonly Version[];
  /** Formats in which only copies loaded after `autolog()` are observed. */
  readonly missesLoaded?: readonly ('esm' | 'cjs')[];
  /** Running out of time and being aborted are the same error to the user. */
  readonly hidesTimeout?: boolean;
  /** Being aborted and losing the connection are the same error to the user. */
  readonly hidesAbort?: boolean;
  /** Cases in which a call makes another number of spans than one. */
  readonly spans?: Readonly<Record<string, number>>;
  /** What users should know, for the documentation. */
  readonly limits?: readonly string[];
  /** Cases of its own, and what their last span says. */
  readonly more: Readonly<Record<string, Attributes>>;
}

const FOLDERS: Readonly<Record<Version, URL>> = {
  highest: new URL('./', import.meta.url),
  lowest: new URL('../../../sdk-lowest/', import.meta.url),
};

/** Where programs load that version from. */
export function folderOf(version: Version): string {
  return fileURLToPath(FOLDERS[version]);
}

/** Such as `6.49.0`. */
export function versionOf({ name }: Library, version: Version): string {
  const require = createRequire(new URL('package.json', FOLDERS[version]));
  const folders = require.resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      const manifest: unknown = require(`${folder}/${name}/package.json`);
      const { version: found } = manifest as { readonly version: string };
      return found;
    } catch {
      // In the next folder up.
    }
  }
  throw new Error(`Cannot find ${name}: expected it below ${folderOf(version)}`);
}

function usage(input: number, output: number, more: Readonly<Record<string, number>> = {}): object {
  return { input_tokens: input, output_tokens: output, total_tokens: input + output, ...more };
}

/** What the recordings say, read off them and not off our spans. */
function call(text: string, tokens: object, finishReason: string, model?: string): ExpectedCall {
  return {
    text,
    attributes: {
      'mlflow.chat.tokenUsage': tokens,
      'gen_ai.response.finish_reasons': [finishReason],
      ...(model === undefined ? {} : { 'mlflow.llm.model': model }),
    },
  };
}

export const LIBRARIES: readonly Library[] = [
  {
    name: 'openai',
    driver: 'openai',
    limits: ['Realtime, batches, files and background responses are not traced.'],
    provider: 'openai_compatible',
    plain: call('The weather in Paris is sunny.', usage(74, 8), 'stop', 'gpt-4o-2024-08-06'),
    stream: call('The capital of Mexico is Mexico City.', usage(14, 8), 'stop', 'gpt-4o-2024-08-06'),
    tools: ['get_weather'],
    streamedTools: ['get_country', 'get_product_name'],
    refusal: 429,
    more: {
      parse: {},
      helper: { 'mlflow.chat.tokenUsage': usage(14, 8) },
      responses: { 'mlflow.spanType': 'CHAT_MODEL', 'gen_ai.response.finish_reasons': ['completed'] },
      embeddings: { 'mlflow.spanType': 'EMBEDDING', 'gen_ai.embeddings.dimension.count': 1536 },
    },
  },
  {
    name: '@anthropic-ai/sdk',
    driver: 'anthropic',
    provider: 'anthropic',
    plain: call('I can see two files:', usage(131, 41), 'end_turn', 'claude-sonnet-4-20250514'),
    stream: call('foo', usage(12, 3), 'max_tokens', 'claude-3-5-haiku-20241022'),
    tools: ['country_source'],
    streamedTools: ['get_current_temperature'],
    refusal: 400,
    more: {
      helper: { 'mlflow.chat.tokenUsage': usage(12, 3) },
      beta: { 'mlflow.chat.tokenUsage': usage(131, 41) },
      toolRunner: { 'mlflow.chat.tokenUsage': usage(12, 3), 'clew.stream.items': 6 },
      cached: {
        'mlflow.chat.tokenUsage': usage(1532, 33, { cache_read_input_tokens: 1111, cache_creation_input_tokens: 418 }),
      },
    },
  },
  {
    name: '@google/genai',
    driver: 'genai',
    limits: [
      '`interactions` and `live` are not traced. Running out of time and being aborted look alike: the client throws the same error.',
    ],
    provider: 'gcp.gemini',
    plain: call('foo', usage(5, 21), 'STOP', 'gemini-2.5-flash'),
    stream: call('The capital of Canada is Ottawa.', usage(163, 13), 'STOP'),
    tools: ['get_current_weather'],
    streamedTools: ['get_capital'],
    refusal: 404,
    hidesTimeout: true,
    spans: { chat: 2 },
    more: {
      chat: { 'mlflow.chat.tokenUsage': usage(5, 21) },
      chatStream: { 'mlflow.chat.tokenUsage': usage(163, 13) },
      embeddings: { 'mlflow.spanType': 'EMBEDDING' },
    },
  },
  {
    name: '@aws-sdk/client-bedrock-runtime',
    driver: 'bedrock',
    limits: [
      'Bidirectional streams are not traced. An aborted stream and a lost connection look alike: the client throws the same error.',
    ],
    provider: 'aws.bedrock',
    plain: call('A bar chart displaying revenue data', usage(121, 20), 'end_turn'),
    stream: call('This is a test', usage(37, 8), 'end_turn'),
    tools: ['get_current_weather', 'get_current_weather'],
    streamedTools: ['get_temperature'],
    refusal: 400,
    hidesAbort: true,
    more: {
      callback: { 'mlflow.chat.tokenUsage': usage(121, 20) },
      callbackError: { 'http.response.status_code': 500 },
      aggregated: { 'mlflow.chat.tokenUsage': usage(121, 20) },
      invoke: { 'mlflow.message.format': 'anthropic' },
      invokeStream: { 'mlflow.spanType': 'CHAT_MODEL' },
    },
  },
  {
    name: '@mistralai/mistralai',
    driver: 'mistral',
    limits: ['Standalone functions (`@mistralai/mistralai/funcs/…`) and conversations are not traced.'],
    provider: 'mistral_ai',
    plain: call('Hello! How can I assist you today?', usage(14, 9), 'stop', 'open-mistral-nemo'),
    stream: call('France won', usage(24, 2), 'stop', 'mistral-small-latest'),
    tools: ['get_image'],
    streamedTools: ['get_weather'],
    refusal: 400,
    more: {
      reader: { 'mlflow.chat.tokenUsage': usage(24, 2) },
      tee: { 'mlflow.chat.tokenUsage': usage(24, 2) },
    },
  },
  {
    name: 'cohere-ai',
    driver: 'cohere',
    limits: ['In 7, clients made before `autolog()` are not traced: they bind their methods when they are made.'],
    provider: 'cohere',
    plain: call(
      'The weather in Paris is currently sunny and 22C.',
      usage(1533, 36, { cache_read_input_tokens: 1440 }),
      'COMPLETE',
    ),
    stream: call("Arrrr, matey! Shiver me timbers, here's a pirate-style joke", usage(69, 89), 'COMPLETE'),
    tools: ['get_weather'],
    streamedTools: ['get_time', 'get_weather'],
    refusal: 400,
    missesExisting: ['lowest'],
    more: {
      firstApi: { 'mlflow.chat.tokenUsage': usage(206, 3) },
      firstApiStream: { 'mlflow.chat.tokenUsage': usage(206, 3) },
      rerank: { 'mlflow.spanType': 'RERANKER' },
      embeddings: { 'mlflow.spanType': 'EMBEDDING', 'gen_ai.embeddings.dimension.count': 384 },
    },
  },
  {
    name: 'groq-sdk',
    driver: 'groq',
    provider: 'groq',
    plain: call("A joke about OpenTelemetry, here's one:", usage(18, 88), 'stop', 'llama3-8b-8192'),
    stream: call("Hello! It's nice to meet you.", usage(26, 41), 'stop', 'llama3-70b-8192'),
    tools: ['get_file'],
    streamedTools: ['final_result'],
    refusal: 400,
    more: { failingStream: { 'error.type': 'APIError' } },
  },
  {
    name: 'together-ai',
    driver: 'together',
    provider: 'together_ai',
    plain: call("Sure, here's a light-hearted joke for you:", usage(37, 53), 'eos', 'Qwen/Qwen2.5-72B-Instruct-Turbo'),
    stream: call("Sure, here's a light-hearted joke for you:", usage(37, 53), 'eos', 'Qwen/Qwen2.5-72B-Instruct-Turbo'),
    tools: ['get_current_weather'],
    streamedTools: ['get_current_weather', 'get_tomorrow_weather'],
    refusal: 400,
    more: { completions: { 'mlflow.spanType': 'LLM', 'mlflow.chat.tokenUsage': usage(10, 512) } },
  },
  {
    name: 'ollama',
    driver: 'ollama',
    provider: 'ollama',
    plain: call('A joke about OpenTelemetry!', usage(17, 66), 'stop', 'llama3'),
    stream: call("Here's one:", usage(17, 63), 'stop', 'llama3'),
    refusal: 404,
    hasResponseId: false,
    more: {
      generate: { 'mlflow.spanType': 'LLM', 'mlflow.chat.tokenUsage': usage(0, 38) },
      generateStream: { 'mlflow.spanType': 'LLM', 'mlflow.chat.tokenUsage': usage(0, 58) },
    },
  },
  {
    name: '@huggingface/inference',
    driver: 'huggingface',
    limits: [
      'Clients made before `autolog()` are not traced, nor, as an ES module, a library imported before it: call `autolog()` first, or use `--import @clew/sdk/register`. Chat, text generation and feature extraction are traced, other tasks not.',
    ],
    provider: 'huggingface',
    plain: call('<think>', usage(4, 100), 'length', 'deepseek-ai/DeepSeek-R1'),
    stream: call('Paris', usage(40, 2), 'stop', 'meta-llama/llama-3.1-8b-instruct'),
    tools: ['get_weather', 'final_result'],
    refusal: 400,
    missesExisting: ['lowest', 'highest'],
    missesLoaded: ['esm'],
    more: { standalone: { 'mlflow.chat.tokenUsage': usage(4, 100) } },
  },
];
