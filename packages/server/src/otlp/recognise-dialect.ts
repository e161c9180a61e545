/** Which convention a span's attributes follow. Scope names help, but frameworks let users pass their own tracer. */
import type { Attributes, Span } from '@clew/core';
import { keysOf } from './attribute-keys.ts';

export type Dialect =
  | 'mlflow'
  | 'openinference'
  | 'langfuse'
  | 'langsmith'
  | 'mastra'
  | 'vercel-ai'
  | 'genkit'
  | 'codex'
  | 'agent-framework'
  | 'claude-code'
  | 'voltagent'
  | 'livekit'
  | 'google-adk'
  | 'strands'
  | 'pydantic-ai'
  | 'spring-ai'
  | 'litellm'
  | 'openllmetry'
  | 'any-agent'
  | 'laminar'
  | 'logfire'
  | 'monocle'
  | 'gen-ai'
  | 'mcp'
  | 'vector-db';

/** The convention a span follows first of all, and the one below MLflow's own attributes where those come first. */
export interface Recognised {
  /** Absent when the span follows none we know. */
  readonly dialect: Dialect | undefined;
  /** The same as `dialect` unless that is `mlflow`. */
  readonly foreign: Dialect | undefined;
}

export function recogniseDialect(span: Span): Recognised {
  const marks = findMarks(span.attributes);
  const foreign = RULES.find(({ matches }) => matches(span, marks))?.dialect;
  return { dialect: marks.has('mlflow') ? 'mlflow' : foreign, foreign };
}

type Mark =
  | 'mlflow'
  | 'openinference'
  | 'langfuse'
  | 'langsmith'
  | 'mastra'
  | 'aiOperation'
  | 'genkit'
  | 'codex'
  | 'spanType'
  | 'voltagent'
  | 'livekit'
  | 'adk'
  | 'springAi'
  | 'monocle'
  | 'laminar'
  | 'traceloop'
  | 'genAi'
  | 'mcp'
  | 'database'
  | 'vector';

interface Rule {
  readonly dialect: Dialect;
  readonly matches: (span: Span, marks: ReadonlySet<Mark>) => boolean;
}

/** In the order they are tried, after MLflow's own attributes. */
const RULES: readonly Rule[] = [
  { dialect: 'openinference', matches: (_, marks) => marks.has('openinference') },
  { dialect: 'langfuse', matches: ({ scope }, marks) => marks.has('langfuse') && !scope.name.startsWith('strands') },
  { dialect: 'langsmith', matches: (_, marks) => marks.has('langsmith') },
  { dialect: 'mastra', matches: (_, marks) => marks.has('mastra') },
  { dialect: 'vercel-ai', matches: (_, marks) => marks.has('aiOperation') },
  { dialect: 'genkit', matches: (_, marks) => marks.has('genkit') },
  { dialect: 'codex', matches: (span, marks) => marks.has('codex') || serviceName(span).startsWith('codex') },
  { dialect: 'agent-framework', matches: ({ scope }) => /^agent_framework$|Microsoft\.Agents/.test(scope.name) },
  { dialect: 'claude-code', matches: (span, marks) => marks.has('spanType') && isClaudeCode(span) },
  { dialect: 'voltagent', matches: ({ scope }, marks) => scope.name === '@voltagent/core' || marks.has('voltagent') },
  { dialect: 'livekit', matches: (_, marks) => marks.has('livekit') },
  { dialect: 'google-adk', matches: ({ scope }, marks) => scope.name === 'gcp.vertex.agent' || marks.has('adk') },
  { dialect: 'strands', matches: ({ scope }) => /^strands(?:-agents$|\.telemetry)/.test(scope.name) },
  { dialect: 'pydantic-ai', matches: ({ scope }) => scope.name === 'pydantic-ai' },
  { dialect: 'spring-ai', matches: (_, marks) => marks.has('springAi') },
  { dialect: 'litellm', matches: ({ scope, name }) => scope.name === 'litellm' || name === 'litellm_request' },
  { dialect: 'any-agent', matches: ({ scope }) => scope.name === 'any_agent' },
  { dialect: 'monocle', matches: (_, marks) => marks.has('monocle') },
  { dialect: 'laminar', matches: (_, marks) => marks.has('laminar') },
  { dialect: 'logfire', matches: ({ scope }) => /^logfire\.(?:openai|anthropic)$/.test(scope.name) },
  { dialect: 'openllmetry', matches: (_, marks) => marks.has('traceloop') },
  { dialect: 'gen-ai', matches: ({ events }, marks) => marks.has('genAi') || events.some(isGenAiEvent) },
  { dialect: 'mcp', matches: (_, marks) => marks.has('mcp') },
  {
    dialect: 'vector-db',
    matches: ({ events }, marks) =>
      marks.has('database') && (marks.has('vector') || events.some((event) => event.name === 'db.query.result')),
  },
];

