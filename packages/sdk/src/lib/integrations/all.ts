import type { Integration } from '../integration.ts';
import { anthropic } from './anthropic.ts';
import { bedrock } from './bedrock.ts';
import { cohere } from './cohere.ts';
import { genai } from './genai.ts';
import { groq } from './groq.ts';
import { huggingface } from './huggingface.ts';
import { mistral } from './mistral.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';
import { together } from './together.ts';

/** What `autolog()` observes. */
export const INTEGRATIONS: readonly Integration[] = [
  openai,
  anthropic,
  genai,
  bedrock,
  mistral,
  cohere,
  groq,
  together,
  ollama,
  huggingface,
];
