/** Who serves a model: the well-known ids of OpenTelemetry, from the many words emitters use or the model's name. */

/** The AI SDK names a provider and the API it was reached by. */
const API_SUFFIX = /\.(?:chat|responses|completion|messages|embedding|generative-ai|image|speech|transcription)$/;

const CANONICAL = new Map([
  ['azure', 'azure.ai.openai'],
  ['azure_openai', 'azure.ai.openai'],
  ['azure-openai', 'azure.ai.openai'],
  ['az.ai.openai', 'azure.ai.openai'],
  ['azure_ai', 'azure.ai.inference'],
  ['az.ai.inference', 'azure.ai.inference'],
  ['aws', 'aws.bedrock'],
  ['bedrock', 'aws.bedrock'],
  ['bedrock_converse', 'aws.bedrock'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['aws_bedrock', 'aws.bedrock'],
  ['gemini', 'gcp.gemini'],
  ['google_genai', 'gcp.gemini'],
  ['google-gla', 'gcp.gemini'],
  ['google_ai_studio', 'gcp.gemini'],
  ['google.generative-ai', 'gcp.gemini'],
  ['vertex_ai', 'gcp.vertex_ai'],
  ['vertexai', 'gcp.vertex_ai'],
  ['google.vertex', 'gcp.vertex_ai'],
  ['google-vertex', 'gcp.vertex_ai'],
  ['google', 'gcp.gen_ai'],
  ['mistral', 'mistral_ai'],
  ['mistralai', 'mistral_ai'],
  ['xai', 'x_ai'],
  ['x-ai', 'x_ai'],
  ['watsonx', 'ibm.watsonx.ai'],
]);

/** These name a framework. */
const NOT_A_PROVIDER = new Set([
  'strands-agents',
  'gcp.vertex.agent',
  'langchain',
  'microsoft.agent_framework',
  'spring_ai',
  'crewai',
  'litellm',
  'semantic_kernel',
  '_other',
  'unknown',
]);

const BY_MODEL: readonly (readonly [RegExp, string])[] = [
  [/^(?:(?:us|eu|apac|global)\.)?(?:anthropic|amazon|meta|cohere|mistral|ai21|deepseek)\.[a-z]/, 'aws.bedrock'],
  [/^(?:gpt-|chatgpt-|o[1345](?:-|$)|text-embedding-)/, 'openai'],
  [/^claude/, 'anthropic'],
  [/^gemini/, 'gcp.gen_ai'],
  [/^(?:mistral|codestral|ministral|magistral)/, 'mistral_ai'],
  [/^grok/, 'x_ai'],
  [/^deepseek/, 'deepseek'],
  [/^command/, 'cohere'],
];

/**
 * The id of the provider an emitter names, or the one its model belongs to.
 *
 * @returns `undefined` when neither tells.
 */
export function canonicalProvider(word: string | undefined, model: string | undefined): string | undefined {
  return fromWord(word) ?? (model === undefined ? undefined : fromModel(model.toLowerCase()));
}

function fromWord(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const lower = word.trim().toLowerCase();
  const whole = CANONICAL.get(lower);
  if (whole !== undefined) return whole;
  const short = lower.replace(API_SUFFIX, '');
  return short === '' || NOT_A_PROVIDER.has(lower) ? undefined : (CANONICAL.get(short) ?? short);
}

function fromModel(model: string): string | undefined {
  const known = BY_MODEL.find(([pattern]) => pattern.test(model));
  if (known !== undefined) return known[1];
  const slash = model.indexOf('/');
  return slash > 0 ? fromWord(model.slice(0, slash)) : undefined;
}
