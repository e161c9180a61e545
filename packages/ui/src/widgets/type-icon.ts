import type { IconName } from './icons.ts';

const ICON_OF: ReadonlyMap<string, IconName> = new Map<string, IconName>([
  ['AGENT', 'bot'],
  ['CHAIN', 'link'],
  ['WORKFLOW', 'network'],
  ['TASK', 'squareCheck'],
  ['LLM', 'message'],
  ['CHAT_MODEL', 'message'],
  ['TOOL', 'wrench'],
  ['FUNCTION', 'wrench'],
  ['RETRIEVER', 'search'],
  ['EMBEDDING', 'grid'],
  ['MEMORY', 'database'],
  ['RERANKER', 'sort'],
  ['GUARDRAIL', 'shield'],
  ['EVALUATOR', 'clipboardCheck'],
  ['PARSER', 'braces'],
]);

/** The picture of a span type, so that colour is never the only sign. */
export function typeIcon(type: string): IconName {
  return ICON_OF.get(type.toUpperCase()) ?? 'activity';
}
