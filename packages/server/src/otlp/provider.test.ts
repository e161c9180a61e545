import { describe, expect, test } from 'vitest';
import { canonicalProvider } from './provider.ts';

describe('canonicalProvider()', () => {
  test.each([
    { why: 'a capitalised name', word: 'OpenAI', model: undefined, id: 'openai' },
    { why: 'an AI SDK name with its API', word: 'anthropic.messages', model: undefined, id: 'anthropic' },
    { why: 'an alias', word: 'google-vertex', model: undefined, id: 'gcp.vertex_ai' },
    { why: 'an alias with an API suffix', word: 'mistral.chat', model: undefined, id: 'mistral_ai' },
    { why: 'an alias that looks like it had one', word: 'google.generative-ai', model: undefined, id: 'gcp.gemini' },
    { why: 'an id with dots', word: 'azure.ai.openai', model: undefined, id: 'azure.ai.openai' },
    { why: 'a name we do not know', word: 'Ollama', model: undefined, id: 'ollama' },
    { why: 'a framework, and a model that tells', word: 'strands-agents', model: 'gpt-4o', id: 'openai' },
    { why: 'a framework, and a model that does not', word: 'langchain', model: 'my-model', id: undefined },
    { why: 'no word: Claude', word: undefined, model: 'claude-haiku-4-5', id: 'anthropic' },
    { why: 'no word: a reasoning model', word: undefined, model: 'o3-mini', id: 'openai' },
    {
      why: 'no word: Bedrock in a region',
      word: undefined,
      model: 'us.anthropic.claude-sonnet-4-5-v1:0',
      id: 'aws.bedrock',
    },
    { why: 'no word: vendor and model', word: undefined, model: 'mistral/mistral-small', id: 'mistral_ai' },
    { why: 'nothing', word: undefined, model: undefined, id: undefined },
    { why: 'empty text', word: '', model: '', id: undefined },
  ])('$why', ({ word, model, id }) => {
    expect(canonicalProvider(word, model)).toBe(id);
  });
});
