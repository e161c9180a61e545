/** The eight colour families of span types, and `none` for types we do not know. */
export const SPAN_FAMILIES = ['agent', 'flow', 'model', 'tool', 'retrieve', 'data', 'judge', 'parse', 'none'] as const;
export type SpanFamily = (typeof SPAN_FAMILIES)[number];

const FAMILY_OF: ReadonlyMap<string, SpanFamily> = new Map([
  ['AGENT', 'agent'],
  ['CHAIN', 'flow'],
  ['WORKFLOW', 'flow'],
  ['TASK', 'flow'],
  ['LLM', 'model'],
  ['CHAT_MODEL', 'model'],
  ['TOOL', 'tool'],
  ['FUNCTION', 'tool'],
  ['RETRIEVER', 'retrieve'],
  ['EMBEDDING', 'data'],
  ['MEMORY', 'data'],
  ['RERANKER', 'judge'],
  ['GUARDRAIL', 'judge'],
  ['EVALUATOR', 'judge'],
  ['PARSER', 'parse'],
]);

/** Types are free text; an unknown one belongs to no family. */
export function spanFamily(type: string): SpanFamily {
  return FAMILY_OF.get(type.toUpperCase()) ?? 'none';
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['LLM', 'LLM'],
  ['CHAT_MODEL', 'Chat model'],
  ['UNKNOWN', 'Span'],
]);

/** The type in words: `CHAT_MODEL` reads `Chat model`. A type we do not know reads as it came. */
export function spanTypeWord(type: string): string {
  const known = WORDS.get(type);
  if (known !== undefined) return known;
  if (!FAMILY_OF.has(type)) return type;
  return type.charAt(0) + type.slice(1).toLowerCase().replaceAll('_', ' ');
}