const KEYS = new Map<string, Mark>([
  ['mlflow.spanType', 'mlflow'],
  ['mlflow.spanInputs', 'mlflow'],
  ['mlflow.spanOutputs', 'mlflow'],
  ['mlflow.traceRequestId', 'mlflow'],
  ['mlflow.chat.tokenUsage', 'mlflow'],
  ['openinference.span.kind', 'openinference'],
  ['langsmith.span.kind', 'langsmith'],
  ['mastra.span.type', 'mastra'],
  ['ai.operationId', 'aiOperation'],
  ['span.type', 'spanType'],
  ['voltagent.operation_id', 'voltagent'],
  ['spring.ai.kind', 'springAi'],
  ['monocle_apptrace.version', 'monocle'],
  ['lmnr.span.type', 'laminar'],
  ['traceloop.span.kind', 'traceloop'],
  ['llm.request.type', 'traceloop'],
  ['mcp.method.name', 'mcp'],
  ['db.system', 'database'],
]);

/** By the part before the first `.` or `:`. */
const PREFIXES = new Map<string, Mark>([
  ['genkit', 'genkit'],
  ['codex', 'codex'],
  ['lk', 'livekit'],
  ['gen_ai', 'genAi'],
]);

const LONG_PREFIXES: readonly (readonly [string, Mark])[] = [
  ['langfuse.observation.', 'langfuse'],
  ['gcp.vertex.agent.', 'adk'],
  ['db.vector.', 'vector'],
];

const INDEXED_MESSAGE = /^gen_ai\.(?:prompt|completion)\.\d+\./;

function findMarks(attributes: Attributes): ReadonlySet<Mark> {
  const marks = new Set<Mark>();
  for (const key of keysOf(attributes)) {
    const found = marksOf(key);
    if (found !== NO_MARKS) for (const mark of found) marks.add(mark);
  }
  return marks;
}

const NO_MARKS: readonly Mark[] = [];
/** Emitters repeat their few keys on every span; looking one up costs a tenth of looking at it. */
const REMEMBERED = new Map<string, readonly Mark[]>();
const MAX_REMEMBERED = 4096;

function marksOf(key: string): readonly Mark[] {
  const known = REMEMBERED.get(key);
  if (known !== undefined) return known;
  const marks = readMarks(key);
  // Keys made up by a stranger must not keep the usual ones out for ever.
  if (REMEMBERED.size >= MAX_REMEMBERED) REMEMBERED.clear();
  REMEMBERED.set(key, marks);
  return marks;
}

function readMarks(key: string): readonly Mark[] {
  const prefix = /^[^.:]+(?=[.:])/.exec(key)?.[0] ?? '';
  const marks = [
    KEYS.get(key),
    PREFIXES.get(prefix),
    INDEXED_MESSAGE.test(key) ? 'traceloop' : undefined,
    ...LONG_PREFIXES.map(([start, mark]) => (key.startsWith(start) ? mark : undefined)),
  ].filter((mark): mark is Mark => mark !== undefined);
  return marks.length === 0 ? NO_MARKS : marks;
}

function serviceName({ resource }: Span): string {
  const name = resource['service.name'];
  return typeof name === 'string' ? name : '';
}

function isClaudeCode({ name, scope }: Span): boolean {
  return name.startsWith('claude_code.') || /claude[_-]code/i.test(scope.name);
}

function isGenAiEvent(event: { readonly name: string }): boolean {
  return event.name.startsWith('gen_ai.');
}
