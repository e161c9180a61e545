/** Who answers behind a base URL: OpenAI's client talks to many. */

export interface Endpoint {
  /** The GenAI conventions' id where there is one. */
  readonly provider: string;
  readonly host: string;
}

const BY_HOST: readonly (readonly [suffix: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure.ai.openai'],
  ['services.ai.azure.com', 'azure.ai.inference'],
  ['api.groq.com', 'groq'],
  ['api.deepseek.com', 'deepseek'],
  ['openrouter.ai', 'openrouter'],
  ['api.together.xyz', 'together_ai'],
  ['api.fireworks.ai', 'fireworks_ai'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.x.ai', 'x_ai'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.voyageai.com', 'voyage'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['amazonaws.com', 'aws.bedrock'],
];

/** @param isAzure - The client is OpenAI's own Azure client, whatever the host. */
export function findEndpoint(baseUrl: string, isAzure: boolean): Endpoint {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : '';
  if (isAzure) return { provider: 'azure.ai.openai', host };
  const name = host.replace(/:\d+$/, '');
  const known = BY_HOST.find(([suffix]) => name === suffix || name.endsWith(`.${suffix}`));
  return { provider: known?.[1] ?? 'openai_compatible', host };
}
